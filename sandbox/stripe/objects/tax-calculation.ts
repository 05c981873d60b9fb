import type Stripe from 'stripe';
import type { Currency } from '../params.js';
import type { Kinds } from '../store.js';
import type { World } from '../world.js';
import { noAddress } from './payment-method.js';

/** A calculation can be used for 90 days (docs.stripe.com/api/tax/calculations/object). */
const VALID_S = 90 * 86_400;

/** The tax that a price includes: a fifth of it before tax, wherever the customer of a sandbox may live. */
export const taxWithin = (gross: number): number => Math.round(gross / 6);

export function makeTaxCalculation(
  world: World,
  {
    currency,
    customer,
    amount,
  }: { readonly currency: Currency; readonly customer: Stripe.Customer; readonly amount: number },
): Kinds['tax.calculation'] {
  return world.store.add('tax.calculation', {
    id: world.newId('taxcalc'),
    object: 'tax.calculation',
    amount_total: amount,
    currency,
    customer: customer.id,
    customer_details: {
      address: customer.address ?? noAddress(),
      address_source: 'billing',
      ip_address: null,
      tax_ids: [],
      taxability_override: 'none',
    },
    expires_at: world.now() + VALID_S,
    livemode: false,
    ship_from_details: null,
    shipping_cost: null,
    tax_amount_exclusive: 0,
    tax_amount_inclusive: taxWithin(amount),
    tax_breakdown: [],
    tax_date: world.now(),
  });
}
