import { Command, Query } from '@nestjs/cqrs';
import type { Key, KeySettings } from '../ledger/index.js';

export interface IssuedKey {
  readonly keyId: string;
  /** The full value, shown this once. */
  readonly key: string;
  readonly last4: string;
}

/** Issues a key. Refused: `account_not_found`, `too_many_keys`, `invalid_settings`. */
export class IssueKey extends Command<IssuedKey> {
  constructor(
    readonly accountId: string,
    readonly settings: KeySettings,
  ) {
    super();
  }
}

/** Revokes a key for good. Refused: `key_not_found`. */
export class RevokeKey extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly keyId: string,
  ) {
    super();
  }
}

/** Replaces the settings of a key. Refused: `key_not_found`, `key_revoked`, `invalid_settings`. */
export class UpdateKey extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly keyId: string,
    readonly settings: KeySettings,
  ) {
    super();
  }
}

/** The keys of an account, newest last. Refused: `account_not_found`. */
export class ListKeys extends Query<readonly Readonly<Key>[]> {
  constructor(readonly accountId: string) {
    super();
  }
}
