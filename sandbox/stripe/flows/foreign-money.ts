// What changes the balance of the account and belongs to no checkout: payments that somebody else took with the same
// account, Stripe's own fees and corrections. https://docs.stripe.com/reports/balance-transaction-types
import type Stripe from 'stripe';
import { refusal } from '../errors.js';
import { book } from '../money.js';
import { makeIntent } from '../objects/payment-intent.js';
import { makePaymentMethod } from '../objects/payment-method.js';
import type { World } from '../world.js';
import { succeed } from './payments.js';

/** A card payment in US cents without anybody's order id, as made in the dashboard or by another system. */
export function foreignPayment(world: World, amount: number): Stripe.PaymentIntent {
  if (amount < 1) throw refusal('parameter_invalid_integer', 'Invalid positive integer', 'amount');
  const intent = makeIntent(world, { amount, currency: 'usd', methods: ['card'], description: 'Invoice 1001' });
  succeed(world, intent, makePaymentMethod(world, 'card', null));
  return intent;
}

/** A fee for a service of Stripe's, which it takes from the balance. */
export const stripeFee = (world: World, amount: number): Stripe.BalanceTransaction =>
  book(world, {
    type: 'stripe_fee',
    category: 'fee',
    source: null,
    amount: -amount,
    currency: 'usd',
    description: 'Radar for Fraud Teams',
  });

/** A correction by Stripe; negative when it takes money. */
export const adjustment = (world: World, amount: number): Stripe.BalanceTransaction =>
  book(world, {
    type: 'adjustment',
    category: 'other_adjustment',
    source: null,
    amount,
    currency: 'usd',
    description: 'Correction by Stripe',
  });
