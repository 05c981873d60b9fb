import { Command, Query } from '@nestjs/cqrs';
import type { Amount } from '../kernel/index.js';
import type { ByHand, Performance } from './account.commands.js';
import type { AccountState } from './account.state.js';

/** Opens an account and returns its id. With an id that was given before, it is the same account, opened once. */
export class OpenAccount extends Command<string> {
  constructor(readonly accountId?: string) {
    super();
  }
}

/** Grants bonus credit and returns the id of its lot. Refused: `account_not_found`, `invalid_amount`. */
export class GrantCredit extends Command<string> {
  constructor(
    readonly accountId: string,
    readonly amount: Amount,
    readonly reason: string,
    /** Epoch milliseconds; twelve months from now without it. */
    readonly expiresAt?: number,
  ) {
    super();
  }
}

/** Corrects a balance by hand. Refused: `account_not_found`, `invalid_amount`. */
export class AdjustBalance extends Command<void> {
  constructor(
    readonly accountId: string,
    /** Negative to take credit away. */
    readonly amount: Amount,
    readonly grounds: { readonly reason: string; readonly requestedBy: string; readonly approvedBy: string },
  ) {
    super();
  }
}

/** Charges a hold that was released. Refused: `hold_open` while its call is under way, `invalid_amount`. Once: a second time changes nothing. */
export class ChargeByHand extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly performance: Performance,
    readonly byHand: ByHand,
  ) {
    super();
  }
}

/** Lets no new holds through. Refused: `account_not_found`. */
export class SuspendAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly reason: string,
  ) {
    super();
  }
}

/** Ends a suspension. Refused: `account_not_found`. */
export class ReinstateAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly reason: string,
  ) {
    super();
  }
}

/** Stops all keys of an account for good; credit that is left stays until it expires. Refused: `account_not_found`, `refund_under_way`. */
export class CloseAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly reason: string,
  ) {
    super();
  }
}

/** The state of an account, as of an instant (epoch milliseconds) when one is given. Refused: `account_not_found`. */
export class GetAccount extends Query<AccountState> {
  constructor(
    readonly accountId: string,
    readonly asOf?: number,
  ) {
    super();
  }
}
