// Charges of saved cards, where Stripe Tax says what tax is in them.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StripeBench } from '../../../test/support/stripe/stripe-bench.js';
import { usd } from '../../kernel/index.js';
import { type Card, PaymentProviderUnavailable } from '../../payments/index.js';
import type { Config } from '../../platform/config.js';
import { StripeCards } from './stripe-cards.js';
import { StripePayments } from './stripe-payments.js';

const TAXED = { STRIPE_TAX: true, TOPUP_PAYMENT_METHODS: 'card' } as Config;
const LINKS = { paid: 'https://shop.example/ok', canceled: 'https://shop.example/no' };
const order = (topupId: string) => ({
  topupId,
  accountId: 'acc',
  credit: usd('10'),
  currency: 'usd',
  priceMinor: 1_000,
  expiresAt: Date.now() + 3_600_000,
});

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

/** A card that was saved at a checkout, with Stripe Tax or before it was on. */
async function saved(config: Config): Promise<Card> {
  const customerId = await new StripeCards(bench.stripe, config).customerFor(order('first'), undefined);
  const { sessionId } = await new StripePayments(bench.stripe, config).openCheckout(order('first'), LINKS, customerId);
  bench.sandbox.pay(sessionId);
  const [method] = (await bench.stripe.paymentMethods.list({ customer: customerId })).data;
  return { customerId, paymentMethodId: method?.id ?? '' };
}

it('a charge has the tax of the address that its checkout kept, once, however often it is asked for', async () => {
  const [card, cards, payments] = [
    await saved(TAXED),
    new StripeCards(bench.stripe, TAXED),
    new StripePayments(bench.stripe, TAXED),
  ];
  expect(await cards.canBeTaxed(card)).toBe(true);
  const paymentIntentId = (await cards.charge(order('second'), card)) ?? '';
  expect(await payments.payment({ paymentIntentId })).toMatchObject({
    orderId: 'second',
    status: 'paid',
    amountMinor: 1_000,
    taxMinor: 167,
  });
  expect(await cards.charge(order('second'), card)).toBe(paymentIntentId);
  expect(await cards.paymentOf(order('second'), card)).toBe(paymentIntentId);
  expect(await cards.paymentOf(order('third'), card)).toBeUndefined();
  await cards.forget(card);
  expect(await cards.paymentOf(order('third'), card)).toBeUndefined();
});

it.each(['POST /v1/customers', 'POST /v1/tax/calculations'])(
  '%s is tried again where Stripe repeats an error',
  async (route) => {
    const [card, cards] = [await saved(TAXED), new StripeCards(bench.stripe, TAXED)];
    const asking = () =>
      route.endsWith('customers') ? cards.customerFor(order('second'), undefined) : cards.charge(order('second'), card);
    bench.sandbox.fail({ route, answer: 500, kept: true });
    await expect(asking()).rejects.toThrow(PaymentProviderUnavailable);
    expect(await asking()).toMatch(/^(?:cus|pi)_/);
  },
);

it('a charge is never tried again under another key', async () => {
  const [card, cards] = [await saved(TAXED), new StripeCards(bench.stripe, TAXED)];
  bench.sandbox.fail({ route: 'POST /v1/payment_intents', answer: 500, kept: true, worked: false });
  for (let times = 0; times < 3; times++)
    await expect(cards.charge(order('second'), card)).rejects.toThrow(PaymentProviderUnavailable);
  expect((await bench.stripe.paymentIntents.list({ customer: card.customerId })).data).toHaveLength(1);
});

it('no charge is made of a card that was saved without an address', async () => {
  const card = await saved({ ...TAXED, STRIPE_TAX: false });
  const cards = new StripeCards(bench.stripe, TAXED);
  expect(await cards.canBeTaxed(card)).toBe(false);
  expect(await cards.charge(order('second'), card)).toBeUndefined();
  expect((await bench.stripe.paymentIntents.list({ customer: card.customerId })).data).toHaveLength(1);
});

it('a second card is saved under the customer who has the first one, unless Stripe knows that customer no more', async () => {
  const [card, cards] = [await saved(TAXED), new StripeCards(bench.stripe, TAXED)];
  expect(await cards.customerFor(order('second'), card)).toBe(card.customerId);
  await cards.forget(card);
  const customerId = await cards.customerFor(order('third'), card);
  expect(customerId).not.toBe(card.customerId);
  expect(await cards.customerFor(order('third'), undefined)).toBe(customerId);
});
