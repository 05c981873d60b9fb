import { expect, it } from 'vitest';
import { paymentFailure } from './payment-failure.js';

it.each([
  ['insufficient_funds', 'insufficient_funds'],
  ['generic_decline', 'card_declined'],
  ['incorrect_cvc', 'incorrect_details'],
  ['authentication_required', 'authentication_required'],
  ['payment_intent_payment_attempt_failed', 'payment_failed'],
  ['a code that comes later', 'payment_failed'],
])('%s is told as %s', (reason, kind) => expect(paymentFailure(reason)).toBe(kind));

it.each(['fraudulent', 'lost_card', 'stolen_card', 'merchant_blacklist', 'pickup_card'])(
  'the payer is not told of %s, only that the card was declined',
  (reason) => expect(paymentFailure(reason)).toBe('card_declined'),
);
