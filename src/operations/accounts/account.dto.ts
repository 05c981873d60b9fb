import { ApiExtraModels } from '#openapi';
import { hasSecondFactor, isVerified, type Person } from '../../identity/index.js';
import { type BalanceRow, KEY_STATUSES, type KeyStatus } from '../../ledger/index.js';
import {
  EnumField,
  ListQuery,
  ReasonField,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
  ShownUsd,
  TextField,
} from '../../platform/http/index.js';
import { FOUND_BY, type FoundBy } from './account-search.js';

const ACCOUNT_STATES = ['active', 'suspended', 'closed'] as const;
type AccountStateName = (typeof ACCOUNT_STATES)[number];

export class AccountsQuery extends ListQuery {
  @TextField('an e-mail address, an id, the first 28 or the last four characters of a key', {
    min: 1,
    max: 255,
    optional: true,
  })
  readonly search?: string;

  @EnumField('only those in this state', ['suspended', 'closed'], { optional: true })
  readonly state?: 'suspended' | 'closed';
}

const stateOf = ({ suspended, closed }: Pick<BalanceRow, 'suspended' | 'closed'>): AccountStateName =>
  closed ? 'closed' : suspended ? 'suspended' : 'active';

export class DecideAccount {
  @ReasonField()
  readonly reason!: string;
}

class LotAsOf {
  @Shown()
  readonly id!: string;

  @ShownEnum(['paid', 'bonus'])
  readonly kind!: string;

  @ShownUsd('what it was')
  readonly amount!: string;

  @ShownUsd('what was left of it')
  readonly remaining!: string;

  @ShownInstant('when it was bought or given')
  readonly created_at!: string;

  @ShownInstant('when it expires')
  readonly expires_at!: string;
}

class HoldAsOf {
  @Shown()
  readonly charge_id!: string;

  @Shown()
  readonly key_id!: string;

  @Shown()
  readonly model!: string;

  @ShownUsd('what it set aside')
  readonly amount!: string;

  @ShownInstant('when it was placed')
  readonly placed_at!: string;

  @ShownInstant('when it expires')
  readonly expires_at!: string;
}

export class KeyAsOf {
  @Shown()
  readonly id!: string;

  @Shown()
  readonly name!: string;

  @Shown('the last characters of it')
  readonly last4!: string;

  @ShownUsd('what was spent with it')
  readonly spent!: string;

  @ShownEnum(KEY_STATUSES)
  readonly status!: KeyStatus;

  @Shown('whether it was revoked')
  readonly revoked!: boolean;

  @ShownInstant('when it was issued')
  readonly issued_at!: string;

  @ShownOrNull('when it stops working (ISO 8601); null: never')
  readonly expires_at!: string | null;
}

class AccountOwner {
  @Shown()
  readonly user_id!: string;

  @Shown('their e-mail address')
  readonly email!: string;

  @Shown('whether they have shown that the address is theirs')
  readonly verified!: boolean;

  @Shown('whether they log in with a second factor')
  readonly second_factor!: boolean;

  @ShownInstant('when they registered')
  readonly registered_at!: string;
}

class AccountSuspension {
  @ShownOrNull('the user who decided it; null where nobody was named')
  readonly by!: string | null;

  @Shown('why; the customer is not told')
  readonly reason!: string;

  @ShownInstant('when')
  readonly at!: string;
}

export const showOwner = ({ userId, user }: Person): AccountOwner => ({
  user_id: userId,
  email: user.email,
  verified: isVerified(user),
  second_factor: hasSecondFactor(user),
  registered_at: user.registeredAt,
});

/** An account in a list. */
export class AccountSummary {
  @ShownAlways('account_summary')
  readonly object!: 'account_summary';

  @Shown()
  readonly id!: string;

  @ShownOrNull('the address of its person; null where there is none')
  readonly email!: string | null;

  @ShownEnum(ACCOUNT_STATES)
  readonly state!: AccountStateName;

  @ShownUsd('all credit less debt')
  readonly balance!: string;

  @ShownUsd('set aside for calls under way')
  readonly held!: string;

  @ShownUsd('what its calls have cost')
  readonly spent!: string;

  @ShownInteger('how many calls were charged')
  readonly charges!: number;

  @ShownInstant('when it was opened')
  readonly opened_at!: string;

  @ShownOrNull('when its newest call came (ISO 8601); null before the first')
  readonly last_call_at!: string | null;

  @ShownEnum(FOUND_BY, 'what of it the searched text is; null without a search', { nullable: true })
  readonly found_by!: FoundBy | null;
}

export const showSummary = (
  row: BalanceRow,
  known: {
    readonly owner: Person | undefined;
    readonly lastCallAt: string | undefined;
    readonly by: FoundBy | undefined;
  },
): AccountSummary => ({
  object: 'account_summary',
  id: row.accountId,
  email: known.owner?.user.email ?? null,
  state: stateOf(row),
  balance: row.posted,
  held: row.held,
  spent: row.spent,
  charges: row.charges,
  opened_at: row.openedAt,
  last_call_at: known.lastCallAt ?? null,
  found_by: known.by ?? null,
});

@ApiExtraModels(AccountOwner, AccountSuspension)
export class AccountAsOf {
  @ShownAlways('account')
  readonly object!: 'account';

  @Shown()
  readonly id!: string;

  @ShownInstant('what is shown is as of this instant')
  readonly as_of!: string;

  @ShownObjectOrNull(AccountOwner, 'the person it belongs to now; null where there is none')
  readonly owner!: AccountOwner | null;

  @ShownUsd('all credit less debt')
  readonly balance!: string;

  @ShownUsd('set aside for calls under way')
  readonly held!: string;

  @ShownUsd('what new calls could spend')
  readonly available!: string;

  @ShownUsd('what was spent beyond all credit')
  readonly debt!: string;

  @Shown('a payment is disputed: no new calls until that is over')
  readonly frozen!: boolean;

  @Shown()
  readonly suspended!: boolean;

  @ShownObjectOrNull(AccountSuspension, 'who suspended it, and why; null where it is not, and of the past')
  readonly suspension!: AccountSuspension | null;

  @Shown()
  readonly closed!: boolean;

  @ShownInstant('when it was opened')
  readonly opened_at!: string;

  @ShownInstant('when its newest event happened')
  readonly last_event_at!: string;

  @ShownOrNull('when its newest call came (ISO 8601); null before the first, and of the past')
  readonly last_call_at!: string | null;

  @ShownObject(LotAsOf, undefined, { isArray: true })
  readonly lots!: readonly LotAsOf[];

  @ShownObject(HoldAsOf, undefined, { isArray: true })
  readonly holds!: readonly HoldAsOf[];

  @ShownObject(KeyAsOf, undefined, { isArray: true })
  readonly keys!: readonly KeyAsOf[];
}
