import { Command, Query } from '@nestjs/cqrs';
import type { Key, KeyChange, KeySettings } from '../ledger/index.js';

export interface IssuedKey {
  readonly keyId: string;
  /** The full value, shown this once. */
  readonly key: string;
  readonly last4: string;
}

/** Who of the staff does it, and why; nothing where the owner does. */
export interface StaffAct {
  /** A user id. */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
}

/** Issues a key. Refused: `account_not_found`, `too_many_keys`, `too_many_new_keys`, `invalid_settings`, `key_issued_before`, `reference_taken`. */
export class IssueKey extends Command<IssuedKey> {
  constructor(
    readonly accountId: string,
    readonly settings: KeySettings,
    readonly act: StaffAct & {
      /** Makes it unique on the account: issued once, however often it is asked for. */
      readonly reference?: string | undefined;
    } = {},
  ) {
    super();
  }
}

/**
 * Puts a new key in the place of one that was lost: with its settings and what it has spent, while the old one stops.
 * Refused: `key_not_found`, `key_replaced`, `key_stopped`, `too_many_new_keys`, `account_closed`.
 */
export class ReissueKey extends Command<IssuedKey> {
  constructor(
    readonly accountId: string,
    readonly keyId: string,
    readonly act: StaffAct = {},
  ) {
    super();
  }
}

/** Revokes a key for good. Refused: `key_not_found`. */
export class RevokeKey extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly keyId: string,
    readonly act: StaffAct = {},
  ) {
    super();
  }
}

/** Replaces the settings of a key, or changes some of them; then the others stay. Refused: `key_not_found`, `key_revoked`, `invalid_settings`. */
export class UpdateKey extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly keyId: string,
    readonly update: { readonly settings: KeySettings } | { readonly change: KeyChange },
    readonly act: StaffAct = {},
  ) {
    super();
  }
}

/** The keys of an account, newest last; of those that replaced each other, each has what all of them spent and hold. Refused: `account_not_found`. */
export class ListKeys extends Query<readonly Readonly<Key>[]> {
  constructor(readonly accountId: string) {
    super();
  }
}
