// Refunds of unused paid credit. The credit leaves its lot with the request, is gone once the payment provider has sent the money, and
// comes back if the refund fails. Pure.
import {
  add,
  type Amount,
  floorToCents,
  formatUsd,
  fromInstant,
  max,
  min,
  refuse,
  Rejection,
  subtract,
  sum,
  toInstant,
  usd,
  ZERO,
} from '../kernel/index.js';
import type { RefundCommand } from './account.commands.js';
import type { Refund } from './account.entities.js';
import type { AccountEvent, AccountEventData } from './account.events.js';
import { type AccountState, available } from './account.state.js';
import { coveredDebt, payOff } from './debt.js';
import { isDisputed } from './disputes.js';
import { change, giveBack, type Lot, lotNotFound, lotOf, unlessZero } from './lots.js';
import { decideRefundEnd, refundNotFound } from './stuck-refunds.js';
import { noteDecision, secondPersonNeeded } from './two-people.js';

/** Who asks for a refund that was made at Stripe directly. Its money is on its way, so nobody decides on it any more. */
export const AT_STRIPE = 'stripe';

type Command<T extends RefundCommand['type']> = Extract<RefundCommand, { type: T }>;
type Decision = readonly AccountEvent[] | Rejection;

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
    case 'ProposeRefundEnd':
    case 'ApproveRefundEnd':
    case 'DeclineRefundEnd':
      return decideRefundEnd(command, state, now);
  }
}

/** Requests a refund for each purchase it takes from, in one append: the whole amount or nothing. */
function requestRefund(command: Command<'RequestRefund'>, state: AccountState, now: number): Decision {
  const { parts, amount } = command;
  const done = parts.flatMap(({ refundId }) => state.refunds.get(refundId) ?? []);
  const requestedBefore = sum(done.map((refund) => refund.amount));
  if (done.length > 0 && (amount === undefined || amount <= requestedBefore)) return [];
  const open = refundableParts(command, state, now);
  if (open instanceof Rejection) return open;
  const most = min(sum(open.map((part) => part.most)), floorToCents(max(ZERO, available(state, now))));
  const wanted = subtract(amount ?? most, requestedBefore);
  if (wanted <= ZERO || wanted > most) return tooMuch(most);
  let left = wanted;
  return open.flatMap(({ refundId, lotId, most: mostOfLot }): AccountEvent[] => {
    const taken = min(left, mostOfLot);
    left = subtract(left, taken);
    return taken === ZERO ? [] : [requested(command, { refundId, lotId, amount: taken }, now)];
  });
}

interface RefundablePart {
  readonly refundId: string;
  readonly lotId: string;
  /** The unspent credit of a purchase. Holds and debt are judged over all parts together. */
  readonly most: Amount;
}

/** The parts that can be refunded, or, for a single purchase, why it can't. */
function refundableParts(
  { parts, windowMs }: Command<'RequestRefund'>,
  state: AccountState,
  now: number,
): readonly RefundablePart[] | Rejection {
  const judged = parts
    .filter(({ refundId }) => !state.refunds.has(refundId))
    .map((part) => {
      const lot = lotOf(state.lots, part.lotId);
      const refusal = lot === undefined ? lotNotFound(part.lotId) : lotRefusal(lot, windowMs, state, now);
      return refusal ?? { ...part, most: unspent(lot, now) };
    });
  const [first] = judged;
  if (parts.length === 1 && first instanceof Rejection) return first;
  return judged.filter((part): part is RefundablePart => !(part instanceof Rejection));
}

/** What is left of a purchase, in whole cents. */
const unspent = (lot: Lot | undefined, now: number): Amount =>
  lot === undefined || lot.expiresAt <= now ? ZERO : floorToCents(lot.remaining);

/** What of a purchase could be refunded now, if it alone were; a rejection says why nothing can. */
export function refundableOf(
  state: AccountState,
  lotId: string,
  { windowMs, now }: { readonly windowMs: number; readonly now: number },
): Amount | Rejection {
  const lot = lotOf(state.lots, lotId);
  if (lot === undefined) return lotNotFound(lotId);
  const most = min(unspent(lot, now), floorToCents(max(ZERO, available(state, now))));
  return lotRefusal(lot, windowMs, state, now) ?? (most > ZERO ? most : tooMuch(most));
}

