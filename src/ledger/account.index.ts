// Indexes over the state of an account, so that a call searches nothing. They are derived from the state and in no snapshot.
import { type Dispute, freezes, type Hold, type Key } from './account.entities.js';

export interface AccountIndex {
  /** The id of each key, by the hash of its secret. */
  readonly keyByHash: Map<string, string>;
  /** How many keys are not revoked. */
  activeKeys: number;
  /** The open holds of each chain of replaced keys that has any, by its first key. */
  readonly holdsByRoot: Map<string, Set<string>>;
  /** The disputes that freeze credit. */
  readonly freezing: Set<string>;
}

export const noIndex = (): AccountIndex => ({
  keyByHash: new Map(),
  activeKeys: 0,
  holdsByRoot: new Map(),
  freezing: new Set(),
});

/** The part of the state that is indexed. */
interface Indexed {
  readonly keys: ReadonlyMap<string, Key>;
  readonly holds: ReadonlyMap<string, Hold>;
  readonly disputes: ReadonlyMap<string, Dispute>;
}

/** Rebuilds the index of a state. */
export function indexOf(state: Indexed): AccountIndex {
  const index = noIndex();
  for (const key of state.keys.values()) {
    index.keyByHash.set(key.secretHash, key.id);
    if (key.revokedAt === undefined) index.activeKeys++;
  }
  for (const { chargeId, keyId } of state.holds.values()) {
    const key = state.keys.get(keyId);
    if (key !== undefined) indexHold(index, key, chargeId);
  }
  for (const dispute of state.disputes.values()) if (freezes(dispute)) index.freezing.add(dispute.id);
  return index;
}

export const copyOfIndex = ({ keyByHash, activeKeys, holdsByRoot, freezing }: AccountIndex): AccountIndex => ({
  keyByHash: new Map(keyByHash),
  activeKeys,
  holdsByRoot: new Map([...holdsByRoot].map(([root, holds]) => [root, new Set(holds)])),
  freezing: new Set(freezing),
});

export function indexHold({ holdsByRoot }: AccountIndex, { root }: Key, chargeId: string): void {
  const holds = holdsByRoot.get(root);
  if (holds === undefined) holdsByRoot.set(root, new Set([chargeId]));
  else holds.add(chargeId);
}

export function unindexHold({ holdsByRoot }: AccountIndex, { root }: Key, chargeId: string): void {
  const holds = holdsByRoot.get(root);
  holds?.delete(chargeId);
  if (holds?.size === 0) holdsByRoot.delete(root);
}
