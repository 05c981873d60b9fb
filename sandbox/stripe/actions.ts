// Events at Stripe that no API request causes: customers pay, banks dispute, refunds come back.
import type Stripe from 'stripe';
import { authenticate, expire, pay, settleAsync } from './flows/checkout.js';
import { type DisputeFields, closeDispute, dispute, escalate } from './flows/disputes.js';
import { adjustment, foreignPayment, stripeFee } from './flows/foreign-money.js';
import { bookLate } from './flows/payments.js';
import { payout, warnOfFraud } from './flows/payouts.js';
import { failRefund, refund, settleRefund } from './flows/refunds.js';
import type { PaymentScenario } from './payment-scenario.js';
import { type World, snapshot } from './world.js';

/** Each returns the object in its new state. */
export interface Actions {
  /** The customer pays on the pay page, or tries to. */
  pay(sessionId: string, scenario?: PaymentScenario): Stripe.Checkout.Session;
  /** The customer finishes `three_d_secure`. */
  authenticate(sessionId: string, ok: boolean): Stripe.Checkout.Session;
  /** The bank settles `async`. */
  settleAsync(sessionId: string, ok: boolean): Stripe.Checkout.Session;
  expire(sessionId: string): Stripe.Checkout.Session;
  dispute(chargeOrIntent: string, fields?: DisputeFields): Stripe.Dispute;
  /** An inquiry becomes a dispute. */
  escalate(disputeId: string): Stripe.Dispute;
  /** `partial` is how much of a won dispute comes back, in minor units. */
  closeDispute(disputeId: string, outcome: 'won' | 'lost', how?: { readonly partial?: number }): Stripe.Dispute;
  warnOfFraud(chargeId: string): Stripe.Radar.EarlyFraudWarning;
  /** A refund made in the dashboard instead of through the API; without an amount, of everything that is left. */
  refundInDashboard(intentId: string, amount?: number): Stripe.Refund;
  /** A pending refund succeeds. */
  settleRefund(refundId: string): Stripe.Refund;
  /** Possible even after it succeeded. */
  failRefund(refundId: string): Stripe.Refund;
  /** A payment in US cents that is not ours: it names no order. */
  foreignPayment(amount: number): Stripe.PaymentIntent;
  /** Stripe takes a fee, in US cents. */
  stripeFee(amount: number): Stripe.BalanceTransaction;
  /** Stripe corrects the balance, in US cents. */
  adjustment(amount: number): Stripe.BalanceTransaction;
  payout(how?: { readonly fail?: boolean; readonly cancel?: boolean }): Stripe.Payout;
  /** Gives every waiting charge its balance transaction. */
  bookLate(): void;
}

export const actionsOn = (world: World): Actions => ({
  pay: (id, scenario = 'card') => snapshot(pay(world, id, scenario)),
  authenticate: (id, ok) => snapshot(authenticate(world, id, ok)),
  settleAsync: (id, ok) => snapshot(settleAsync(world, id, ok)),
  expire: (id) => snapshot(expire(world, id)),
  dispute: (id, fields) => snapshot(dispute(world, id, fields)),
  escalate: (id) => snapshot(escalate(world, id)),
  closeDispute: (id, outcome, how) => snapshot(closeDispute(world, id, outcome, how)),
  warnOfFraud: (id) => snapshot(warnOfFraud(world, id)),
  refundInDashboard: (id, amount) => {
    const { latest_charge: charge } = world.store.get('payment_intent', id);
    return snapshot(refund(world, { charge: world.store.get('charge', String(charge)), amount }));
  },
  settleRefund: (id) => snapshot(settleRefund(world, id)),
  failRefund: (id) => snapshot(failRefund(world, id)),
  foreignPayment: (amount) => snapshot(foreignPayment(world, amount)),
  stripeFee: (amount) => snapshot(stripeFee(world, amount)),
  adjustment: (amount) => snapshot(adjustment(world, amount)),
  payout: ({ fail = false, cancel = false } = {}) =>
    snapshot(payout(world, fail ? 'failed' : cancel ? 'canceled' : 'paid')),
  bookLate: () => bookLate(world),
});
