// Refunds of unused paid credit: the money leaves its lot when the refund is asked for, is gone when the payment provider has sent it,
// and comes back when it has not. Pure.
import {
  add,
  type Amount,
  formatUsd,
  max,
  min,
  refuse,
  type Rejection,
  subtract,
  toInstant,
  usd,
  ZERO,
} from '../kernel/index.js';
import type { RefundCommand } from './account.commands.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import { type AccountState, available } from './account.state.js';
import { type Lot, lotNotFound, lotOf, unlessZero } from './lots.js';

export interface Refund {
  readonly id: string;
  readonly lotId: string;
  readonly amount: Amount;
  /** The part that no credit was left for: only of a refund made without asking us. */
  readonly uncovered: Amount;
  readonly requestedBy: string;
  readonly status: 'requested' | 'approved' | 'completed' | 'failed';
}

type Command<T extends RefundCommand['type']> = Extract<RefundCommand, { type: T }>;
type Decision = readonly AccountEvent[] | Rejection;

/** What of a lot can still be paid out at `now`: never bonus credit, never what is spent, held, or owed. */
export function refundable(state: AccountState, lot: Lot, now: number): Amount {
  if (lot.kind !== 'paid' || lot.expiresAt <= now) return ZERO;
  return max(ZERO, min(lot.remaining, available(state, now)));
}

export function decideRefund(command: RefundCommand, state: AccountState, now: number): Decision {
  switch (command.type) {
    case 'RequestRefund':
      return requestRefund(command, state, now);
    case 'RecordRefund':
      return recordRefund(command, state, now);
    case 'ApproveRefund':
      return approveRefund(command, state, now);
    case 'CompleteRefund':
      return completeRefund(command.refundId, state, now);
    case 'FailRefund':
      return failRefund(command, state, now);
  }
}

function requestRefund(command: Command<'RequestRefund'>, state: AccountState, now: number): Decision {
  const { refundId, lotId, amount, windowMs, requestedBy, reason } = command;
  if (state.refunds.has(refundId)) return [];
  const lot = lotOf(state.lots, lotId);
  if (lot === undefined) return lotNotFound(lotId);
  if (lot.kind === 'bonus') return refuse('not_refundable', 'Bonus credit is never paid out.');
  if (lot.createdAt + windowMs < now) {
    const until = toInstant(lot.createdAt + windowMs);
    return refuse('refund_window_over', `This purchase could be refunded until ${until}.`, { until });
  }
  if (amount <= ZERO) return refuse('invalid_amount', `A refund must be more than zero, not $${formatUsd(amount)}.`);
  const most = refundable(state, lot, now);
  if (amount > most) {
    return refuse(
      'refund_exceeds_credit',
      `Of this purchase $${formatUsd(most)} can be refunded now, not $${formatUsd(amount)}: the rest is spent, or held for calls under way.`,
      { refundable: formatUsd(most) },
    );
  }
  const data = { refundId, lotId, amount: formatUsd(amount), requestedBy, reason, at: toInstant(now) };
  return [{ type: 'RefundRequested', data }];
}

/** A refund that was made without asking us (in Stripe's dashboard): the money is gone, whatever is left of the lot. */
function recordRefund(command: Command<'RecordRefund'>, state: AccountState, now: number): Decision {
  const { refundId, lotId, amount, requestedBy, reason } = command;
  if (state.refunds.has(refundId)) return [];
  const lot = lotOf(state.lots, lotId);
  if (lot === undefined) return lotNotFound(lotId);
  if (amount <= ZERO) return refuse('invalid_amount', `A refund must be more than zero, not $${formatUsd(amount)}.`);
  const uncovered = subtract(amount, min(lot.remaining, amount));
  const beyond = unlessZero('uncovered', uncovered);
  const data = { refundId, lotId, amount: formatUsd(amount), ...beyond, requestedBy, reason, at: toInstant(now) };
  return [{ type: 'RefundRequested', data }];
}

function approveRefund(command: Command<'ApproveRefund'>, state: AccountState, now: number): Decision {
  const { refundId, approvedBy, alone } = command;
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refundNotFound(refundId);
  if (refund.status === 'failed') return refuse('refund_closed', 'This refund was declined or has failed.');
  if (refund.status !== 'requested') return [];
  if (approvedBy === refund.requestedBy && refund.amount > alone) {
    return refuse(
      'second_person_needed',
      `A refund of more than $${formatUsd(alone)} must be approved by someone other than who asked for it.`,
    );
  }
  return [{ type: 'RefundApproved', data: { refundId, approvedBy, at: toInstant(now) } }];
}

function completeRefund(refundId: string, state: AccountState, now: number): Decision {
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refundNotFound(refundId);
  // An older report that comes after the failure says nothing new.
  if (refund.status === 'completed' || refund.status === 'failed') return [];
  const { lotId, amount } = refund;
  return [{ type: 'RefundCompleted', data: { refundId, lotId, amount: formatUsd(amount), at: toInstant(now) } }];
}

/** A refund may fail after it was completed: the customer's bank sent it back. */
function failRefund({ refundId, reason }: Command<'FailRefund'>, state: AccountState, now: number): Decision {
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refundNotFound(refundId);
  if (refund.status === 'failed') return [];
  if (reason === 'declined' && refund.status !== 'requested') {
    return refuse('refund_approved', 'This refund was approved already and is being paid out; it can’t be declined.');
  }
  const { lotId, amount, uncovered, status } = refund;
  // What made a debt pays it off, as far as it is still there; the rest goes to the lot.
  const coveredDebt = min(uncovered, state.debt);
  const data = {
    refundId,
    lotId,
    amount: formatUsd(amount),
    ...unlessZero('coveredDebt', coveredDebt),
    ...(status === 'completed' && { completed: true }),
    reason,
    at: toInstant(now),
  };
  return [{ type: 'RefundFailed', data }];
}

const refundNotFound = (refundId: string): Rejection =>
  refuse('refund_not_found', `This account has no refund ${refundId}.`);

export function evolveRequested(state: AccountState, data: AccountEventData<'RefundRequested'>): void {
  const { refundId: id, lotId, requestedBy } = data;
  if (state.refunds.has(id)) throw new Error(`impossible history: refund ${id} was already requested`);
  const amount = usd(data.amount);
  const uncovered = usd(data.uncovered ?? '0');
  const lot = lotOf(state.lots, lotId);
  const taken = subtract(amount, uncovered);
  if (lot === undefined || taken < ZERO || taken > lot.remaining) {
    throw new Error(`impossible history: refund ${id} takes ${data.amount} from lot ${lotId}, which has less`);
  }
  lot.remaining = subtract(lot.remaining, taken);
  state.debt = add(state.debt, uncovered);
  state.refunds.set(id, { id, lotId, amount, uncovered, requestedBy, status: 'requested' });
}

export function evolveRefund(
  state: AccountState,
  refundId: string,
  status: 'approved' | 'completed' | 'failed',
  coveredDebt?: string,
): void {
  const refund = state.refunds.get(refundId);
  if (refund === undefined || refund.status === 'failed') {
    throw new Error(`impossible history: refund ${refundId} is not under way`);
  }
  state.refunds.set(refundId, { ...refund, status });
  if (status !== 'failed') return;
  const lot = lotOf(state.lots, refund.lotId);
  const covered = usd(coveredDebt ?? '0');
  if (lot === undefined || covered > state.debt)
    throw new Error(`impossible history: refund ${refundId} can't come back`);
  state.debt = subtract(state.debt, covered);
  lot.remaining = add(lot.remaining, subtract(refund.amount, covered));
}
