// The steps of a payment intent, with events in Stripe's order.
import type Stripe from 'stripe';
import { StripeFailure, refusal } from '../errors.js';
import { book, processingFees } from '../money.js';
import { DECLINED, makeCharge, outcomeOf } from '../objects/charge.js';
import { type World, snapshot } from '../world.js';

/** Where the customer's browser authenticates, and where it returns to. */
export interface Redirect {
  readonly url: string;
  readonly returnUrl: string | null;
}

/** The money arrives at once. */
export function succeed(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  const charge = makeCharge(world, { intent, method, status: 'succeeded' });
  Object.assign(intent, { payment_method: method.id, latest_charge: charge.id });
  arrive(world, intent, charge);
}

/** The bank will answer in days. */
export function process(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  const charge = makeCharge(world, { intent, method, status: 'pending' });
  Object.assign(intent, {
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'processing',
  });
  world.emit('charge.pending', charge);
  world.emit('payment_intent.processing', intent);
}

/** The bank's answer to `process`. */
export function settle(world: World, intent: Stripe.PaymentIntent, ok: boolean): void {
  const charge = world.store.get('charge', String(intent.latest_charge));
  if (ok) {
    arrive(world, intent, charge);
    return;
  }
  const method = world.store.get('payment_method', String(charge.payment_method));
  Object.assign(charge, { status: 'failed', failure_code: 'insufficient_funds', outcome: outcomeOf('failed') });
  charge.failure_message = 'The customer’s account has insufficient funds to cover this payment.';
  fail(world, intent, { charge, method, code: 'payment_intent_payment_attempt_failed' });
}

/** The bank declines; another attempt may follow. */
export function decline(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Stripe.Charge {
  const charge = makeCharge(world, { intent, method, status: 'failed' });
  intent.latest_charge = charge.id;
  fail(world, intent, { charge, method, code: 'card_declined' });
  return charge;
}

/** The customer must authenticate first. */
export function challenge(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  to: Redirect,
): void {
  Object.assign(intent, {
    next_action: { type: 'redirect_to_url', redirect_to_url: { url: to.url, return_url: to.returnUrl } },
    payment_method: method.id,
    status: 'requires_action',
  });
  world.emit('payment_intent.requires_action', intent);
}

/** The customer failed to authenticate. */
export function failChallenge(world: World, intent: Stripe.PaymentIntent): void {
  const method = world.store.get('payment_method', String(intent.payment_method));
  lose(world, intent, {
    type: 'card_error',
    code: 'payment_intent_authentication_failure',
    message: 'The provided PaymentMethod has failed authentication.',
    payment_method: snapshot(method),
  });
}

/** @throws StripeFailure 402 for a saved card that is declined or requires authentication. */
export function chargeSaved(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  const outcome = world.knobs.offSession;
  if (outcome === 'succeeds') {
    succeed(world, intent, method);
    return;
  }
  const code = outcome === 'declines' ? 'card_declined' : 'authentication_required';
  const charge = decline(world, intent, method);
  const message =
    outcome === 'declines' ? DECLINED : 'Your card was declined. This transaction requires authentication.';
  const decline_code = outcome === 'declines' ? 'generic_decline' : 'authentication_required';
  Object.assign(charge, { failure_code: code, failure_message: message });
  Object.assign(intent.last_payment_error ?? {}, { code, decline_code, message });
  throw new StripeFailure(402, {
    type: 'card_error',
    code,
    decline_code,
    message,
    charge: charge.id,
    payment_intent: snapshot(intent),
  });
}

/** @throws StripeFailure 400 when it is too late. */
export function cancel(
  world: World,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): void {
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
    throw refusal(
      'payment_intent_unexpected_state',
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
    );
  }
  Object.assign(intent, {
    status: 'canceled',
    canceled_at: world.now(),
    cancellation_reason: reason,
    next_action: null,
  });
  world.emit('payment_intent.canceled', intent);
}

/** Gives a charge its balance transaction. */
function bookCharge(world: World, charge: Stripe.Charge): void {
  const isCard = charge.payment_method_details?.type === 'card';
  charge.balance_transaction = book(world, {
    type: isCard ? 'charge' : 'payment',
    category: 'charge',
    source: charge.id,
    amount: charge.amount,
    currency: charge.currency,
    fees: processingFees,
    description: charge.description,
  }).id;
}

/** Books every charge that has no balance transaction yet. */
export function bookLate(world: World): void {
  for (const charge of world.store.all('charge')) bookIfMissing(world, charge);
}

function bookIfMissing(world: World, charge: Stripe.Charge): void {
  if (charge.balance_transaction !== null || charge.status !== 'succeeded') return;
  bookCharge(world, charge);
  world.emit('charge.updated', charge, { balance_transaction: null });
}

function arrive(world: World, intent: Stripe.PaymentIntent, charge: Stripe.Charge): void {
  Object.assign(charge, {
    amount_captured: charge.amount,
    captured: true,
    outcome: outcomeOf('succeeded'),
    paid: true,
    receipt_url: `${world.url}/sandbox/receipts/${charge.id}`,
    status: 'succeeded',
  });
  const late = world.knobs.lateBalanceMs;
  if (late === 0) bookCharge(world, charge);
  else world.later(late, () => bookIfMissing(world, charge));
  Object.assign(intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    next_action: null,
    status: 'succeeded',
  });
  world.emit('charge.succeeded', charge);
  world.emit('payment_intent.succeeded', intent);
}

interface Failure {
  readonly charge: Stripe.Charge;
  readonly method: Stripe.PaymentMethod;
  readonly code: Stripe.PaymentIntent.LastPaymentError.Code;
}

function fail(world: World, intent: Stripe.PaymentIntent, { charge, method, code }: Failure): void {
  world.emit('charge.failed', charge);
  lose(world, intent, {
    type: code === 'card_declined' ? 'card_error' : 'invalid_request_error',
    code,
    ...(code === 'card_declined' ? { decline_code: 'generic_decline' } : {}),
    charge: charge.id,
    message: charge.failure_message ?? DECLINED,
    payment_method: snapshot(method),
  });
}

function lose(world: World, intent: Stripe.PaymentIntent, error: Stripe.PaymentIntent.LastPaymentError): void {
  Object.assign(intent, {
    last_payment_error: error,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  world.emit('payment_intent.payment_failed', intent);
}
