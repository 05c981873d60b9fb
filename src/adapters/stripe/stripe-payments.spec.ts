// What Stripe's answers to the request for a refund mean: only one that is refused for good may give the credit back.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StripeBench } from '../../../test/support/stripe/stripe-bench.js';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../../payments/index.js';
import type { Config } from '../../platform/config.js';
import { StripePayments } from './stripe-payments.js';

let bench: StripeBench;
let payments: StripePayments;
beforeEach(async () => {
  bench = await StripeBench.open();
  payments = new StripePayments(bench.stripe, { STRIPE_TAX: false, TOPUP_PAYMENT_METHODS: 'card' } as Config);
});
afterEach(() => bench.close());

const order = async (amountMinor: number) => ({
  refundId: 'r',
  topupId: 'top',
  paymentIntentId: await bench.paid(),
  amountMinor,
});

it.each([409, 429, 500, 'drop'] as const)('%s says that the refund may be made later, or was', async (answer) => {
  const refund = await order(400);
  bench.sandbox.fail({ route: 'POST /v1/refunds', answer, times: 2 });
  await expect(payments.refund(refund)).rejects.toThrow(PaymentProviderUnavailable);
  // The package itself has tried a dropped connection twice.
  await payments.refund(refund).catch(() => payments.refund(refund));
  const { data } = await bench.stripe.refunds.list({ payment_intent: refund.paymentIntentId });
  expect(data.map(({ amount }) => amount)).toEqual([400]);
});

it('more than was paid is refused for good', async () => {
  await expect(payments.refund(await order(1_001))).rejects.toThrow(PaymentProviderRefused);
});

it('of a payment that is charged back is refused for good, until the dispute is won', async () => {
  const refund = await order(400);
  const { id } = bench.sandbox.dispute(refund.paymentIntentId);
  await expect(payments.refund(refund)).rejects.toThrow(PaymentProviderRefused);
  bench.sandbox.closeDispute(id, 'won');
  await expect(payments.refund({ ...refund, refundId: 'r2' })).resolves.toBeUndefined();
});
