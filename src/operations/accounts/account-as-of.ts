import { formatUsd, toInstant } from '../../kernel/index.js';
import type { Person } from '../../identity/index.js';
import { type AccountState, available, isFrozen, type Key, keyStatus, posted } from '../../ledger/index.js';
import { type AccountAsOf, type KeyAsOf, showOwner } from './account.dto.js';
import type { Suspension } from './suspensions.js';

interface Known {
  readonly id: string;
  readonly state: AccountState;
  /** The instant that it is shown as of, in epoch milliseconds. */
  readonly at: number;
  readonly owner?: Person | undefined;
  readonly lastCallAt?: string | undefined;
  readonly suspension?: Suspension | undefined;
}

/** An account as /api shows it. */
export const showAccount = ({ id, state, at, owner, lastCallAt, suspension }: Known): AccountAsOf => ({
  object: 'account',
  id,
  as_of: toInstant(at),
  owner: owner === undefined ? null : showOwner(owner),
  balance: formatUsd(posted(state)),
  held: formatUsd(state.held),
  available: formatUsd(available(state, at)),
  debt: formatUsd(state.debt),
  frozen: isFrozen(state),
  suspended: state.suspended,
  suspension:
    suspension === undefined
      ? null
      : { by: suspension.by ?? null, reason: suspension.reason, at: suspension.clock ?? suspension.at },
  closed: state.closed,
  opened_at: toInstant(state.openedAt),
  last_event_at: toInstant(state.lastAt),
  last_call_at: lastCallAt ?? null,
  lots: Array.from(state.lots.byId.values(), (lot) => ({
    id: lot.id,
    kind: lot.kind,
    amount: formatUsd(lot.amount),
    remaining: formatUsd(lot.remaining),
    created_at: toInstant(lot.createdAt),
    expires_at: toInstant(lot.expiresAt),
  })),
  holds: Array.from(state.holds.values(), (hold) => ({
    charge_id: hold.chargeId,
    key_id: hold.keyId,
    model: hold.model,
    amount: formatUsd(hold.value),
    placed_at: toInstant(hold.placedAt),
    expires_at: hold.expiresAt,
  })),
  keys: Array.from(state.keys.values(), (key) => keyAsOf(state, key, at)),
});

const keyAsOf = (state: AccountState, key: Key, at: number): KeyAsOf => ({
  id: key.id,
  name: key.settings.name,
  last4: key.last4,
  spent: formatUsd((state.keys.get(key.root) ?? key).spend.total.amount),
  status: keyStatus(key, at),
  revoked: key.revokedAt !== undefined,
  issued_at: toInstant(key.issuedAt),
  expires_at: key.expiresAt === undefined ? null : toInstant(key.expiresAt),
});
