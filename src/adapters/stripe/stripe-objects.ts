// Translates Stripe’s objects. Pure.
import type { Stripe } from 'stripe';
import type {
  BalanceTransaction,
  Card,
  Payment,
  PaymentStatus,
  ProviderDispute,
  ProviderRefund,
} from '../../payments/index.js';

/** An object that was requested with `expand`; undefined when Stripe sent only its id, or nothing yet. */
export const expanded = <T extends { id: string }>(value: string | T | null | undefined): T | undefined =>
  typeof value === 'object' && value !== null ? value : undefined;

export const idOf = (value: string | { id: string } | null | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.id;

/** Never its `exchange_rate`, which is a float. */
export function balanceTransaction(
  value: string | Stripe.BalanceTransaction | null | undefined,
): BalanceTransaction | undefined {
  const transaction = expanded(value);
  if (transaction === undefined) return undefined;
  const { id, currency, amount, fee, created } = transaction;
  return { balanceTransactionId: id, currency, amountMinor: amount, feeMinor: fee, createdAt: created * 1_000 };
}

/** A payment by checkout. The payment intent is null until somebody pays. */
export function ofSession(session: Stripe.Checkout.Session): Omit<Payment, 'refunds' | 'disputes' | 'warnings'> {
  const intent = expanded(session.payment_intent);
  const named = [session.client_reference_id, session.metadata?.['topup_id'], ...(intent ? [orderIn(intent)] : [])];
  const status = sessionStatus(session, intent);
  return {
    ...(intent === undefined ? nothingPaid(session.currency ?? '') : paidBy(intent)),
    sessionId: session.id,
    taxMinor: session.total_details?.amount_tax,
    orderId: named.every((name) => name === named[0]) ? (named[0] ?? undefined) : undefined,
    status,
    checkoutUrl: status === 'open' ? (session.url ?? undefined) : undefined,
  };
}

const nothingPaid = (currency: string) => ({
  paymentIntentId: undefined,
  amountMinor: 0,
  currency,
  reason: undefined,
  settlement: undefined,
});

/** The bank's own reason where Stripe has it: `card_declined` alone says little (docs.stripe.com/declines/codes). */
const errorCode = (error: Stripe.PaymentIntent.LastPaymentError | null) => error?.decline_code ?? error?.code;

function paidBy(intent: Stripe.PaymentIntent) {
  return {
    paymentIntentId: intent.id,
    amountMinor: intent.amount_received,
    currency: intent.currency,
    reason: errorCode(intent.last_payment_error) ?? intent.cancellation_reason ?? undefined,
    settlement: balanceTransaction(expanded(intent.latest_charge)?.balance_transaction),
    savedCard: savedCardOf(intent),
  };
}

/** The card that a payment saved. */
function savedCardOf({ setup_future_usage, customer, payment_method }: Stripe.PaymentIntent): Card | undefined {
  const [customerId, paymentMethodId] = [idOf(customer), idOf(payment_method)];
  if (setup_future_usage !== 'off_session' || customerId === undefined || paymentMethodId === undefined)
    return undefined;
  return { customerId, paymentMethodId };
}

/** A payment with a saved card, without a checkout. */
export const ofIntent = (intent: Stripe.PaymentIntent): Omit<Payment, 'refunds' | 'disputes' | 'warnings'> => ({
  ...paidBy(intent),
  sessionId: undefined,
  orderId: orderIn(intent),
  status: intentStatus(intent),
  checkoutUrl: undefined,
});

export const orderIn = ({ metadata }: Stripe.PaymentIntent): string | undefined => metadata['topup_id'];

/** After a completed checkout, the payment is done, under way or has failed (docs.stripe.com/payments/checkout/fulfill-orders). */
function sessionStatus(session: Stripe.Checkout.Session, intent: Stripe.PaymentIntent | undefined): PaymentStatus {
  if (session.status === 'expired') return 'expired';
  if (session.status !== 'complete') return 'open';
  if (intent === undefined) return 'failed';
  if (session.payment_status === 'paid' && intent.status === 'succeeded') return 'paid';
  return intent.status === 'processing' || intent.status === 'succeeded' ? 'pending' : 'failed';
}

function intentStatus({ status, last_payment_error }: Stripe.PaymentIntent): PaymentStatus {
  if (status === 'succeeded') return 'paid';
  if (status === 'processing') return 'pending';
  if (status === 'canceled') return 'failed';
  return last_payment_error === null ? 'open' : 'failed';
}

export function ofRefund(refund: Stripe.Refund): ProviderRefund {
  return {
    stripeRefundId: refund.id,
    refundId: refund.metadata?.['refund_id'],
    amountMinor: refund.amount,
    status: refundStatus(refund.status),
    reason: refund.failure_reason,
    sent: balanceTransaction(refund.balance_transaction),
    returned: balanceTransaction(refund.failure_balance_transaction),
  };
}

const refundStatus = (status: string | null): ProviderRefund['status'] =>
  status === 'succeeded' || status === 'failed' || status === 'canceled' ? status : 'pending';

export function ofDispute(dispute: Stripe.Dispute): ProviderDispute {
  const oldestFirst = dispute.balance_transactions.toSorted((a, b) => a.created - b.created);
  return {
    disputeId: dispute.id,
    amountMinor: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    inquiry: dispute.status.startsWith('warning_') || dispute.status === 'prevented',
    outcome: disputeOutcome(dispute.status),
    evidenceDueAt: dueOf(dispute),
    movements: oldestFirst.flatMap((transaction) => balanceTransaction(transaction) ?? []),
  };
}

/** "Will be 0 if the customer's bank or credit card company doesn't allow a response" (docs.stripe.com/api/disputes/object). */
const dueOf = ({ evidence_details: { due_by: seconds } }: Stripe.Dispute): number | undefined =>
  seconds ? seconds * 1_000 : undefined;

function disputeOutcome(status: Stripe.Dispute['status']): ProviderDispute['outcome'] {
  if (status === 'won') return 'won';
  if (status === 'lost') return 'lost';
  return status === 'warning_closed' || status === 'prevented' ? 'inquiry_closed' : undefined;
}
