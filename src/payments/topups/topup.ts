// A top-up: an order of credit at a fixed price, its payment and its refunds. Invariants: an order is paid at most once, by a payment that
// matches it to the last minor unit; refunds never exceed the payment, and they pay all of it back exactly when all credit is refunded.
// Reports of the payment provider may arrive in any order and any number of times: each carries the present state, and a report without
// news changes nothing. Pure: no clock, no ids, no I/O.
import { add, type Decider, formatUsd, refuse, type Rejection, subtract, toInstant, ZERO } from '../../kernel/index.js';
import { creditShare, priceShare } from './price.js';
import type { TopupCommand } from './topup.commands.js';
import type { TopupEvent, TopupEventData } from './topup.events.js';
import {
  evolve,
  noTopup,
  refunded,
  type TopupOrder,
  type TopupRefund,
  type TopupState,
  unrefunded,
} from './topup.state.js';

type Command<T extends TopupCommand['type']> = Extract<TopupCommand, { type: T }>;
type Decision = readonly TopupEvent[] | Rejection;
interface Ordered extends TopupState {
  readonly order: TopupOrder;
}

const nothingNew: Decision = [];

export const topup: Decider<TopupState, TopupCommand, TopupEvent> = { initial: noTopup, decide, evolve };

function decide(command: TopupCommand, state: TopupState): Decision {
  // A gateway whose clock is behind must not write history backwards.
  const at = toInstant(command.at > state.lastAt ? command.at : state.lastAt);
  if (command.type === 'OrderTopup') return order(command, state, at);
  if (!isOrdered(state)) return refuse('not_found', 'topup_not_found', 'This top-up does not exist.');
  switch (command.type) {
    case 'OpenCheckout':
      return openCheckout(command, state, at);
    case 'ReportPayment':
      return reportPayment(command, state, at);
    case 'RequestCancel':
      return requestCancel(command, state, at);
    case 'OrderRefund':
      return orderRefund(command, state, at);
    case 'RecordRefund':
      return recordRefund(command, state, at);
    case 'ReportRefund':
      return reportRefund(command, state, at);
    case 'BookBalanceTransaction':
      return bookBalanceTransaction(command, state, at);
    case 'WarnOfFraud': {
      const { warningId, paymentIntentId, fraudType } = command;
      if (state.warnings.has(warningId)) return nothingNew;
      const { accountId } = state.order;
      return [{ type: 'FraudWarned', data: { warningId, paymentIntentId, fraudType, accountId, at } }];
    }
    case 'RequestSync':
      return [{ type: 'TopupSyncRequested', data: { by: command.by, reason: command.reason, at } }];
  }
}

const isOrdered = (state: TopupState): state is Ordered => state.order !== undefined;

function order(command: Command<'OrderTopup'>, { order: known }: TopupState, at: string): Decision {
  const { topupId, accountId, credit, currency, priceMinor, quote, automatic, expiresAt } = command;
  if (known !== undefined) {
    const same = known.accountId === accountId && known.credit === credit && known.currency === currency;
    return same
      ? nothingNew
      : refuse('conflict', 'topup_id_taken', 'Another top-up has this id. Order it under a new one.');
  }
  if (credit <= ZERO || priceMinor <= 0) return refuse('invalid', 'invalid_amount', 'A top-up must be more than zero.');
  if ((currency === 'usd') !== (quote === undefined)) {
    return refuse(
      'invalid',
      'invalid_currency',
      'A price in a currency other than USD needs a quote; a price in USD must not have one.',
    );
  }
  const terms = { topupId, accountId, credit: formatUsd(credit), currency, priceMinor };
  const more = { ...(quote && { quote }), ...(automatic && { automatic }), expiresAt: toInstant(expiresAt) };
  return [{ type: 'TopupOrdered', data: { ...terms, ...more, at } }];
}

