import type { Stripe } from 'stripe';
import { expect, it } from 'vitest';
import { ofIntent } from './stripe-objects.js';

const lost = (error: Partial<Stripe.PaymentIntent.LastPaymentError>): string | undefined => {
  const intent = { id: 'pi_1', amount_received: 0, currency: 'usd', latest_charge: null, metadata: {} };
  const failed = { ...intent, status: 'requires_payment_method', last_payment_error: error };
  return ofIntent(failed as unknown as Stripe.PaymentIntent).reason;
};

it('a declined card is reported with the bank’s own reason', () => {
  expect(lost({ code: 'card_declined', decline_code: 'insufficient_funds' })).toBe('insufficient_funds');
  expect(lost({ code: 'payment_intent_payment_attempt_failed' })).toBe('payment_intent_payment_attempt_failed');
});
