import { Stripe } from 'stripe';
import type { SessionParams } from './session-params.js';
import type { World } from '../world.js';

type LineItemParams = SessionParams['line_items'][number];

/** A line item with the price and product that Stripe makes from `price_data`. */
export function makeLineItem(world: World, { price_data: data, quantity }: LineItemParams): Stripe.LineItem {
  const amount = data.unit_amount * quantity;
  return {
    id: world.newId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: data.currency,
    description: data.product_data.name,
    metadata: {},
    price: makePrice(world, data),
    quantity,
  };
}

function makePrice(world: World, data: LineItemParams['price_data']): Stripe.Price {
  return {
    id: world.newId('price'),
    object: 'price',
    active: false,
    billing_scheme: 'per_unit',
    created: world.now(),
    currency: data.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: world.newId('prod'),
    recurring: null,
    tax_behavior: data.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: 'one_time',
    unit_amount: data.unit_amount,
    unit_amount_decimal: Stripe.Decimal.from(data.unit_amount),
  };
}
