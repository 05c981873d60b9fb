// Stripe Tax for charges without a checkout: https://docs.stripe.com/tax/payment-intent
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
let customer: string;
beforeEach(async () => {
  bench = await StripeBench.open();
  ({ id: customer } = await bench.stripe.customers.create({ email: 'ada@example.com' }));
});
afterEach(() => bench.close());

const calculate = () => {
  const item = { amount: 1_000, reference: 'order_1', tax_behavior: 'inclusive' as const };
  return bench.stripe.tax.calculations.create({ currency: 'usd', customer, line_items: [item] });
};
const taxed = (address: 'auto' | 'never') =>
  bench.checkout({
    customer,
    customer_update: { address },
    automatic_tax: { enabled: true },
    billing_address_collection: 'required',
    line_items: [
      {
        price_data: {
          currency: 'usd',
          unit_amount: 1_000,
          product_data: { name: 'Credit' },
          tax_behavior: 'inclusive',
        },
        quantity: 1,
      },
    ],
  });

it('a calculation needs an address, which a checkout keeps with the customer', async () => {
  await expect(calculate()).rejects.toMatchObject({ code: 'customer_tax_location_invalid' });
  await expect(taxed('never')).rejects.toMatchObject({ code: 'customer_tax_location_invalid' });
  bench.sandbox.pay((await taxed('auto')).id);
  expect(await bench.stripe.customers.retrieve(customer)).toMatchObject({ address: { country: 'GB' } });
  expect(await calculate()).toMatchObject({ amount_total: 1_000, tax_amount_inclusive: 167, tax_amount_exclusive: 0 });
  bench.sandbox.pay((await taxed('never')).id);
});

it('a payment intent names a calculation that is there', async () => {
  bench.sandbox.pay((await taxed('auto')).id);
  const charge = (calculation: string) =>
    bench.stripe.paymentIntents.create({
      amount: 1_000,
      currency: 'usd',
      customer,
      hooks: { inputs: { tax: { calculation } } },
    });
  await expect(charge('taxcalc_none')).rejects.toMatchObject({ code: 'resource_missing' });
  const { id } = await calculate();
  const intent = await charge(id ?? '');
  expect((await bench.stripe.paymentIntents.retrieve(intent.id)).hooks?.inputs?.tax?.calculation).toBe(id);
});

it('`customer_update` is refused without a customer', () =>
  expect(bench.checkout({ customer_update: { address: 'auto' } })).rejects.toMatchObject({ param: 'customer_update' }));
