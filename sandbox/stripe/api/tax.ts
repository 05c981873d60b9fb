// What a custom payment flow needs of Stripe Tax: https://docs.stripe.com/tax/payment-intent
import { z } from 'zod';
import { missing, refusal } from '../errors.js';
import { hasAddress } from '../objects/customer.js';
import { makeTaxCalculation } from '../objects/tax-calculation.js';
import { currency, minorUnits, text } from '../params.js';
import { type Route, route } from './route.js';

const calculation = z.strictObject({
  currency,
  customer: text,
  line_items: z
    .array(
      z.strictObject({
        amount: minorUnits,
        reference: text.optional(),
        tax_behavior: z.literal('inclusive', 'The sandbox only supports tax_behavior inclusive'),
      }),
    )
    .min(1)
    .max(100),
});

export const TAX: readonly Route[] = [
  route('POST', '/v1/tax/calculations', calculation, (world, { currency: of, customer: id, line_items: items }) => {
    const customer = world.store.get('customer', id, 'customer');
    if (!hasAddress(customer)) {
      throw refusal(
        'customer_tax_location_invalid',
        "We could not determine the customer's tax location based on the provided customer address.",
        'customer',
      );
    }
    const amount = items.reduce((sum, item) => sum + item.amount, 0);
    return makeTaxCalculation(world, { currency: of, customer, amount });
  }),
  route('GET', '/v1/tax/calculations/:id', z.strictObject({}), (world, _, id) => {
    const found = world.store.get('tax.calculation', id);
    if ((found.expires_at ?? 0) <= world.now()) throw missing('tax calculation', id);
    return found;
  }),
];
