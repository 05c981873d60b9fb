// Credit: purchased, granted, expired and adjusted by hand. Pure.
import {
  add,
  type Amount,
  formatUsd,
  magnitude,
  max,
  min,
  negate,
  refuse,
  type Rejection,
  subtract,
  toInstant,
  ZERO,
} from '../kernel/index.js';
import type { AccountCommandOf } from './account.commands.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import type { AccountState } from './account.state.js';
import { coveredDebt } from './debt.js';
import { aliveLots, expiredLots, lotOf, take, unlessZero } from './lots.js';
import { madeBefore } from './references.js';
import { secondPersonNeeded } from './two-people.js';

type Decision = readonly AccountEvent[] | Rejection;

export function credit(
  command: AccountCommandOf<'PurchaseCredit' | 'GrantCredit'>,
  state: AccountState,
  now: number,
): Decision {
  const { lotId, amount, expiresAt } = command;
  if (lotOf(state.lots, lotId) !== undefined) return [];
  if (amount <= ZERO)
    return refuse('invalid', 'invalid_amount', `Credit must be more than zero, not $${formatUsd(amount)}.`);
  const lot = { lotId, amount: formatUsd(amount), ...coveredDebt(state, amount), expiresAt: toInstant(expiresAt) };
  if (command.type === 'GrantCredit') return grant(command, lot, state, now);
  return [{ type: 'CreditPurchased', data: { ...lot, topupId: command.topupId, at: toInstant(now) } }];
}

type GrantedLot = Pick<AccountEventData<'CreditGranted'>, 'lotId' | 'amount' | 'coveredDebt' | 'expiresAt'>;

function grant(command: AccountCommandOf<'GrantCredit'>, lot: GrantedLot, state: AccountState, now: number): Decision {
  const { amount, reason, by, approvedBy, alone, reference, expiryGiven } = command;
  const facts = { amount: lot.amount, reason, by, approvedBy, ...(expiryGiven && { expiresAt: lot.expiresAt }) };
  const decided =
    madeBefore(state, reference, { type: 'CreditGranted', facts }) ??
    secondPersonNeeded({ requestedBy: by, approvedBy, amount, alone }, state, now);
  if (decided !== undefined) return decided;
  if (isFull(state)) return tooManyLots;
  const who = { ...(by !== undefined && { by }), ...(approvedBy !== undefined && { approvedBy }) };
  const unique = reference === undefined ? {} : { reference };
  return [{ type: 'CreditGranted', data: { ...lot, reason, ...who, ...unique, at: toInstant(now) } }];
}

/** How many lots with remaining credit an account may have. Purchases are added beyond it. */
const MAX_OPEN_LOTS = 10_000;
const tooManyLots = refuse(
  'conflict',
  'too_many_lots',
  `This account has ${MAX_OPEN_LOTS} unspent lots of credit, the most it can have. Grant fewer, larger ones.`,
);
const isFull = ({ lots }: AccountState): boolean => lots.bonus.length + lots.paid.length >= MAX_OPEN_LOTS;

/**
 * Expires lots that are due, except what holds placed before their expiry may still need. What is left of them pays off
 * a negative balance first, as new credit does. Only the sender's clock decides: expiring later is never wrong, and an
 * event written by a clock that was ahead must not expire live credit.
 */
export function expireCredit(
  { at: due }: AccountCommandOf<'ExpireCredit'>,
  state: AccountState,
  now: number,
): Decision {
  const neededBefore = heldBefore(state);
  let reserved = ZERO;
  let { debt } = state;
  return [...expiredLots(state.lots, due)].flatMap((lot): AccountEvent[] => {
    const needed = max(ZERO, subtract(neededBefore(lot.expiresAt), reserved));
    const kept = min(lot.remaining, needed);
    reserved = add(reserved, kept);
    const gone = subtract(lot.remaining, kept);
    if (gone === ZERO) return [];
    const covered = min(gone, debt);
    debt = subtract(debt, covered);
    const amounts = { amount: formatUsd(subtract(gone, covered)), ...unlessZero('coveredDebt', covered) };
    const expiredAt = toInstant(Math.max(lot.expiresAt, lot.returnedAt ?? 0));
    const data = { lotId: lot.id, kind: lot.kind, ...amounts, expiredAt, at: toInstant(now) };
    return [{ type: 'CreditExpired', data }];
  });
}

/** The sum of the holds that were placed before an instant. */
function heldBefore({ holds }: AccountState): (instant: number) => Amount {
  const placed = [...holds.values()].toSorted((a, b) => a.placedAt - b.placedAt);
  let total = ZERO;
  const upTo = placed.map(({ value }) => (total = add(total, value)));
  return (instant) => {
    const first = placed.findIndex(({ placedAt }) => placedAt >= instant);
    return upTo[(first === -1 ? placed.length : first) - 1] ?? ZERO;
  };
}

export function adjustBalance(command: AccountCommandOf<'AdjustBalance'>, state: AccountState, now: number): Decision {
  const { adjustmentId, amount, reason, requestedBy, approvedBy, servedAt, reference } = command;
  if (state.adjustments.has(adjustmentId)) return [];
  if (amount === ZERO) return refuse('invalid', 'invalid_amount', 'An adjustment of zero changes nothing.');
  const decided = decidedBefore(command, state, now);
  if (decided !== undefined) return decided;
  if (servedAt !== undefined && servedAt > now)
    return refuse('invalid', 'invalid_service_date', 'What a correction is for can’t be in the future.');
  const unique = reference === undefined ? {} : { reference };
  const why = { reason, requestedBy, approvedBy, ...served(servedAt), ...unique, at: toInstant(now) };
  if (amount > ZERO) {
    if (isFull(state)) return tooManyLots;
    if (lotOf(state.lots, adjustmentId) !== undefined) {
      return refuse(
        'conflict',
        'adjustment_id_taken',
        `This account has a lot ${adjustmentId} already. Choose another id.`,
      );
    }
    const lot = { ...coveredDebt(state, amount), expiresAt: toInstant(command.expiresAt) };
    return [{ type: 'BalanceAdjusted', data: { adjustmentId, amount: formatUsd(amount), slices: [], ...lot, ...why } }];
  }
  const { slices, uncovered } = take(aliveLots(state.lots, now), negate(amount));
  const beyond = unlessZero('uncovered', uncovered);
  return [{ type: 'BalanceAdjusted', data: { adjustmentId, amount: formatUsd(amount), slices, ...beyond, ...why } }];
}

const served = (servedAt: number | undefined): { servedAt?: string } =>
  servedAt === undefined ? {} : { servedAt: toInstant(servedAt) };

/** The decision on an adjustment that its reference made before, or that needs a second person; undefined otherwise. */
function decidedBefore(
  command: AccountCommandOf<'AdjustBalance'>,
  state: AccountState,
  now: number,
): Decision | undefined {
  const { amount, reason, requestedBy, approvedBy, servedAt, reference } = command;
  const { servedAt: service } = served(servedAt);
  const facts = { amount: formatUsd(amount), reason, requestedBy, approvedBy, servedAt: service };
  return (
    madeBefore(state, reference, { type: 'BalanceAdjusted', facts }) ??
    secondPersonNeeded({ ...command, amount: magnitude(amount) }, state, now)
  );
}
