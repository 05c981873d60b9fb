import { afterEach, beforeEach, expect, it } from 'vitest';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

const list = async (params = {}) => (await bench.stripe.balanceTransactions.list(params)).data;

it('books payments that name no order, fees of Stripe’s and corrections', async () => {
  const { latest_charge: charge, metadata } = bench.sandbox.foreignPayment(5_000);
  bench.sandbox.stripeFee(150);
  bench.sandbox.adjustment(-100);
  expect(metadata).toEqual({});
  expect(
    (await list()).map(({ type, reporting_category, net, source }) => [type, reporting_category, net, source]),
  ).toEqual([
    ['adjustment', 'other_adjustment', -100, null],
    ['stripe_fee', 'fee', -150, null],
    ['charge', 'charge', 4_825, charge],
  ]);
});

it('lists balance transactions by type, time and payout, with their sources', async () => {
  const { latest_charge: id } = bench.sandbox.foreignPayment(5_000);
  const { id: payout } = bench.sandbox.payout();
  bench.sandbox.stripeFee(150);
  expect((await list({ payout })).map(({ type }) => type)).toEqual(['payout', 'charge']);
  const [fee] = await list({ type: 'stripe_fee' });
  const created = fee?.created ?? 0;
  expect(await list({ created: { gte: created + 1 } })).toEqual([]);
  expect(await list({ created: { lt: created + 1 } })).toHaveLength(3);
  const [charge] = await list({ type: 'charge', expand: ['data.source'] });
  expect(charge?.source).toMatchObject({ object: 'charge', id });
});

it('refuses a type that is none, and a payout that it does not know', async () => {
  await expect(list({ type: 'gift' })).rejects.toMatchObject({ statusCode: 400, param: 'type' });
  await expect(list({ payout: 'po_none' })).rejects.toMatchObject({ code: 'resource_missing', param: 'payout' });
});
