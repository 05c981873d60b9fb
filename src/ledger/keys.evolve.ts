// How the events of keys change an account.
import { fromInstant, ZERO } from '../kernel/index.js';
import { type AccountEventData, settingsIn } from './account.events.js';
import type { Key } from './account.entities.js';
import type { AccountState } from './account.state.js';
import { noSpend, periodIndex } from './budgets.js';
import { KEYS_KNOWN_MS, settingsText } from './keys.js';
import { noteReference } from './references.js';

export function keyOf(state: AccountState, keyId: string): Key {
  const key = state.keys.get(keyId);
  if (key === undefined) throw new Error(`impossible history: key ${keyId} was never issued`);
  return key;
}

export function issueKey(state: AccountState, data: AccountEventData<'KeyIssued'>, issuedAt: number): void {
  const { keyId: id, secretHash, last4, replaces, reference } = data;
  if (state.keys.has(id)) throw new Error(`impossible history: key ${id} was already issued`);
  const replaced = replaces === undefined ? undefined : keyOf(state, replaces);
  if (replaced?.replacedBy !== undefined) throw new Error(`impossible history: key ${replaced.id} is replaced twice`);
  if (replaced !== undefined) replaced.replacedBy = id;
  const place = { replaces, root: replaced?.root ?? id, replacedBy: undefined };
  const unused = { revokedAt: undefined, held: ZERO, spend: noSpend };
  const key: Key = { id, secretHash, last4, issuedAt, ...place, ...settingsOf(data), ...unused };
  state.keys.set(id, key);
  state.index.keyByHash.set(secretHash, id);
  state.index.activeKeys++;
  const day = periodIndex('daily', issuedAt);
  state.issued = { day, count: day === state.issued.day ? state.issued.count + 1 : 1 };
  noteReference(state, reference, { type: 'KeyIssued', id, facts: { settings: settingsText(key.settings) } });
  forgetEndedKeys(state, issuedAt);
}

export const changeKey = (key: Key, data: AccountEventData<'KeyUpdated'>): void => {
  Object.assign(key, settingsOf(data));
};

export function endKey(state: AccountState, key: Key, at: number): void {
  if (key.revokedAt === undefined) state.index.activeKeys--;
  key.revokedAt = at;
  if (key.replacedBy === undefined) state.endedKeys.set(key.root, at);
}

function settingsOf(data: AccountEventData<'KeyUpdated'>): Pick<Key, 'settings' | 'expiresAt'> {
  const settings = settingsIn(data);
  return { settings, expiresAt: settings.expiresAt === undefined ? undefined : fromInstant(settings.expiresAt) };
}

/** A chain of replaced keys shares its spend, so it is forgotten as a whole: long after its last key ended, once nothing is held. */
function forgetEndedKeys(state: AccountState, now: number): void {
  for (const [root, endedAt] of state.endedKeys) {
    if (endedAt + KEYS_KNOWN_MS > now || state.index.holdsByRoot.has(root)) return;
    const keys = lineFrom(state, root);
    const newest = keys.at(-1)?.issuedAt ?? 0;
    if (newest > now) return; // written by a clock that was ahead
    state.endedKeys.delete(root);
    state.keysForgotten = Math.max(state.keysForgotten, newest);
    for (const { id, secretHash } of keys) {
      state.keys.delete(id);
      if (state.index.keyByHash.get(secretHash) === id) state.index.keyByHash.delete(secretHash);
    }
  }
}

/** A key and its replacements, in order. */
function lineFrom(state: AccountState, first: string): Key[] {
  const line: Key[] = [];
  for (let id: string | undefined = first; id !== undefined; id = line.at(-1)?.replacedBy) line.push(keyOf(state, id));
  return line;
}
