// What people decide about accounts (docs/adr/0005-commands-people-give.md).
import { Command, Query } from '@nestjs/cqrs';
import type { Given } from './account.commands.js';
import type { AccountState } from './account.state.js';

/** A grant of bonus credit. */
type Grant = Given<'GrantCredit', 'lotId' | 'expiresAt' | 'expiryGiven'>;

/**
 * Opens an account and returns its id. With an id or a reference that was given before, returns the account that was
 * opened then. Refused: `invalid_amount`, `second_person_needed`, `reference_taken`.
 */
export class OpenAccount extends Command<string> {
  constructor(
    readonly accountId?: string,
    readonly opening: Given<'OpenAccount', 'accountId' | 'credit'> & {
      readonly credit?: Omit<Grant, 'by' | 'reference'>;
    } = {},
  ) {
    super();
  }
}

/**
 * Grants bonus credit and returns the id of its lot. With a reference that was given before, returns the lot that was
 * granted then. Refused: `account_not_found`, `invalid_amount`, `second_person_needed`, `reference_taken`.
 */
export class GrantCredit extends Command<string> {
  constructor(
    readonly accountId: string,
    readonly grant: Grant & {
      /** Epoch milliseconds. Absent: twelve months from now. */
      readonly expiresAt?: number | undefined;
    },
  ) {
    super();
  }
}

/**
 * Corrects a balance by hand and returns the id of the adjustment. With a reference that was given before, returns the
 * adjustment that was made then. Refused: `account_not_found`, `invalid_amount`, `invalid_service_date`,
 * `second_person_needed`, `reference_taken`.
 */
export class AdjustBalance extends Command<string> {
  constructor(
    readonly accountId: string,
    readonly adjustment: Given<'AdjustBalance', 'adjustmentId' | 'expiresAt'>,
  ) {
    super();
  }
}

/** Refuses new holds until the account is reinstated. Refused: `account_not_found`. */
export class SuspendAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly suspension: Given<'SuspendAccount'>,
  ) {
    super();
  }
}

/** Ends a suspension. Refused: `account_not_found`. */
export class ReinstateAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly reinstatement: Given<'ReinstateAccount'>,
  ) {
    super();
  }
}

/**
 * Stops all keys of an account for good. Remaining credit stays until it expires.
 * Refused: `account_not_found`, `refund_under_way`, `credit_left`.
 */
export class CloseAccount extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly closing: Given<'CloseAccount'>,
  ) {
    super();
  }
}

/** A prefix of the log: up to an instant in epoch milliseconds, or up to a position, which belongs to it. */
export type AsOf = { readonly instant: number } | { readonly position: number };

/** A copy of the state of an account, as of an instant or a position of the log if one is given. Refused: `account_not_found`. */
export class GetAccount extends Query<AccountState> {
  constructor(
    readonly accountId: string,
    readonly asOf?: AsOf,
  ) {
    super();
  }
}
