import { Injectable } from '@nestjs/common';
import { Clock, refuse, Rejection } from '../kernel/index.js';
import { Accounts, type AccountState, type Key, keyRefusal, type KeySettings } from '../ledger/index.js';
import { accountOfKey, hashKey } from './api-key.js';
import { isAddressAllowed } from './key-settings.js';

/** Who is calling. */
export interface Caller {
  readonly accountId: string;
  readonly keyId: string;
  /** The first of the keys that replaced each other until this one: what is counted for a key is counted under it. */
  readonly rootId: string;
  readonly settings: KeySettings;
}

/**
 * Tells who a key belongs to. Goes by the account's own state, so no read model has to catch up. A refusal always rests on the newest
 * state, so that what another process issued or changed works at once. What another process revoked shows at once where `fresh` is
 * asked for, and in any case when the hold is placed.
 */
@Injectable()
export class Authentication {
  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
  ) {}

  /** Refuses with `missing_api_key`, `invalid_api_key`, `key_revoked`, `key_expired`, `account_suspended`, `account_closed` or `ip_not_allowed`. */
  async authenticate(
    authorization: string | undefined,
    address: string,
    { fresh = false } = {},
  ): Promise<Caller | Rejection> {
    const token = bearerToken(authorization);
    if (token instanceof Rejection) return token;
    const form = accountOfKey(token);
    if ('fault' in form)
      return refuse(
        'unauthenticated',
        'invalid_api_key',
        `The API key ${form.fault}. Copy it again, or issue a new one.`,
      );
    const { accountId } = form;
    const hash = hashKey(token);
    const judge = (state: AccountState) => this.#judge(accountId, state, hash, address);
    if (!fresh) {
      const known = await this.accounts.read(accountId, judge);
      if (!(known instanceof Rejection)) return known;
    }
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

function bearerToken(authorization: string | undefined): string | Rejection {
  if (authorization === undefined || authorization.trim() === '') {
    return refuse(
      'unauthenticated',
      'missing_api_key',
      'No API key was sent. Send it as "Authorization: Bearer sk-th_…".',
    );
  }
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  return (
    token ??
    refuse(
      'unauthenticated',
      'invalid_api_key',
      'The Authorization header is malformed. It must read "Bearer sk-th_…".',
    )
  );
}

/** By its hash. How long a search for it takes tells nothing of the key: what is compared is SHA-256 of it, which nobody can steer. */
function findKey({ keys, index }: AccountState, hash: string): Key | undefined {
  return keys.get(index.keyByHash.get(hash) ?? '');
}
