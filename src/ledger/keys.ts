// The keys of an account: issued, updated, replaced and revoked for good. Pure.
import { DAY_MS, refuse, Rejection, toInstant, wholeSeconds } from '../kernel/index.js';
import type { AccountCommandOf } from './account.commands.js';
import type { AccountEvent, KeyChange, KeySettings } from './account.events.js';
import type { Key } from './account.entities.js';
import type { AccountState } from './account.state.js';
import { periodEnd, periodIndex } from './budgets.js';
import { madeBefore } from './references.js';

type Decision = readonly AccountEvent[] | Rejection;

export const MAX_ACTIVE_KEYS = 100;
/** Limits how many keys an account has to remember. */
export const MAX_NEW_KEYS_A_DAY = 500;
/** How long a key without a replacement is remembered after it was revoked. */
export const KEYS_KNOWN_MS = 90 * DAY_MS;

export const KEY_STATUSES = ['active', 'revoked', 'expired'] as const;
export type KeyStatus = (typeof KEY_STATUSES)[number];

/** How a key stands at an instant (epoch milliseconds). */
export function keyStatus({ revokedAt, expiresAt }: Pick<Key, 'revokedAt' | 'expiresAt'>, atMs: number): KeyStatus {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && expiresAt <= atMs ? 'expired' : 'active';
}

export const accountClosed = refuse('forbidden', 'account_closed', 'This account is closed.');
export const keyNotFound = (keyId: string): Rejection =>
  refuse('unauthenticated', 'key_not_found', `This account has no key ${keyId}.`);
export const keyRevoked = (key: Key): Rejection =>
  refuse(
    'unauthenticated',
    'key_revoked',
    `The key ending in ${key.last4} was revoked${key.revokedAt ? ` at ${toInstant(key.revokedAt)}` : ''}.`,
  );

/** Settings as text to compare, whatever the order of their fields. */
export const settingsText = (settings: KeySettings): string =>
  JSON.stringify(Object.fromEntries(Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1))));

/** The staff member and the reason; empty when the owner acts. */
const staff = ({ by, reason }: { readonly by?: string | undefined; readonly reason?: string | undefined }) => ({
  ...(by !== undefined && { by }),
  ...(reason !== undefined && { reason }),
});

export function issueKey(command: AccountCommandOf<'IssueKey'>, state: AccountState, now: number): Decision {
  const { keyId, secretHash, last4, settings, reference } = command;
  if (state.keys.has(keyId)) return [];
  const before = issuedBefore(command, state);
  if (before !== undefined) return before;
  if (state.closed) return accountClosed;
  const { activeKeys: active } = state.index;
  if (active >= MAX_ACTIVE_KEYS) {
    return refuse(
      'invalid',
      'too_many_keys',
      `This account has ${active} active keys, the most it can have. Revoke one first.`,
    );
  }
  const refusal = newKeyRefusal(command, state, now);
  if (refusal !== undefined) return refusal;
  const about = { ...staff(command), ...(reference !== undefined && { reference }) };
  return [{ type: 'KeyIssued', data: { keyId, secretHash, last4, ...settings, ...about, at: toInstant(now) } }];
}

/** Why no new key may be created now; undefined when one may. */
function newKeyRefusal({ at }: { readonly at: number }, state: AccountState, now: number): Rejection | undefined {
  if (at <= state.keysForgotten)
    return refuse(
      'unavailable',
      'stale_command',
      'This request waited so long that its key may have been issued and forgotten.',
    );
  const { day, count } = state.issued;
  if (count < MAX_NEW_KEYS_A_DAY || day !== periodIndex('daily', now)) return undefined;
  const seconds = wholeSeconds((periodEnd('daily', now) ?? now) - now);
  return refuse(
    'too_many',
    'too_many_new_keys',
    `This account has issued ${count} keys on this UTC day, the most it can. Change the settings of one, or wait for the next day.`,
    { retryAfterSeconds: String(seconds) },
  );
}

/** A reference that issued a key before is refused, since only the hash of that key was kept. */
function issuedBefore(
  { reference, settings }: AccountCommandOf<'IssueKey'>,
  state: AccountState,
): Rejection | undefined {
  const before = madeBefore(state, reference, { type: 'KeyIssued', facts: { settings: settingsText(settings) } });
  if (before === undefined || before instanceof Rejection) return before;
  const keyId = state.references.get(reference ?? '')?.id ?? '';
  return refuse(
    'conflict',
    'key_issued_before',
    `The reference "${reference}" has issued the key ${keyId} before, ending in ${state.keys.get(keyId)?.last4}; it was shown then. If it was lost, reissue it.`,
    { keyId },
  );
}

/** Issues the new key with the settings and the spend of the old one, and revokes that in the same append. */
export function reissueKey(command: AccountCommandOf<'ReissueKey'>, state: AccountState, now: number): Decision {
  const { keyId, replaces, secretHash, last4 } = command;
  if (state.keys.has(keyId)) return [];
  const key = state.keys.get(replaces);
  if (key === undefined) return keyNotFound(replaces);
  if (state.closed) return accountClosed;
  const refusal = reissueRefusal(key, state, now) ?? newKeyRefusal(command, state, now);
  if (refusal !== undefined) return refusal;
  const at = toInstant(now);
  const { settings } = key;
  return [
    { type: 'KeyIssued', data: { keyId, secretHash, last4, ...settings, replaces, ...staff(command), at } },
    { type: 'KeyRevoked', data: { keyId: replaces, ...staff(command), at } },
  ];
}

function reissueRefusal({ last4, replacedBy, revokedAt, expiresAt }: Key, state: AccountState, now: number) {
  const next = replacedBy === undefined ? undefined : state.keys.get(replacedBy);
  if (next !== undefined) {
    return refuse(
      'conflict',
      'key_replaced',
      `The key ending in ${last4} was replaced already, by ${next.id}, which ends in ${next.last4}. If that one is lost, reissue that one.`,
      { replacedBy: next.id },
    );
  }
  if (revokedAt !== undefined)
    return refuse('conflict', 'key_stopped', `The key ending in ${last4} was revoked. Issue a new one.`);
  if (expiresAt !== undefined && expiresAt <= now)
    return refuse(
      'conflict',
      'key_stopped',
      `The key ending in ${last4} has expired. Give it a later expiry, or issue a new one.`,
    );
  return undefined;
}

export function updateKey(command: AccountCommandOf<'UpdateKey'>, state: AccountState, at: string): Decision {
  const { keyId } = command;
  const key = state.keys.get(keyId);
  if (key === undefined) return keyNotFound(keyId);
  if (key.revokedAt !== undefined) return keyRevoked(key);
  const settings = 'change' in command ? changed(key.settings, command.change) : command.settings;
  if (settingsText(settings) === settingsText(key.settings)) return [];
  return [{ type: 'KeyUpdated', data: { keyId, ...settings, ...staff(command), at } }];
}

/** Applies a change to the present settings, so that of two simultaneous changes none is lost. */
function changed(before: KeySettings, change: KeyChange): KeySettings {
  const all = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(all) as KeySettings;
}

export function revokeKey(command: AccountCommandOf<'RevokeKey'>, state: AccountState, at: string): Decision {
  const { keyId } = command;
  const key = state.keys.get(keyId);
  if (key === undefined) return keyNotFound(keyId);
  return key.revokedAt === undefined ? [{ type: 'KeyRevoked', data: { keyId, ...staff(command), at } }] : [];
}
