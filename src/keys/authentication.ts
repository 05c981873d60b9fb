import { Injectable } from '@nestjs/common';
import { Clock, refuse, Rejection } from '../kernel/index.js';
import { Accounts, type AccountState, type Key, keyRefusal, type KeySettings } from '../ledger/index.js';
import { accountIn, faultOf, hashKey } from './api-key.js';
import { isAddressAllowed } from './key-settings.js';

/** The caller of a request. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  /** The first key in this key's chain of replacements. Limits are counted under it. */
  readonly rootId: string;
  readonly settings: KeySettings;
}

/**
 * Finds the caller by an API key. It uses the account's own state, so that no read model has to catch up. A refusal is
 * always based on the stored state, so that a key which another process issued or changed works at once. A key which
 * another process revoked is refused at once with `fresh`, and otherwise when the hold is placed.
 */
@Injectable()
export class Authentication {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /**
   * Who makes a request with a key, at once where this process knows it. Refused: `invalid_api_key`, `key_revoked`, `key_expired`, `account_suspended`, `account_closed`,
   * `ip_not_allowed`.
   */
  authenticate(
    token: string,
    address: string,
    { fresh = false } = {},
  ): Caller | Rejection | Promise<Caller | Rejection> {
    const accountId = accountIn(token);
    const hash = hashKey(token);
    const judge = (state: AccountState) => this.#judge(accountId, state, hash, address);
    const known = fresh ? undefined : this.accounts.known(accountId, judge);
    if (known !== undefined && !(known instanceof Rejection)) return known;
    const fault = faultOf(token);
    if (fault !== undefined)
      return refuse('unauthenticated', 'invalid_api_key', `The API key ${fault}. Copy it again, or issue a new one.`);
    return this.accounts.read(accountId, judge, { fresh: true });
  }

  #judge(accountId: string, state: AccountState, hash: string, address: string): Caller | Rejection {
    const key = findKey(state, hash);
    if (key === undefined)
      return refuse(
        'unauthenticated',
        'invalid_api_key',
        'There is no such API key. Copy it again, or issue a new one.',
      );
    const refusal = keyRefusal(state, key.id, this.clock.now());
    if (refusal !== undefined) return refusal;
    if (!isAddressAllowed(key.settings, address)) {
      return refuse(
        'forbidden',
        'ip_not_allowed',
        `This API key may not be used from ${address}: the list of addresses it is bound to does not have it.`,
      );
    }
    return { accountId, keyId: key.id, rootId: key.root, settings: key.settings };
  }
}

/** Finds a key by its hash. The time this takes reveals nothing: an attacker can't choose the SHA-256 hash that is compared. */
function findKey({ keys, index }: AccountState, hash: string): Key | undefined {
  return keys.get(index.keyByHash.get(hash) ?? '');
}
