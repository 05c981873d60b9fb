// Refunds: https://docs.stripe.com/refunds. They take the money from the balance at once and return it if they fail,
// unless they wait for a balance that covers them (docs.stripe.com/changelog/basil/2025-04-30/refund-pending-reason).
// Stripe keeps its fees.
import type Stripe from 'stripe';
import { refusal } from '../errors.js';
import { book } from '../money.js';
import type { World } from '../world.js';

export interface RefundFields {
  readonly charge: Stripe.Charge;
  /** In minor units of the charge's currency; by default everything that is left. */
  readonly amount?: number | undefined;
  readonly reason?: Stripe.Refund.Reason | undefined;
  readonly metadata?: Record<string, string> | undefined;
}

/** @throws StripeFailure 400 when less is left, or the charge is disputed or was never paid. */
export function refund(world: World, { charge, amount, reason, metadata }: RefundFields): Stripe.Refund {
  const left = charge.amount - charge.amount_refunded;
  const requested = amount ?? left;
  check(world, charge, { requested, left });
  const made: Stripe.Refund = {
    id: world.newId('re'),
    object: 'refund',
    amount: requested,
    balance_transaction: null,
    charge: charge.id,
    created: world.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: destinationOf(charge),
    metadata: metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: firstStatus(world, charge),
    transfer_reversal: null,
  };
  const isFunded = world.knobs.refunds !== 'unfunded';
  if (made.status === 'pending') made.pending_reason = isFunded ? 'processing' : 'insufficient_funds';
  if (isFunded) made.balance_transaction = bookRefund(world, made, charge, -requested).id;
  world.store.add('refund', made);
  world.emit('refund.created', made);
  const refunded = charge.amount_refunded + requested;
  world.change('charge.refunded', charge, { amount_refunded: refunded, refunded: refunded === charge.amount });
  const wait = world.knobs.settleRefundMs;
  if (made.status === 'pending' && isFunded && wait !== null) world.later(wait, () => settleIfPending(world, made.id));
  return made;
}

/** A pending refund succeeds. @throws StripeFailure 400 when it is not pending. */
export function settleRefund(world: World, id: string): Stripe.Refund {
  const made = world.store.get('refund', id);
  if (made.status !== 'pending') throw refusal(undefined, `This refund is ${made.status}, not pending.`);
  delete made.pending_reason;
  const charge = world.store.get('charge', String(made.charge));
  made.balance_transaction ??= bookRefund(world, made, charge, -made.amount).id;
  end(world, made, 'succeeded');
  return made;
}

/**
 * The bank rejects the refund, possibly days after it succeeded.
 * @throws StripeFailure 400 when it has already failed or was canceled.
 */
export function failRefund(world: World, id: string): Stripe.Refund {
  const made = world.store.get('refund', id);
  if (made.status === 'failed' || made.status === 'canceled') {
    throw refusal(undefined, `This refund is ${made.status}.`);
  }
  made.failure_reason = 'lost_or_stolen_card';
  giveBack(world, made);
  end(world, made, 'failed');
  world.emit('refund.failed', made);
  return made;
}

/** @throws StripeFailure 400 unless it requires action, as in https://docs.stripe.com/api/refunds/cancel. */
export function cancelRefund(world: World, id: string): Stripe.Refund {
  const made = world.store.get('refund', id);
  if (made.status !== 'requires_action') {
    throw refusal(undefined, `You can only cancel refunds that require action; this one is ${made.status}.`);
  }
  giveBack(world, made);
  end(world, made, 'canceled');
  return made;
}

function check(world: World, charge: Stripe.Charge, { requested, left }: { requested: number; left: number }): void {
  if (charge.status !== 'succeeded') {
    throw refusal(
      'charge_not_refundable',
      `Charge ${charge.id} has a status of ${charge.status} and can't be refunded.`,
    );
  }
  const isBlocked = world.store
    .all('dispute')
    .some((dispute) => dispute.charge === charge.id && !dispute.is_charge_refundable);
  if (isBlocked) throw refusal('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`);
  if (left === 0) throw refusal('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  if (requested > left) {
    const unit = charge.currency.toUpperCase();
    throw refusal(
      undefined,
      `Refund amount (${requested}) is greater than unrefunded amount on charge (${left}), in minor units of ${unit}.`,
      'amount',
    );
  }
}

function firstStatus(world: World, charge: Stripe.Charge): string {
  const { refunds } = world.knobs;
  if (refunds !== 'as_method') return refunds === 'unfunded' ? 'pending' : refunds;
  return charge.payment_method_details?.type === 'card' ? 'succeeded' : 'pending';
}

function bookRefund(world: World, made: Stripe.Refund, charge: Stripe.Charge, amount: number) {
  const isCard = charge.payment_method_details?.type === 'card';
  const type =
    amount < 0 ? (isCard ? 'refund' : 'payment_refund') : isCard ? 'refund_failure' : 'payment_failure_refund';
  const category = amount < 0 ? 'refund' : 'refund_failure';
  return book(world, { type, category, source: made.id, amount, currency: made.currency, description: 'REFUND' });
}

function giveBack(world: World, made: Stripe.Refund): void {
  const charge = world.store.get('charge', String(made.charge));
  if (made.balance_transaction !== null)
    made.failure_balance_transaction = bookRefund(world, made, charge, made.amount).id;
  Object.assign(charge, { amount_refunded: charge.amount_refunded - made.amount, refunded: false });
}

function end(world: World, made: Stripe.Refund, status: string): void {
  const before = { status: made.status };
  made.status = status;
  world.emit('refund.updated', made, before);
  world.emit('charge.refund.updated', made, before);
}

/** Does nothing if the refund has already ended. */
export function settleIfPending(world: World, id: string): void {
  if (world.store.get('refund', id).status === 'pending') settleRefund(world, id);
}

function destinationOf(charge: Stripe.Charge): Stripe.Refund.DestinationDetails {
  const type = charge.payment_method_details?.type;
  if (type === 'card')
    return {
      type,
      card: {
        reference: '7006',
        reference_status: 'available',
        reference_type: 'acquirer_reference_number',
        type: 'refund',
      },
    };
  if (type === 'alipay') return { type, alipay: {} };
  return type === 'wechat_pay'
    ? { type, wechat_pay: {} }
    : { type: 'us_bank_transfer', us_bank_transfer: { reference: null, reference_status: 'pending' } };
}
