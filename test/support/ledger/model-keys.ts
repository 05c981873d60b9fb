// The keys of an account, as the model has them.
import { isDeepStrictEqual } from 'node:util';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import type { KeyChange, KeySettings } from '../../../src/ledger/account.events.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;

export interface ModelKey {
  settings: KeySettings;
  revoked: boolean;
  readonly replaces?: string;
}

/** Whether two keys have replaced each other, with or without others in between. */
export function isLine(keys: ReadonlyMap<string, ModelKey>, one: string, other: string): boolean {
  const first = (keyId: string): string => {
    const replaces = keys.get(keyId)?.replaces;
    return replaces === undefined ? keyId : first(replaces);
  };
  return first(one) === first(other);
}

function merged(before: KeySettings, change: KeyChange): KeySettings {
  const after: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    if (value === null) delete after[name];
    else after[name] = value;
  }
  return after as KeySettings;
}

/** Whether it changes anything. */
export function reissueModelKey(keys: Map<string, ModelKey>, command: Command<'ReissueKey'>, at: number): boolean {
  const { keyId, replaces } = command;
  const key = keys.get(replaces);
  if (keys.has(keyId) || key === undefined || key.revoked) return false;
  if (key.settings.expiresAt !== undefined && Date.parse(key.settings.expiresAt) <= at) return false;
  keys.set(keyId, { settings: key.settings, revoked: false, replaces });
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
