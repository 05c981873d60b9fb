// The keys of an account, as the model has them.
import { isDeepStrictEqual } from 'node:util';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import type { KeyChange, KeySettings } from '../../../src/ledger/account.events.js';
import type { AccountModel } from './account-model.js';
import { DAY } from './model-shapes.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

export interface ModelKey {
  settings: KeySettings;
  revoked: boolean;
  readonly issuedAt: number;
  readonly replaces?: string;
}

/** The first of the keys that replaced each other until this one. */
export function firstOf(keys: ReadonlyMap<string, ModelKey>, keyId: string): string {
  const replaces = keys.get(keyId)?.replaces;
  return replaces === undefined ? keyId : firstOf(keys, replaces);
}

function merged(before: KeySettings, change: KeyChange): KeySettings {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete after[name];
    else after[name] = value;
  }
  return after as KeySettings;
}

/** Whether two keys have replaced each other, with or without others in between. */
export const isLine = (keys: ReadonlyMap<string, ModelKey>, one: string, other: string): boolean =>
  firstOf(keys, one) === firstOf(keys, other);

/** Whether it changes anything. */
export function reissueModelKey(keys: Map<string, ModelKey>, command: Command<'ReissueKey'>, at: number): boolean {
  const { keyId, replaces } = command;
  const key = keys.get(replaces);
  if (keys.has(keyId) || key === undefined || key.revoked) return false;
  if (key.settings.expiresAt !== undefined && Date.parse(key.settings.expiresAt) <= at) return false;
  keys.set(keyId, { settings: key.settings, revoked: false, replaces, issuedAt: at });
  return (key.revoked = true);
}

/** Whether it changes anything. */
export function changeModelKey(
  keys: ReadonlyMap<string, ModelKey>,
  command: Command<'UpdateKey' | 'RevokeKey'>,
): boolean {
  const key = keys.get(command.keyId);
  if (key === undefined || key.revoked) return false;
  if (command.type === 'RevokeKey') return (key.revoked = true);
  const settings = 'change' in command ? merged(key.settings, command.change) : command.settings;
  if (isDeepStrictEqual(key.settings, settings)) return false;
  key.settings = settings;
  return true;
}

/** Whether an account that has executed these commands had a key of this id, and has forgotten it. Ids are random: it is never another key's. */
export const isForgotten = (
  id: string,
  { model, executed }: { readonly model: AccountModel; readonly executed: readonly AccountCommand[] },
): boolean =>
  !model.keys.has(id) &&
  executed.some((command) => (command.type === 'IssueKey' || command.type === 'ReissueKey') && command.keyId === id);

/** Lines of keys of which none is live, by their first, in the order they ended. */
export class EndedKeys {
  readonly lines: { readonly root: string; at: number }[] = [];
  /** When the newest of those that are forgotten was issued. */
  forgotten = 0;

  /** Those that ended 90 days ago are forgotten when one is issued: in order, as far as none of them holds anything. */
  forget({ keys, calls, charges }: AccountModel, at: number): void {
    for (let first = this.lines[0]; first !== undefined; first = this.lines[0]) {
      const { root } = first;
      const line = [...keys].filter(([id]) => isLine(keys, id, root));
      const newest = Math.max(...line.map(([, { issuedAt }]) => issuedAt));
      const isHeld = [...calls.values()].some((call) => call.status === 'held' && isLine(keys, call.keyId, root));
      if (first.at + 90 * DAY > at || isHeld || newest > at) return;
      this.lines.shift();
      this.forgotten = Math.max(this.forgotten, newest);
      for (const charge of charges) if (isLine(keys, charge.keyId, root)) charge.keyId = 'forgotten';
      for (const [id] of line) keys.delete(id);
    }
  }
}
