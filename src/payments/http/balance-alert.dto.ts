// What /api takes and answers about low-balance mails.
import { Shown, ShownAlways, ShownOrNull, ShownUsd } from '../../platform/http/index.js';
import { DollarsField } from './topups.dto.js';

export class SetBalanceAlert {
  @DollarsField('send a mail when the balance is less than this')
  readonly threshold!: string;
}

export class BalanceAlert {
  @ShownAlways('balance_alert')
  readonly object!: 'balance_alert';

  @Shown()
  readonly enabled!: boolean;

  @ShownOrNull('a mail is sent when the balance is less than this (USD)')
  readonly threshold!: string | null;

  @ShownUsd('the balance now, with what is held')
  readonly balance!: string;

  @ShownOrNull('when the last mail was due')
  readonly told_at!: string | null;

  @Shown('whether the next mail waits until the balance has been at the threshold again')
  readonly told!: boolean;
}
