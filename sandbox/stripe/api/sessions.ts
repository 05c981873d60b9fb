import type Stripe from 'stripe';
import { z } from 'zod';
import { badParams, refusal } from '../errors.js';
import { expire, expireOverdue } from '../flows/checkout.js';
import { page } from '../lists.js';
import { makeSession } from '../objects/checkout-session.js';
import { hasAddress } from '../objects/customer.js';
import { makeLineItem } from '../objects/line-item.js';
import type { MethodType } from '../objects/payment-method.js';
import { listParams, text } from '../params.js';
import type { World } from '../world.js';
import { list, nothing, retrieve, type Route, route } from './route.js';
import { type SessionParams, sessionParams } from '../objects/session-params.js';

const SHORTEST_S = 30 * 60;
const LONGEST_S = 24 * 3_600;
/** About half a dollar: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
export const LEAST = { usd: 50, cny: 400 } as const;

export const SESSIONS: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', sessionParams, create),
  list('checkout.session', '/v1/checkout/sessions', {
    customer: text,
    payment_intent: text,
    status: z.enum(['open', 'complete', 'expired']),
  }),
  retrieve('checkout.session', '/v1/checkout/sessions'),
  route('POST', '/v1/checkout/sessions/:id/expire', nothing, (world, _, id) => expire(world, id)),
  route('GET', '/v1/checkout/sessions/:id/line_items', z.strictObject(listParams), (world, params, id) => {
    const { created } = world.store.get('checkout.session', id);
    const items = (world.lineItems.get(id) ?? []).map((item) => ({ ...item, created })).toReversed();
    const listed = page(`/v1/checkout/sessions/${id}/line_items`, items, params);
    return { ...listed, data: listed.data.map(({ created: _created, ...item }) => item) };
  }),
];

function create(world: World, params: SessionParams): object {
  const customer = params.customer === undefined ? undefined : world.store.get('customer', params.customer, 'customer');
  check(world, params, customer);
  const lineItems = params.line_items.map((item) => makeLineItem(world, item));
  const currency = lineItems[0]?.currency ?? 'usd';
  const session = makeSession(world, { params, customer, lineItems, currency, methods: methodsOf(params) });
  world.intentData.set(session.id, params.payment_intent_data ?? {});
  if (params.customer_update?.address === 'auto') world.addressUpdates.set(session.id, 'auto');
  world.later((session.expires_at - world.now()) * 1_000, () => expireOverdue(world));
  return session;
}

function check(world: World, params: SessionParams, customer: Stripe.Customer | undefined): void {
  const [first] = params.line_items;
  const currency = first?.price_data.currency ?? 'usd';
  if (params.line_items.some(({ price_data: data }) => data.currency !== currency)) {
    throw refusal(undefined, 'All line items must have the same currency.', 'line_items');
  }
  const total = params.line_items.reduce((sum, item) => sum + item.price_data.unit_amount * item.quantity, 0);
  if (total < LEAST[currency]) {
    throw refusal('amount_too_small', `The total must be at least ${LEAST[currency]} in minor units of ${currency}.`);
  }
  if (total > 99_999_999) throw refusal('amount_too_large', 'The total must be no more than 99999999 minor units.');
  checkExpiry(world, params.expires_at);
  checkTax(params, customer);
  if (params.customer_update !== undefined && customer === undefined)
    throw refusal(undefined, '`customer_update` can only be used with `customer`.', 'customer_update');
  if (params.customer !== undefined && (params.customer_email ?? params.customer_creation) !== undefined) {
    throw refusal(
      undefined,
      'You may only specify one of these parameters: customer, customer_email or customer_creation.',
    );
  }
}

function checkExpiry(world: World, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return;
  const after = expiresAt - world.now();
  if (after >= SHORTEST_S && after <= LONGEST_S) return;
  const message =
    'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.';
  throw badParams(undefined, message, 'expires_at');
}

/** The allowed methods that support the request: a wallet can't be saved for later charges. */
function methodsOf(params: SessionParams): MethodType[] {
  const allowed = params.allowed_payment_method_types ?? ['card'];
  const isSaved = params.payment_intent_data?.setup_future_usage !== undefined;
  const methods = allowed.filter((type) => !isSaved || (type !== 'alipay' && type !== 'wechat_pay'));
  if (methods.length > 0) return methods;
  throw refusal(undefined, 'No payment method type is left that can be saved.', 'allowed_payment_method_types');
}

/** What Stripe Tax needs (docs.stripe.com/tax/checkout#create-session, #existing-customers). */
function checkTax(
  { automatic_tax: tax, customer_update: update, line_items: items }: SessionParams,
  customer: Stripe.Customer | undefined,
): void {
  if (tax?.enabled !== true) return;
  if (items.some(({ price_data: data }) => data.tax_behavior === undefined)) {
    throw refusal(
      undefined,
      'In order to use Stripe Tax, each price must specify a tax behavior, or a default must be set in the Dashboard.',
      'line_items[0][price_data][tax_behavior]',
    );
  }
  if (customer === undefined || update?.address === 'auto' || hasAddress(customer)) return;
  throw refusal(
    'customer_tax_location_invalid',
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set either `customer_update[address]` to 'auto' or `customer_update[shipping]` to 'auto'.",
  );
}
