// What Stripe's answers to the request for a refund mean: only one that is refused for good may give the credit back.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StripeBench } from '../../../test/support/stripe/stripe-bench.js';
import { usd } from '../../kernel/index.js';
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

describe('a checkout that Stripe failed to open', () => {
  const topup = {
    topupId: 'top',
    accountId: 'acc',
    credit: usd('10'),
    currency: 'usd',
    priceMinor: 1_000,
    expiresAt: Date.now() + 3_600_000,
  };
  const links = { paid: 'https://gateway.test/paid', canceled: 'https://gateway.test/canceled' };
  const open = () => payments.openCheckout(topup, links);
  const sessions = async () => (await bench.stripe.checkout.sessions.list()).data.map(({ id }) => id);

  it.each([
    ['though it was made', true],
    ['and that was not made', false],
  ])('%s is open at the next try, and there is one', async (_, worked) => {
    bench.sandbox.fail({ route: 'POST /v1/checkout/sessions', answer: 500, kept: true, worked });
    await expect(open()).rejects.toThrow(PaymentProviderUnavailable);
    const checkout = await open();
    expect(checkout.url).toMatch('/c/pay/');
    expect(await open()).toEqual(checkout);
    expect(await sessions()).toEqual([checkout.sessionId]);
  });

  it('twice is asked for under a third key', async () => {
    bench.sandbox.fail({ route: 'POST /v1/checkout/sessions', answer: 500, kept: true, worked: false, times: 2 });
    await expect(open()).rejects.toThrow(PaymentProviderUnavailable);
    await expect(open()).rejects.toThrow(PaymentProviderUnavailable);
    const { sessionId } = await open();
    expect(await sessions()).toEqual([sessionId]);
  });

  it('by a fault that Stripe does not keep is asked for under the same key', async () => {
    bench.sandbox.fail({ route: 'POST /v1/checkout/sessions', answer: 500 });
    await expect(open()).rejects.toThrow(PaymentProviderUnavailable);
    const { sessionId } = await open();
    expect(await sessions()).toEqual([sessionId]);
  });
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

it('knows all refunds of a payment, also those before the last hundred', async () => {
  const paymentIntentId = await bench.paid();
  for (let cent = 0; cent < 100; cent++) bench.sandbox.refundInDashboard(paymentIntentId, 1);
  await payments.refund({ refundId: 'r', topupId: 'top', paymentIntentId, amountMinor: 2 });
  for (let cent = 0; cent < 100; cent++) bench.sandbox.refundInDashboard(paymentIntentId, 1);
  const refunds = (await payments.payment({ paymentIntentId }))?.refunds ?? [];
  expect(refunds).toHaveLength(201);
  expect(refunds.flatMap(({ refundId }) => refundId ?? [])).toEqual(['r']);
});
