// A prepaid account. Invariants: available = posted − held, and no hold is placed beyond it; a hold is settled or released once.
// Pure: no clock, no ids, no I/O. A command carries everything a decision needs.
import {
  type Amount,
  type Decider,
  formatUsd,
  max,
  min,
  refuse,
  Rejection,
  subtract,
  toInstant,
  ZERO,
} from '../kernel/index.js';
import type { AccountCommand, Performance, Uncharged } from './account.commands.js';
import type { AccountEvent, AccountEventData, KeySettings } from './account.events.js';
import { evolve } from './account.evolve.js';
import {
  type AccountState,
  available,
  type Hold,
  holdOf,
  HOLD_REPLAY_WINDOW_MS,
  noAccount,
  purseOf,
} from './account.state.js';
import { budgets, type BudgetState, describeBudget, lastToFree, retryAfterSeconds } from './budgets.js';
import { adjustBalance, credit, expireCredit } from './credit.js';
import { isFrozen, recordDispute } from './disputes.js';
import { accountClosed, issueKey, keyNotFound, keyRevoked, reissueKey, revokeKey, updateKey } from './keys.js';
import { take, unlessZero } from './lots.js';
import { madeBefore } from './references.js';
import { decideRefund } from './refunds.js';

type Command<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;
type Decision = readonly AccountEvent[] | Rejection;

const MAX_OPEN_HOLDS = 10_000;
const nothingNew: Decision = [];

export const account: Decider<AccountState, AccountCommand, AccountEvent> = { initial: noAccount, decide, evolve };

function decide(command: AccountCommand, state: AccountState): Decision {
  // A gateway whose clock is behind must not write history backwards.
  const now = command.at > state.lastAt ? command.at : state.lastAt;
  const at = toInstant(now);
  if (command.type === 'OpenAccount') return openAccount(command, state, now);
  if (state.accountId === undefined) return refuse('account_not_found', 'This account does not exist.');
  switch (command.type) {
    case 'SuspendAccount':
      return state.suspended ? nothingNew : [{ type: 'AccountSuspended', data: { ...grounds(command), at } }];
    case 'CloseAccount':
      return closeAccount(command, state, at);
    case 'ReinstateAccount':
      return state.suspended ? [{ type: 'AccountReinstated', data: { ...grounds(command), at } }] : nothingNew;
    case 'IssueKey':
      return issueKey(command, state, at);
    case 'ReissueKey':
      return reissueKey(command, state, now);
    case 'UpdateKey':
      return updateKey(command, state, at);
    case 'RevokeKey':
      return revokeKey(command, state, at);
    case 'PurchaseCredit':
    case 'GrantCredit':
      return credit(command, state, now);
    case 'ExpireCredit':
      return expireCredit(state, now, at);
    case 'PlaceHold':
      return placeHold(command, state, now);
    case 'SettleHold':
      return settleHold(command, state, now);
    case 'ReleaseHold':
      return releaseHold(command, state, at);
    case 'AdjustBalance':
      return adjustBalance(command, state, now);
    case 'RequestRefund':
    case 'RecordRefund':
    case 'ApproveRefund':
    case 'CompleteRefund':
    case 'FailRefund':
      return decideRefund(command, state, now);
    case 'RecordDispute':
      return recordDispute(command, state, now);
  }
}

/** With its first credit in one, so that no crash comes between the two. */
function openAccount(command: Command<'OpenAccount'>, state: AccountState, now: number): Decision {
  const { accountId, by, reference, credit: grant } = command;
  if (state.accountId !== undefined) return openedBefore(command, state, now);
  const unique = grant === undefined && reference !== undefined ? { reference } : {};
  const opened = { accountId, ...(by !== undefined && { by }), ...unique, at: toInstant(now) };
  const granted = grant === undefined ? [] : credit({ ...command, ...grant, type: 'GrantCredit' }, state, now);
  return granted instanceof Rejection ? granted : [{ type: 'AccountOpened', data: opened }, ...granted];
}

function openedBefore(command: Command<'OpenAccount'>, state: AccountState, now: number): Decision {
  const { reference, credit: grant } = command;
  if (reference === undefined) return nothingNew;
  if (grant !== undefined) return credit({ ...command, ...grant, type: 'GrantCredit' }, state, now);
  return madeBefore(state, reference, { type: 'AccountOpened', facts: {} }) ?? nothingNew;
}

