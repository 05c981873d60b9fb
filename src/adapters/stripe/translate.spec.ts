import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, translate } from './translate.js';

const translated = (type: string, object: object) => translate({ type, data: { object } } as unknown as Stripe.Event);

const session = { id: 'cs_1', client_reference_id: 'top', metadata: { topup_id: 'top' }, amount_total: 1 };
const intent = { id: 'pi_1', metadata: { topup_id: 'top' }, amount_received: 1 };
const ofPayment = { id: 'x_1', payment_intent: 'pi_1', metadata: { topup_id: 'forged' }, amount: 1 };

/** For each type that a webhook is subscribed to: an object of it, and what it may be about. */
const TABLE: Readonly<Record<(typeof EVENT_TYPES)[number], readonly [object, object]>> = {
  ...each(
    [
      'checkout.session.completed',
      'checkout.session.expired',
      'checkout.session.async_payment_succeeded',
      'checkout.session.async_payment_failed',
    ],
    session,
    { type: 'topup', topupId: 'top', sessionId: 'cs_1' },
  ),
  ...each(
    [
      'payment_intent.processing',
      'payment_intent.succeeded',
      'payment_intent.payment_failed',
      'payment_intent.canceled',
    ],
    intent,
    { type: 'topup', topupId: 'top', paymentIntentId: 'pi_1' },
  ),
  ...each(
    [
      'charge.succeeded',
      'charge.pending',
      'charge.failed',
      'charge.updated',
      'charge.refunded',
      'charge.refund.updated',
      'refund.created',
      'refund.updated',
      'refund.failed',
      'charge.dispute.created',
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.funds_reinstated',
      'radar.early_fraud_warning.created',
      'radar.early_fraud_warning.updated',
    ],
    ofPayment,
    { type: 'payment', paymentIntentId: 'pi_1' },
  ),
  ...each(
    ['payout.paid', 'payout.failed', 'payout.canceled', 'payout.updated'],
    { id: 'po_1', amount: 1 },
    {
      type: 'payout',
      payoutId: 'po_1',
    },
  ),
};

function each<Type extends string>(types: readonly Type[], object: object, hint: object) {
  return Object.fromEntries(types.map((type) => [type, [object, hint] as const])) as Record<
    Type,
    readonly [object, object]
  >;
}

describe('an event', () => {
  it.each(EVENT_TYPES)('%s is a hint, and nothing of it is believed but whom to ask about', (type) => {
    const [object, hint] = TABLE[type];
    expect(translated(type, object)).toEqual(hint);
  });

  it('of another type is of no concern', () => {
    for (const type of ['customer.created', 'constructor', '__proto__', 'payment_intent.created'])
      expect(translated(type, intent)).toBeUndefined();
  });

  it('of something that is not ours is of no concern', () => {
    expect(
      translated('checkout.session.completed', { id: 'cs_1', client_reference_id: null, metadata: {} }),
    ).toBeUndefined();
    expect(translated('payment_intent.succeeded', { id: 'pi_1', metadata: {} })).toBeUndefined();
    expect(translated('charge.succeeded', { id: 'ch_1', payment_intent: null })).toBeUndefined();
  });
});