function lotRefusal(lot: Lot, windowMs: number, state: AccountState, now: number): Rejection | undefined {
  if (lot.successor) {
    return refuse(
      'invalid',
      'not_refundable',
      'This credit came back from a corrected charge, after its purchase had ended.',
    );
  }
  if (lot.kind === 'bonus') return refuse('invalid', 'not_refundable', 'Bonus credit is never paid out.');
  if (lot.createdAt + windowMs < now) {
    const until = toInstant(lot.createdAt + windowMs);
    return refuse('conflict', 'refund_window_over', `This purchase could be refunded until ${until}.`, { until });
  }
  if (!isDisputed(state, lot.id)) return undefined;
  return refuse(
    'conflict',
    'payment_disputed',
    'The payment of this top-up is disputed. It can’t be refunded until the dispute is closed.',
  );
}

const tooMuch = (most: Amount): Rejection =>
  refuse(
    'conflict',
    'refund_exceeds_credit',
    `Of these purchases $${formatUsd(most)} can be refunded now: the rest is spent, held, disputed, bonus credit, or was bought too long ago.`,
    { refundable: formatUsd(most) },
  );

function requested(
  { requestId, requestedBy, reason }: Command<'RequestRefund'>,
  { refundId, lotId, amount }: { readonly refundId: string; readonly lotId: string; readonly amount: Amount },
  now: number,
): AccountEvent {
  const data = { refundId, requestId, lotId, amount: formatUsd(amount), requestedBy, reason, at: toInstant(now) };
  return { type: 'RefundRequested', data };
}

/** Records a refund that was made in Stripe's dashboard: the money is gone, whatever is left of the lot. */
function recordRefund(command: Command<'RecordRefund'>, state: AccountState, now: number): Decision {
  const { refundId, lotId, amount, reason } = command;
  if (state.refunds.has(refundId)) return [];
  const lot = lotOf(state.lots, lotId);
  if (lot === undefined) return lotNotFound(lotId);
  if (amount <= ZERO)
    return refuse('invalid', 'invalid_amount', `A refund must be more than zero, not $${formatUsd(amount)}.`);
  const uncovered = subtract(amount, min(lot.remaining, amount));
  const beyond = unlessZero('uncovered', uncovered);
  const about = { refundId, lotId, amount: formatUsd(amount), ...beyond };
  const data = { ...about, requestedBy: AT_STRIPE, reason, at: toInstant(now) };
  return [{ type: 'RefundRequested', data }];
}

function approveRefund(command: Command<'ApproveRefund'>, state: AccountState, now: number): Decision {
  const { refundId, approvedBy, alone, reason } = command;
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refundNotFound(refundId);
  if (refund.status === 'failed') return refundClosed;
  if (refund.requestedBy === AT_STRIPE) return madeAtStripe;
  if (refund.status !== 'requested') return approvedBefore(refund, approvedBy);
  const pieces = [...state.refunds.values()].filter((each) => isPiece(each, refund));
  const [amount, ids] = [sum(pieces.map((piece) => piece.amount)), pieces.map(({ id }) => id)];
  const deed = { requestedBy: refund.requestedBy, approvedBy, amount, ids, alone };
  const refusal = secondPersonNeeded(deed, state, now);
  if (refusal !== undefined) return refusal;
  const why = reason === undefined ? {} : { reason };
  return [{ type: 'RefundApproved', data: { refundId, approvedBy, ...why, at: toInstant(now) } }];
}

/** The same person again changes nothing, as its first answer may have been lost; anyone else learns that they came too late. */
function approvedBefore({ approvedBy: before }: Refund, approvedBy: string): Decision {
  if (before === approvedBy) return [];
  return refuse(
    'conflict',
    'refund_approved',
    'Somebody else has approved this refund already; it is not approved twice.',
  );
}

/** A request is approved as a whole, however many purchases it takes from. */
const isPiece = (one: Refund, of: Refund): boolean => one.requestId === of.requestId && one.status !== 'failed';

