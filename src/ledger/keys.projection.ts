// One row per key: for lists. Authentication never reads it: it goes by the account's own state.
import type { Projection } from '../event-store/index.js';
import type { JsonObject } from '../kernel/index.js';
import { type AccountEvent, accountOfStream, readAccountEvent } from './account.events.js';

export interface KeyRow extends JsonObject {
  readonly keyId: string;
  readonly accountId: string;
  readonly last4: string;
  readonly status: 'active' | 'revoked';
  readonly issuedAt: string;
}

const ofKey = new Set<string>(['KeyIssued', 'KeyUpdated', 'KeyRevoked'] satisfies AccountEvent['type'][]);

export const keys: Projection<KeyRow> = {
  view: { name: 'keys-1', indexes: [['accountId', 'issuedAt']] },
  rowId: ({ type, stream, data }) =>
    ofKey.has(type) && accountOfStream(stream) !== undefined ? String(data['keyId']) : undefined,
  step(row, event) {
    const { type, data } = readAccountEvent(event);
    if (type === 'KeyIssued') {
      const { keyId, secretHash: _secretHash, last4, at, ...settings } = data;
      return {
        keyId,
        accountId: accountOfStream(event.stream) ?? '',
        last4,
        status: 'active',
        issuedAt: at,
        ...settings,
      };
    }
    if (row === undefined) throw new Error(`${type} of a key that was never issued`);
    const { keyId, accountId, last4, status, issuedAt } = row;
    if (type === 'KeyRevoked') return { ...row, status: 'revoked', revokedAt: data.at };
    if (type === 'KeyUpdated') {
      const { at: _at, keyId: _keyId, ...settings } = data;
      return { keyId, accountId, last4, status, issuedAt, ...settings };
    }
    throw new Error(`${type} is not about a key`);
  },
};