function openCheckout({ sessionId }: Command<'OpenCheckout'>, state: Ordered, at: string): Decision {
  if (state.sessionId === sessionId) return nothingNew;
  if (state.sessionId !== undefined) {
    return refuse(
      'invalid',
      'checkout_open',
      `Top-up ${state.order.topupId} already has the checkout ${state.sessionId}.`,
    );
  }
  return [{ type: 'CheckoutOpened', data: { sessionId, at } }];
}

/** Only what is not paid and not being paid is canceled. A payment that arrives after all still counts. */
function requestCancel({ by }: Command<'RequestCancel'>, state: Ordered, at: string): Decision {
  const { cancelRequested } = state;
  switch (state.status) {
    case 'ordered':
      if (state.order.automatic) return underWay;
      return cancelRequested ? nothingNew : [{ type: 'TopupCancelRequested', data: { by, at } }];
    case 'pending':
      return underWay;
    case 'paid':
      return refuse(
        'conflict',
        'topup_paid',
        'This top-up was paid, and its credit is on the balance. What is not used of it can be refunded.',
      );
    case 'failed':
    case 'expired':
    case undefined:
      return cancelRequested
        ? nothingNew
        : refuse('conflict', 'topup_closed', 'This top-up can’t be paid any more, so there is nothing to cancel.');
  }
}

const underWay = refuse(
  'conflict',
  'payment_under_way',
  'The payment of this top-up is under way, so it can’t be canceled. Once its credit is on the balance, a refund can be requested.',
);

function reportPayment(command: Command<'ReportPayment'>, state: Ordered, at: string): Decision {
  const { status, paymentIntentId, reason } = command;
  if (status === 'paid' && paymentIntentId !== undefined) return paid(command, paymentIntentId, state, at);
  // An older report never takes a payment back, and a failed attempt says nothing about the next one.
  if (state.status === 'paid' || state.status === status) return nothingNew;
  switch (status) {
    case 'pending':
      return paymentIntentId === undefined ? nothingNew : [{ type: 'PaymentPending', data: { paymentIntentId, at } }];
    case 'failed':
      return [{ type: 'TopupFailed', data: { reason: (reason ?? 'unknown').slice(0, 500), at } }];
    case 'expired':
      return state.status === 'failed' ? nothingNew : [{ type: 'TopupExpired', data: { at } }];
    case 'open':
    case 'paid':
      return nothingNew;
  }
}

function paid(command: Command<'ReportPayment'>, paymentIntentId: string, state: Ordered, at: string): Decision {
  const { amountMinor, currency, taxMinor = 0 } = command;
  if (state.paymentIntentId === paymentIntentId || state.mismatched.has(paymentIntentId)) return nothingNew;
  const difference = mismatch(command, state);
  return difference === undefined
    ? [{ type: 'TopupPaid', data: { paymentIntentId, amountMinor, currency, ...(taxMinor > 0 && { taxMinor }), at } }]
    : [{ type: 'PaymentMismatched', data: { paymentIntentId, ...difference, accountId: state.order.accountId, at } }];
}

/** The first field in which a payment differs from the order; undefined when it matches. */
function mismatch(
  { orderId, paymentIntentId = '', amountMinor, currency }: Command<'ReportPayment'>,
  { order: { topupId, priceMinor, currency: ordered }, paymentIntentId: known }: Ordered,
): Omit<TopupEventData<'PaymentMismatched'>, 'paymentIntentId' | 'accountId' | 'at'> | undefined {
  if (orderId !== topupId) return { field: 'order', expected: topupId, received: orderId ?? 'none' };
  if (known !== undefined) return { field: 'payment', expected: known, received: paymentIntentId };
  if (currency !== ordered) return { field: 'currency', expected: ordered, received: currency };
  if (amountMinor === priceMinor) return undefined;
  return { field: 'amount', expected: String(priceMinor), received: String(amountMinor) };
}

