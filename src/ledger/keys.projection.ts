// One row per key, for lists. Authentication never reads it: it uses the account's own state.
import type { Projection } from '../event-store/index.js';
import type { JsonObject } from '../kernel/index.js';
import { type AccountEvent, accountOfStream, readAccountEvent, settingsIn } from './account.events.js';

export interface KeyRow extends JsonObject {
  readonly keyId: string;
  readonly accountId: string;
  /** What the owner calls it; its other settings stand beside it. */
  readonly name: string;
  readonly last4: string;
  readonly status: 'active' | 'revoked';
  readonly issuedAt: string;
  /** The key it replaced. */
  readonly replaces?: string;
}

const ofKey = new Set<string>(['KeyIssued', 'KeyUpdated', 'KeyRevoked'] satisfies AccountEvent['type'][]);

export const keys: Projection<KeyRow> = {
  view: { name: 'keys-2', indexes: [['accountId', 'issuedAt'], ['last4']] },
  rowId: ({ type, stream, data }) =>
    ofKey.has(type) && accountOfStream(stream) !== undefined ? String(data['keyId']) : undefined,
  step(row, event) {
    const { type, data } = readAccountEvent(event);
    if (type === 'KeyIssued') {
      const { keyId, last4, replaces, at } = data;
      const accountId = accountOfStream(event.stream) ?? '';
      const place = replaces === undefined ? {} : { replaces };
      return { keyId, accountId, last4, status: 'active', issuedAt: at, ...place, ...settingsIn(data) };
    }
    if (row === undefined) throw new Error(`${type} of a key that was never issued`);
    const { keyId, accountId, last4, status, issuedAt, replaces } = row;
    if (type === 'KeyRevoked') return { ...row, status: 'revoked', revokedAt: data.at };
    const place = replaces === undefined ? {} : { replaces };
    if (type === 'KeyUpdated') return { keyId, accountId, last4, status, issuedAt, ...place, ...settingsIn(data) };
    throw new Error(`${type} is not about a key`);
  },
};