const grounds = ({ reason, by }: { readonly reason: string; readonly by?: string | undefined }) => ({
  reason,
  ...(by !== undefined && { by }),
});

function closeAccount(command: Command<'CloseAccount'>, state: AccountState, at: string): Decision {
  const underWay = [...state.refunds.values()].some(({ status }) => status === 'requested' || status === 'approved');
  if (underWay) return refuse('refund_under_way', 'A refund of this account is under way. Close it when that is done.');
  return state.closed ? nothingNew : [{ type: 'AccountClosed', data: { ...grounds(command), at } }];
}

function placeHold(command: Command<'PlaceHold'>, state: AccountState, now: number): Decision {
  const { chargeId, requestId, keyId, model, aliases, priceVersion } = command;
  if (state.holds.has(chargeId) || state.settled.has(chargeId) || state.released.has(chargeId)) return nothingNew;
  if (command.at + HOLD_REPLAY_WINDOW_MS <= state.lastAt) {
    return refuse(
      'stale_command',
      'This request waited too long, or this gateway’s clock is minutes behind the others’.',
    );
  }
  const free = available(state, now);
  const limits = budgetsOf(state, keyId, now);
  const room = limits.reduce((least, { left }) => min(least, left), free);
  const amount = typeof command.amount === 'function' ? command.amount(room) : command.amount;
  const refusal =
    keyRefusal(state, keyId, now) ??
    modelRefusal(state.keys.get(keyId)?.settings, { id: model, aliases }) ??
    parallelRefusal(state, command, now) ??
    budgetRefusal(limits, amount, now);
  if (refusal !== undefined) return refusal;
  if (state.holds.size >= MAX_OPEN_HOLDS) {
    return refuse('too_many_holds', `This account has ${MAX_OPEN_HOLDS} requests under way, the most it can have.`);
  }
  if (isFrozen(state)) {
    return refuse(
      'credit_frozen',
      'A payment of this account is disputed; its credit can’t be used until that is settled.',
    );
  }
  if (amount < ZERO) return refuse('invalid_amount', 'A hold can’t be negative.');
  if (amount > free) return insufficientBalance(amount, free);
  const expiresAt = toInstant(now + command.ttlMs);
  const hold = { chargeId, requestId, keyId, model, priceVersion, amount: formatUsd(amount) };
  return [{ type: 'HoldPlaced', data: { ...hold, expiresAt, at: toInstant(now) } }];
}

/** Why a key can't be used on this account at `now`; undefined when it can. */
export function keyRefusal(state: AccountState, keyId: string, now: number): Rejection | undefined {
  const key = state.keys.get(keyId);
  if (key === undefined) return keyNotFound(keyId);
  if (key.revokedAt !== undefined) return keyRevoked(key);
  if (key.expiresAt !== undefined && key.expiresAt <= now) {
    return refuse(
      'key_expired',
      `The key ending in ${key.last4} expired at ${toInstant(key.expiresAt)}. Issue a new one.`,
    );
  }
  if (state.closed) return accountClosed;
  if (state.suspended) return refuse('account_suspended', 'This account is suspended. Contact support.');
  return undefined;
}

/** A model as a key's list of models may name it. */
interface NamedModel {
  readonly id: string;
  readonly aliases?: readonly string[] | undefined;
}

/** Why a key with these settings may not call a model; undefined when it may. Each name of a model stands for all of them. */
export function modelRefusal(
  settings: KeySettings | undefined,
  { id, aliases = [] }: NamedModel,
): Rejection | undefined {
  const allowed = settings?.allowedModels;
  if (allowed === undefined || allowed.includes(id) || aliases.some((alias) => allowed.includes(alias)))
    return undefined;
  const others = allowed.join(', ') || 'no model';
  return refuse('model_not_allowed', `This API key may not call "${id}". It may call: ${others}.`);
}

/** The open holds of a key, and of those it replaces, are its calls under way. One past its expiry has no call any more, though it may not be released yet. */
function parallelRefusal(
  { keys, holds }: AccountState,
  { keyId, parallelRequests }: Command<'PlaceHold'>,
  now: number,
): Rejection | undefined {
  const key = keys.get(keyId);
  const limit = key?.settings.parallelRequests ?? parallelRequests;
  if (limit === undefined || holds.size < limit) return undefined;
  const at = toInstant(now);
  let underWay = 0;
  for (const hold of holds.values()) if (keys.get(hold.keyId)?.root === key?.root && hold.expiresAt > at) underWay++;
  if (underWay < limit) return undefined;
  return refuse(
    'rate_limit_exceeded',
    `This API key has ${underWay} requests under way; its limit is ${limit} at the same time. Send this one again when another has ended.`,
    { limit: String(limit), underWay: String(underWay), retryAfterSeconds: '1' },
  );
}

