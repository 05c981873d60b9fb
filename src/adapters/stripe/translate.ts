// Finds out what an event of Stripe’s may be about. Pure. Nothing else of an event is used: it may be old, come twice or out of order, or be
// forged by somebody who learned the webhook’s secret. So Stripe is asked for the present state.
import type { Stripe } from 'stripe';
import type { PaymentHint } from '../../payments/index.js';
import { idOf } from './stripe-objects.js';

type Translations = { readonly [Type in Stripe.Event.Type]?: (object: never) => PaymentHint | undefined };

const session = ({ id, client_reference_id, metadata }: Stripe.Checkout.Session): PaymentHint | undefined => {
  const topupId = client_reference_id ?? metadata?.['topup_id'];
  return topupId ? { type: 'topup', topupId, sessionId: id } : undefined;
};

const intent = ({ id, metadata }: Stripe.PaymentIntent): PaymentHint | undefined => {
  const topupId = metadata['topup_id'];
  return topupId ? { type: 'topup', topupId, paymentIntentId: id } : undefined;
};

type OfPayment = { readonly payment_intent?: string | Stripe.PaymentIntent | null };

/** A charge, a refund, a dispute or a warning: the payment it belongs to names the order. */
const ofPayment = ({ payment_intent }: OfPayment): PaymentHint | undefined => {
  const paymentIntentId = idOf(payment_intent);
  return paymentIntentId === undefined ? undefined : { type: 'payment', paymentIntentId };
};

const payout = ({ id }: Stripe.Payout): PaymentHint => ({ type: 'payout', payoutId: id });

const TRANSLATIONS = {
  'checkout.session.completed': session,
  'checkout.session.expired': session,
  'checkout.session.async_payment_succeeded': session,
  'checkout.session.async_payment_failed': session,
  'payment_intent.processing': intent,
  'payment_intent.succeeded': intent,
  'payment_intent.payment_failed': intent,
  'payment_intent.canceled': intent,
  'charge.succeeded': ofPayment,
  'charge.pending': ofPayment,
  'charge.failed': ofPayment,
  'charge.updated': ofPayment,
  'charge.refunded': ofPayment,
  'charge.refund.updated': ofPayment,
  'refund.created': ofPayment,
  'refund.updated': ofPayment,
  'refund.failed': ofPayment,
  'charge.dispute.created': ofPayment,
  'charge.dispute.updated': ofPayment,
  'charge.dispute.closed': ofPayment,
  'charge.dispute.funds_withdrawn': ofPayment,
  'charge.dispute.funds_reinstated': ofPayment,
  'radar.early_fraud_warning.created': ofPayment,
  'radar.early_fraud_warning.updated': ofPayment,
  'payout.paid': payout,
  'payout.failed': payout,
  'payout.canceled': payout,
  'payout.updated': payout,
} as const satisfies Translations;

/** The events that the webhook must be subscribed to. */
export const EVENT_TYPES = Object.keys(TRANSLATIONS) as readonly (keyof typeof TRANSLATIONS)[];

/** What an event may be about; undefined when it does not concern us. */
export function translate({ type, data }: Pick<Stripe.Event, 'type' | 'data'>): PaymentHint | undefined {
  const translation = Object.hasOwn(TRANSLATIONS, type)
    ? (TRANSLATIONS[type as keyof typeof TRANSLATIONS] as (object: unknown) => PaymentHint | undefined)
    : undefined;
  return translation?.(data.object);
}