/** Calculates with the sum of all refunds: the next refund includes what the last one rounded down, and the last credit pays back the last minor unit. */
function orderRefund({ refundId, credit }: Command<'OrderRefund'>, state: Ordered, at: string): Decision {
  if (state.refunds.has(refundId)) return nothingNew;
  if (state.status !== 'paid')
    return refuse('conflict', 'topup_not_paid', 'This top-up was not paid, so nothing can be refunded.');
  const most = unrefunded(state);
  if (credit <= ZERO || credit > most) {
    return refuse(
      'invalid',
      'invalid_amount',
      `A refund of $${formatUsd(credit)} is not possible: $${formatUsd(most)} of this top-up can be refunded.`,
    );
  }
  const before = refunded(state);
  const amountMinor = priceShare(state.order, add(before.credit, credit)) - before.minor;
  if (amountMinor <= 0)
    return refuse(
      'invalid',
      'refund_too_small',
      'This refund is smaller than the smallest unit of its currency. Request a larger one.',
    );
  return [{ type: 'RefundOrdered', data: { refundId, credit: formatUsd(credit), amountMinor, at } }];
}

function recordRefund({ stripeRefundId, amountMinor }: Command<'RecordRefund'>, state: Ordered, at: string): Decision {
  const known = refundAtStripe(state, stripeRefundId);
  if (state.refunds.has(stripeRefundId) || (known !== undefined && !known.endedWithoutStripe)) return nothingNew;
  if (state.status !== 'paid')
    return refuse('conflict', 'topup_not_paid', 'This top-up was not paid, so its refund takes no credit.');
  const all = refunded(state);
  // Stripe never refunds more than was paid: what of ours does not fit beside this one is not there, and will be refused.
  const before = all.minor + amountMinor > state.order.priceMinor ? refunded(state, { atStripe: true }) : all;
  const credit = known?.credit ?? subtract(creditShare(state.order, before.minor + amountMinor), before.credit);
  return [{ type: 'RefundFound', data: { refundId: stripeRefundId, credit: formatUsd(credit), amountMinor, at } }];
}

export const refundAtStripe = (state: TopupState, stripeRefundId: string): TopupRefund | undefined =>
  [...state.refunds.values()].find((refund) => refund.stripeRefundId === stripeRefundId);

/** The order of the statuses of a refund: an older report never sets it back. */
const PROGRESS = { pending: 1, succeeded: 2, failed: 3, canceled: 3 } as const;

function reportRefund(command: Command<'ReportRefund'>, state: Ordered, at: string): Decision {
  const { refundId, stripeRefundId, status, reason, byHand, outside } = command;
  const refund = state.refunds.get(refundId);
  if (refund === undefined) return refuse('not_found', 'refund_not_found', `This top-up has no refund ${refundId}.`);
  if (PROGRESS[status] <= (refund.status === undefined ? 0 : PROGRESS[refund.status])) return nothingNew;
  const hand = { ...(byHand && { byHand }), ...(outside && { outside }) };
  const why = reason && { reason: reason.slice(0, 500) };
  const more = { ...(stripeRefundId && { stripeRefundId }), status, ...why, ...hand };
  return [{ type: 'RefundReported', data: { refundId, ...more, at } }];
}

function bookBalanceTransaction(command: Command<'BookBalanceTransaction'>, state: Ordered, at: string): Decision {
  const { balanceTransactionId, source, currency, amountMinor, feeMinor, clears, unmatched, createdAt } = command;
  if (state.booked.has(balanceTransactionId)) return nothingNew;
  const figures = { currency, amountMinor, feeMinor, netMinor: amountMinor - feeMinor, clears: formatUsd(clears) };
  const made = createdAt === undefined ? {} : { createdAt: toInstant(createdAt) };
  const data = { balanceTransactionId, source, ...figures, ...made, ...(unmatched && { unmatched }), at };
  return [{ type: 'BalanceTransactionBooked', data }];
}
