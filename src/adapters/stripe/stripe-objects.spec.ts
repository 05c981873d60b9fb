import type { Stripe } from 'stripe';
import { expect, it } from 'vitest';
import { ofIntent, ofSession } from './stripe-objects.js';

const lost = (error: Partial<Stripe.PaymentIntent.LastPaymentError>): string | undefined => {
  const unpaid = { id: 'pi_1', amount_received: 0, currency: 'usd', latest_charge: null, metadata: {} };
  const failed = { ...unpaid, status: 'requires_payment_method', last_payment_error: error };
  return ofIntent(failed as unknown as Stripe.PaymentIntent).reason;
};

it('a declined card is reported with the bank’s own reason', () => {
  expect(lost({ code: 'card_declined', decline_code: 'insufficient_funds' })).toBe('insufficient_funds');
  expect(lost({ code: 'payment_intent_payment_attempt_failed' })).toBe('payment_intent_payment_attempt_failed');
});

const intent = (status: string, more: object = {}) => ({
  id: 'pi_1',
  status,
  amount_received: 1_000,
  currency: 'usd',
  latest_charge: null,
  last_payment_error: null,
  metadata: { topup_id: 'top' },
  ...more,
});
const PAID = {
  id: 'cs_1',
  status: 'complete',
  payment_status: 'paid',
  currency: 'usd',
  url: 'https://stripe.test/pay',
  client_reference_id: 'top',
  metadata: { topup_id: 'top' },
  payment_intent: intent('succeeded'),
};
const session = (more: object) => ofSession({ ...PAID, ...more } as unknown as Stripe.Checkout.Session);

it.each([
  ['paid', {}],
  ['open', { status: 'open', payment_status: 'unpaid', payment_intent: null }],
  ['open', { status: 'open', payment_status: 'unpaid', payment_intent: intent('requires_payment_method') }],
  ['expired', { status: 'expired', payment_status: 'unpaid', payment_intent: null }],
  ['failed', { payment_intent: null }],
  ['pending', { payment_status: 'unpaid', payment_intent: intent('processing') }],
  ['pending', { payment_status: 'unpaid' }],
  ['failed', { payment_status: 'unpaid', payment_intent: intent('requires_payment_method') }],
  ['failed', { payment_intent: intent('canceled') }],
])('a checkout is %s: %j', (status, more) => {
  const found = session(more);
  expect([found.status, found.checkoutUrl]).toEqual([
    status,
    status === 'open' ? 'https://stripe.test/pay' : undefined,
  ]);
});

it('a checkout is of an order only where all that name one agree', () => {
  expect(session({}).orderId).toBe('top');
  expect(session({ client_reference_id: 'another' }).orderId).toBeUndefined();
  expect(session({ metadata: { topup_id: 'another' } }).orderId).toBeUndefined();
  expect(session({ payment_intent: intent('succeeded', { metadata: {} }) }).orderId).toBeUndefined();
  expect(session({ client_reference_id: null, metadata: {}, payment_intent: null }).orderId).toBeUndefined();
});

it.each([
  ['paid', {}],
  ['pending', { status: 'processing' }],
  ['failed', { status: 'canceled' }],
  ['failed', { status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } }],
  ['open', { status: 'requires_payment_method' }],
])('a charge of a saved card is %s: %j', (status, more) => {
  const found = ofIntent(intent('succeeded', more) as unknown as Stripe.PaymentIntent);
  expect([found.status, found.orderId]).toEqual([status, 'top']);
});
