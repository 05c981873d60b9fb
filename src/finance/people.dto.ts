// What /api answers finance about people and accounts.
import { Shown, ShownAlways, ShownInstant, ShownOrNull, ShownUsd } from '../platform/http/index.js';

export class FinancePerson {
  @ShownAlways('person')
  readonly object!: 'person';

  @Shown('a user id')
  readonly id!: string;

  @ShownOrNull('null when they are gone')
  readonly email!: string | null;

  @ShownOrNull()
  readonly account_id!: string | null;
}

export class FinanceAccount {
  @ShownAlways('account')
  readonly object!: 'account';

  @Shown()
  readonly id!: string;

  @ShownOrNull('of its owner; null when they are gone')
  readonly email!: string | null;

  @ShownOrNull('whom its invoices are made out to')
  readonly billing_name!: string | null;

  @ShownUsd('credit less debt')
  readonly balance!: string;

  @ShownUsd('what calls under way have set aside')
  readonly held!: string;

  @ShownUsd('what it can spend now')
  readonly available!: string;

  @Shown()
  readonly suspended!: boolean;

  @Shown()
  readonly closed!: boolean;

  @ShownInstant('when something last happened on it')
  readonly last_event_at!: string;
}
