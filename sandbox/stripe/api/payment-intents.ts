import { z } from 'zod';
import { refusal } from '../errors.js';
import { cancel, chargeSaved } from '../flows/payments.js';
import { makeIntent } from '../objects/payment-intent.js';
import { currency, flag, metadata, minorUnits, text } from '../params.js';
import type { World } from '../world.js';
import { list, retrieve, type Route, route } from './route.js';
import { LEAST } from './sessions.js';

const creation = z.strictObject({
  amount: minorUnits,
  currency,
  customer: text.optional(),
  payment_method: text.optional(),
  allowed_payment_method_types: z
    .array(z.enum(['card'], 'The sandbox charges saved cards only'))
    .min(1)
    .optional(),
  confirm: flag.optional(),
  off_session: flag.optional(),
  error_on_requires_action: flag.optional(),
  hooks: z.strictObject({ inputs: z.strictObject({ tax: z.strictObject({ calculation: text }) }) }).optional(),
  description: text.optional(),
  metadata: metadata.optional(),
  receipt_email: text.optional(),
});
type Creation = z.output<typeof creation>;

const reason = z.enum(['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer']).optional();

export const PAYMENT_INTENTS: readonly Route[] = [
  route('POST', '/v1/payment_intents', creation, create),
  list('payment_intent', '/v1/payment_intents', { customer: text }),
  retrieve('payment_intent', '/v1/payment_intents'),
  route(
    'POST',
    '/v1/payment_intents/:id/cancel',
    z.strictObject({ cancellation_reason: reason }),
    (world, params, id) => {
      const intent = world.store.get('payment_intent', id);
      if (world.store.all('checkout.session').some(({ payment_intent: its }) => its === id)) {
        throw refusal(
          'payment_intent_unexpected_state',
          'You cannot cancel this PaymentIntent because it was created by Checkout: expire the session.',
        );
      }
      cancel(world, intent, params.cancellation_reason ?? null);
      return intent;
    },
  ),
];

function create(world: World, params: Creation): object {
  const { customer, payment_method: methodId } = params;
  if (params.amount < LEAST[params.currency])
    throw refusal('amount_too_small', 'Amount must be at least $0.50.', 'amount');
  if (customer !== undefined) world.store.get('customer', customer, 'customer');
  const calculation = params.hooks?.inputs.tax.calculation;
  if (calculation !== undefined) world.store.get('tax.calculation', calculation, 'hooks[inputs][tax][calculation]');
  const method = methodId === undefined ? undefined : world.store.get('payment_method', methodId, 'payment_method');
  if (method !== undefined && (method.customer === null || method.customer !== customer)) {
    throw refusal(undefined, `The payment method ${method.id} does not belong to this customer.`, 'payment_method');
  }
  checkConfirmation(params);
  if (params.confirm === true && method === undefined) {
    throw refusal(
      'payment_intent_unexpected_state',
      "You cannot confirm this PaymentIntent because it's missing a payment method: send `payment_method`.",
    );
  }
  const intent = makeIntent(world, {
    ...params,
    receiptEmail: params.receipt_email,
    allowed: params.allowed_payment_method_types,
    methods: params.allowed_payment_method_types ?? ['card'],
  });
  if (method === undefined) return intent;
  if (params.confirm === true) chargeSaved(world, intent, method);
  else Object.assign(intent, { payment_method: method.id, status: 'requires_confirmation' });
  return intent;
}

/** As Stripe picks the payment methods (docs.stripe.com/changelog/2023-08-16/automatic-payment-methods), and some of them redirect. */
function checkConfirmation({ confirm, off_session: absent, error_on_requires_action: failing }: Creation): void {
  if (failing === true) {
    throw refusal(
      undefined,
      '`error_on_requires_action` can’t be used with automatic payment methods.',
      'error_on_requires_action',
    );
  }
  if (confirm === true && absent !== true) {
    throw refusal(
      undefined,
      'A `return_url` must be specified because this Payment Intent is configured to automatically accept the payment methods enabled in the Dashboard, some of which may require a full page redirect to succeed.',
    );
  }
  if (confirm !== true && absent === true)
    throw refusal(undefined, '`off_session` can only be used with `confirm`.', 'off_session');
}
