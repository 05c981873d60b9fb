// What people decide about accounts (docs/adr/0005-commands-people-give.md).
import { Command, Query } from '@nestjs/cqrs';
import type { Amount } from '../kernel/index.js';
import type { ByHand, Performance } from './account.commands.js';
import type { AccountState } from './account.state.js';

/** Who of the staff decides, and what makes it unique on the account. */
interface ByStaff {
  /** A user id. */
  readonly by?: string | undefined;
}

interface Unique {
  readonly reference?: string | undefined;
}

interface Approval {
  readonly approvedBy?: string | undefined;
  /** The most that one person may decide within a day; without it, there is no limit. */
  readonly alone?: Amount | undefined;
}

/**
 * Opens an account and returns its id. With an id or a reference that was given before, it is the same account, opened once.
 * Refused: `invalid_amount`, `second_person_needed`, `reference_taken`.
 */
export class OpenAccount extends Command<string> {
  constructor(
    readonly accountId?: string,
    readonly opening: ByStaff & Unique & { readonly credit?: { amount: Amount; reason: string } & Approval } = {},
  ) {
    super();
  }
}

/**
 * Grants bonus credit and returns the id of its lot: of the one that its reference made before, if it did.
 * Refused: `account_not_found`, `invalid_amount`, `second_person_needed`, `reference_taken`.
 */
export class GrantCredit extends Command<string> {
  constructor(
    readonly accountId: string,
    readonly amount: Amount,
    readonly reason: string,
    readonly terms: ByStaff &
      Unique &
      Approval & {
        /** Epoch milliseconds; twelve months from now without it. */
        readonly expiresAt?: number | undefined;
      } = {},
  ) {
    super();
  }
}

/** Corrects a balance by hand and returns the id of the adjustment. Refused: `account_not_found`, `invalid_amount`, `second_person_needed`, `reference_taken`. */
export class AdjustBalance extends Command<string> {
  constructor(
    readonly accountId: string,
    /** Negative to take credit away. */
    readonly amount: Amount,
    readonly grounds: Unique &
      Approval & { readonly reason: string; readonly requestedBy: string; readonly approvedBy: string },
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
    readonly by?: string,
  ) {
    super();
  }
}

/** Ends a suspension. Refused: `account_not_found`. */
export class ReinstateAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly reason: string,
    readonly by?: string,
  ) {
    super();
  }
}

/** Stops all keys of an account for good; credit that is left stays until it expires. Refused: `account_not_found`, `refund_under_way`. */
export class CloseAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly reason: string,
    readonly by?: string,
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
