// Holds: the highest possible cost of a call is set aside if the key, the model, the limits and the credit allow it. Pure.
import { type Amount, countOf, formatUsd, max, min, refuse, Rejection, toInstant, ZERO } from '../kernel/index.js';
import type { AccountCommand, AccountCommandOf } from './account.commands.js';
import type { AccountEvent, KeySettings } from './account.events.js';
import { type AccountState, available, isSettled, isStale, purseOf } from './account.state.js';
import {
  budgets,
  type BudgetState,
  describeBudget,
  isBudgeted,
  lastToFree,
  redated,
  retryAfterSeconds,
} from './budgets.js';
import { isFrozen } from './disputes.js';
import { accountClosed, keyNotFound, keyRevoked } from './keys.js';

type Decision = readonly AccountEvent[] | Rejection;

const MAX_OPEN_HOLDS = 10_000;

export function placeHold(command: AccountCommandOf<'PlaceHold'>, state: AccountState, now: number): Decision {
  const { chargeId, requestId, keyId, model, aliases, priceVersion } = command;
  if (state.holds.has(chargeId) || isSettled(state, chargeId) || state.released.has(chargeId)) return [];
  if (isStaleHold(command, state)) {
    return refuse(
      'unavailable',
      'stale_command',
      'This request waited too long, or this gateway’s clock is minutes behind the others’.',
    );
  }
  const free = available(state, now);
  const limits = budgetsOf(state, keyId, now);
  const room = limits.reduce((least, { left }) => min(least, left), free);
  const amount = typeof command.amount === 'function' ? command.amount(room, now) : command.amount;
  const refusal =
    keyRefusal(state, keyId, now) ??
    modelRefusal(state.keys.get(keyId)?.settings, { id: model, aliases }) ??
    parallelRefusal(state, command, now) ??
    budgetRefusal(limits, amount, now);
  if (refusal !== undefined) return refusal;
  if (state.holds.size >= MAX_OPEN_HOLDS) {
    return refuse(
      'too_many',
      'too_many_holds',
      `This account has ${MAX_OPEN_HOLDS} requests under way, the most it can have.`,
    );
  }
  if (isFrozen(state)) {
    return refuse(
      'forbidden',
      'credit_frozen',
      'A payment of this account is disputed; its credit can’t be used until that is settled.',
    );
  }
  if (amount < ZERO) return refuse('invalid', 'invalid_amount', 'A hold can’t be negative.');
  if (amount > free) return insufficientBalance(amount, free);
  const expiresAt = toInstant(now + command.ttlMs);
  const hold = { chargeId, requestId, keyId, model, priceVersion, amount: formatUsd(amount) };
  return [{ type: 'HoldPlaced', data: { ...hold, expiresAt, at: toInstant(now) } }];
}

/**
 * Whether the command is so old that its hold may have been placed, settled and forgotten. A command that turns the
 * clock back is not, because its sender knew how far ahead the account is. A command from before the last turn is,
 * because the clock that was ahead may have made the account forget its hold.
 */
const isStaleHold = (command: AccountCommandOf<'PlaceHold'>, state: AccountState): boolean =>
  (command.turn ?? state.turns) < state.turns || (isStale(state, command.at) && !turnsBack(command, state));

/** Whether a command turns the account's clock back to the sender's. */
export const turnsBack = (command: AccountCommand, state: AccountState): boolean =>
  command.type === 'PlaceHold' && command.turn === state.turns + 1 && isStale(state, command.at);

/** Why a key can't be used on this account at `now`; undefined when it can. */
export function keyRefusal(state: AccountState, keyId: string, now: number): Rejection | undefined {
  const key = state.keys.get(keyId);
  if (key === undefined) return keyNotFound(keyId);
  if (key.revokedAt !== undefined) return keyRevoked(key);
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    return refuse(
      'unauthenticated',
      'key_expired',
      `The key ending in ${key.last4} expired at ${toInstant(key.expiresAt)}. Issue a new one.`,
    );
  }
  if (state.closed) return accountClosed;
  if (state.suspended) return refuse('forbidden', 'account_suspended', 'This account is suspended. Contact support.');
  return undefined;
}

/** The names of a model, any of which a key's list of models may contain. */
interface NamedModel {
  readonly id: string;
  readonly aliases?: readonly string[] | undefined;
}

/** Why a key with these settings may not call a model; undefined when it may. Any name of the model in the list allows it. */
export function modelRefusal(
  settings: KeySettings | undefined,
  { id, aliases = [] }: NamedModel,
): Rejection | undefined {
  const allowed = settings?.allowedModels;
  if (allowed === undefined || allowed.includes(id) || aliases.some((alias) => allowed.includes(alias)))
    return undefined;
  const others = allowed.join(', ') || 'no model';
  return refuse('forbidden', 'model_not_allowed', `This API key may not call "${id}". It may call: ${others}.`);
}

/** Counts the open holds of a key and of those it replaced as its calls in flight, except expired holds: their calls have ended. */
function parallelRefusal(
  { keys, holds, index }: AccountState,
  { keyId, parallelRequests }: AccountCommandOf<'PlaceHold'>,
  now: number,
): Rejection | undefined {
  const key = keys.get(keyId);
  const limit = key?.settings.parallelRequests ?? parallelRequests;
  const open = index.holdsByRoot.get(key?.root ?? '');
  if (limit === undefined || open === undefined || open.size < limit) return undefined;
  const at = toInstant(now);
  let underWay = 0;
  for (const chargeId of open) if ((holds.get(chargeId)?.expiresAt ?? '') > at) underWay++;
  if (underWay < limit) return undefined;
  return refuse(
    'too_many',
    'rate_limit_exceeded',
    `This API key has ${countOf(underWay, 'request')} under way; its limit is ${limit} at the same time. Send this one again when another has ended.`,
    { limit: String(limit), underWay: String(underWay), retryAfterSeconds: '1' },
  );
}

function budgetsOf(state: AccountState, keyId: string, now: number): readonly BudgetState[] {
  const key = state.keys.get(keyId);
  if (key === undefined || !isBudgeted(key.settings)) return [];
  const { spend, held } = purseOf(state, key);
  // A clock that was ahead may have charged to a future period. A hold that turns the clock back is judged like those after it.
  return budgets(key.settings, redated(spend, now), held, now);
}

function budgetRefusal(limits: readonly BudgetState[], amount: Amount, now: number): Rejection | undefined {
  const exceeded = lastToFree(limits, amount, now);
  if (exceeded === undefined) return undefined;
  const needed = formatUsd(amount);
  const retryAfter = retryAfterSeconds(exceeded, amount, now);
  return refuse(
    'forbidden',
    'budget_exceeded',
    `This request may cost up to $${needed}, which exceeds this key’s ${describeBudget(exceeded, amount, now)}`,
    {
      period: exceeded.period,
      required: needed,
      left: formatUsd(max(ZERO, exceeded.left)),
      ...(retryAfter !== undefined && { retryAfterSeconds: String(retryAfter) }),
    },
  );
}

export const insufficientBalance = (required: Amount, free: Amount): Rejection =>
  refuse(
    'payment_required',
    'insufficient_balance',
    `This request may cost up to $${formatUsd(required)}; $${formatUsd(free)} is available. Top up, or ask for fewer tokens.`,
    { required: formatUsd(required), available: formatUsd(free) },
  );