function budgetsOf(state: AccountState, keyId: string, now: number): readonly BudgetState[] {
  const key = state.keys.get(keyId);
  if (key === undefined) return [];
  const { spend, held } = purseOf(state, key);
  return budgets(key.settings, spend, held, now);
}

function budgetRefusal(limits: readonly BudgetState[], amount: Amount, now: number): Rejection | undefined {
  const exceeded = lastToFree(limits, amount, now);
  if (exceeded === undefined) return undefined;
  const needed = formatUsd(amount);
  const retryAfter = retryAfterSeconds(exceeded, amount, now);
  return refuse(
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
    'insufficient_balance',
    `This request may cost up to $${formatUsd(required)}; $${formatUsd(free)} is available. Top up, or ask for fewer tokens.`,
    { required: formatUsd(required), available: formatUsd(free) },
  );

function settleHold(command: Command<'SettleHold'>, state: AccountState, now: number): Decision {
  const { chargeId, cost, byHand } = command;
  if (state.settled.has(chargeId) || state.chargedByHand.has(chargeId)) return nothingNew;
  const open = state.holds.get(chargeId);
  if (open !== undefined && byHand !== undefined)
    return refuse(
      'hold_open',
      `The call of ${chargeId} is still under way. What becomes of it is known when it has ended.`,
    );
  const released = state.released.get(chargeId);
  const remembered = open ?? (released && now < released.until ? released.hold : undefined);
  const hold = remembered ?? (byHand && holdOf(byHand.hold));
  if (hold === undefined) return refuse('hold_not_found', `There is no hold ${chargeId} to settle.`);
  if (cost < ZERO) return refuse('invalid_amount', 'A charge can’t be negative.');
  const { slices, uncovered } = take(state.lots, cost, hold.placedAt);
  const holdValue = open === undefined ? ZERO : hold.value;
  const data = {
    ...chargedBy(hold),
    cost: formatUsd(cost),
    hold: formatUsd(holdValue),
    slices,
    ...unlessZero('uncovered', uncovered),
    ...(cost > hold.value && { overage: formatUsd(subtract(cost, hold.value)) }),
    ...(open === undefined && { late: true }),
    pricedAt: toInstant(hold.placedAt),
    ...performanceOf(command),
    ...(byHand && { byHand: { actor: byHand.actor, reason: byHand.reason } }),
    at: toInstant(now),
  };
  return [{ type: 'TokensCharged', data }];
}

const chargedBy = ({ chargeId, requestId, keyId, model, priceVersion }: Hold) => ({
  chargeId,
  requestId,
  keyId,
  model,
  priceVersion,
});

const performanceOf = ({ usageRaw, providerCost, attempts, ...answer }: Performance) => ({
  usage: answer.usage,
  usageRaw: usageRaw as AccountEventData<'TokensCharged'>['usageRaw'],
  provider: answer.provider,
  upstreamModel: answer.upstreamModel,
  providerCost: formatUsd(providerCost),
  attempts: [...attempts],
  ...(answer.estimated !== undefined && { estimated: answer.estimated }),
});

function releaseHold(command: Command<'ReleaseHold'>, state: AccountState, at: string): Decision {
  const { chargeId, reason, detail, attempts } = command;
  const hold = state.holds.get(chargeId);
  if (hold === undefined) return nothingNew; // already settled or released: there is nothing to give back
  const { requestId, keyId, model, amount } = hold;
  const more = { ...(detail !== undefined && { detail }), ...(attempts !== undefined && { attempts: [...attempts] }) };
  const data = { chargeId, requestId, keyId, model, amount, reason, ...more, ...unchargedOf(command), at };
  return [{ type: 'HoldReleased', data }];
}

const unchargedOf = ({ usageRaw, provider, upstreamModel }: Uncharged) => ({
  ...(usageRaw !== undefined && { usageRaw: usageRaw as AccountEventData<'HoldReleased'>['usageRaw'] }),
  ...(provider !== undefined && { provider }),
  ...(upstreamModel !== undefined && { upstreamModel }),
});
