// What people decide about keys (docs/adr/0005-commands-people-give.md).
import { Command, Query } from '@nestjs/cqrs';
import type { Given, Key, KeyChange, KeySettings } from '../ledger/index.js';

export interface IssuedKey {
  readonly keyId: string;
  /** The whole key, which is never shown again. */
  readonly key: string;
  readonly last4: string;
}

/** The staff member who decides, and why; empty when the owner does. */
type StaffAct = Given<'RevokeKey', 'keyId'>;

/**
 * Issues a key. Refused: `account_not_found`, `too_many_keys`, `too_many_new_keys`, `invalid_settings`,
 * `key_issued_before`, `reference_taken`.
 */
export class IssueKey extends Command<IssuedKey> {
  constructor(
    readonly accountId: string,
    readonly settings: KeySettings,
    readonly act: Given<'IssueKey', 'keyId' | 'settings' | 'secretHash' | 'last4'> = {},
  ) {
    super();
  }
}

/**
 * Replaces a key that was lost. The new key has its settings and what it has spent; the old one stops working.
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

/** Replaces all settings of a key, or changes some of them. Refused: `key_not_found`, `key_revoked`, `invalid_settings`. */
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

/**
 * The keys of an account, newest last. Each key that replaced another has the spend and the holds of the whole chain.
 * Refused: `account_not_found`.
 */
export class ListKeys extends Query<readonly Readonly<Key>[]> {
  constructor(readonly accountId: string) {
    super();
  }
}