function completeRefund(refundId: string, state: AccountState, now: number): Decision {
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refundNotFound(refundId);
  // A completion that is reported after the failure is older and changes nothing.
  if (refund.status === 'completed' || refund.status === 'failed') return [];
  const { lotId, amount } = refund;
  return [{ type: 'RefundCompleted', data: { refundId, lotId, amount: formatUsd(amount), at: toInstant(now) } }];
}

const refundClosed = refuse('conflict', 'refund_closed', 'This refund was declined or withdrawn, or has failed.');

const madeAtStripe = refuse(
  'conflict',
  'refund_made_at_stripe',
  'This refund was made at Stripe: there is nothing to decide on. It ends as Stripe says.',
);

const refundApproved = (deed: 'declined' | 'withdrawn'): Rejection =>
  refuse('conflict', 'refund_approved', `This refund was approved already and is being paid out; it can’t be ${deed}.`);

/** A refund may fail even after it was completed, when the customer's bank returns it. */
function failRefund(command: Command<'FailRefund'>, state: AccountState, now: number): Decision {
  const { refundId, reason, declinedBy, withdrawnBy, detail } = command;
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refundNotFound(refundId);
  if (reason === 'declined' || reason === 'withdrawn') {
    if (refund.status === 'failed') return refund.failure === reason ? [] : refundClosed;
    if (refund.requestedBy === AT_STRIPE) return madeAtStripe;
    if (refund.status !== 'requested') return refundApproved(reason);
  }
  if (refund.status === 'failed') return [];
  const { lotId, amount, status } = refund;
  const data = {
    refundId,
    lotId,
    amount: formatUsd(amount),
    ...coveredDebt(state, amount),
    ...(status === 'completed' && { completed: true }),
    reason,
    ...(declinedBy !== undefined && { declinedBy }),
    ...(withdrawnBy !== undefined && { withdrawnBy }),
    ...(detail !== undefined && { detail }),
    at: toInstant(now),
  };
  return [{ type: 'RefundFailed', data }];
}

export function evolveRequested(state: AccountState, data: AccountEventData<'RefundRequested'>): void {
  const { refundId: id, requestId = id, lotId, requestedBy } = data;
  if (state.refunds.has(id)) throw new Error(`impossible history: refund ${id} was already requested`);
  const amount = usd(data.amount);
  const uncovered = usd(data.uncovered ?? '0');
  const lot = lotOf(state.lots, lotId);
  const taken = subtract(amount, uncovered);
  if (lot === undefined || taken < ZERO || taken > lot.remaining) {
    throw new Error(`impossible history: refund ${id} takes ${data.amount} from lot ${lotId}, which has less`);
  }
  change(state.lots, lot, subtract(lot.remaining, taken));
  state.debt = add(state.debt, uncovered);
  state.refunds.set(id, { id, requestId, lotId, amount, uncovered, requestedBy, status: 'requested' });
}

export function evolveApproved(state: AccountState, data: AccountEventData<'RefundApproved'>, at: number): void {
  const { refundId: id, approvedBy } = data;
  evolveRefund(state, id, 'approved');
  const refund = state.refunds.get(id);
  if (refund === undefined) return;
  state.refunds.set(id, { ...refund, approvedBy });
  noteDecision(state, { ...refund, approvedBy }, at);
}

export function evolveRefund(
  state: AccountState,
  refundId: string,
  status: 'approved' | 'completed' | 'failed',
  failure?: AccountEventData<'RefundFailed'>,
): void {
  const refund = state.refunds.get(refundId);
  if (refund === undefined || refund.status === 'failed') {
    throw new Error(`impossible history: refund ${refundId} is not under way`);
  }
  state.refunds.set(refundId, { ...refund, status, ...(failure && { failure: failure.reason }) });
  if (failure === undefined) return;
  state.alone = state.alone.filter(({ id }) => id !== refundId);
  const lot = lotOf(state.lots, refund.lotId);
  if (lot === undefined) throw new Error(`impossible history: refund ${refundId} can't come back`);
  const covered = payOff(state, failure.coveredDebt, `refund ${refundId}`);
  giveBack(state.lots, lot, subtract(refund.amount, covered), fromInstant(failure.at));
}
