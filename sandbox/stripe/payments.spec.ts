// The ways of a payment, with the official package as the client.
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';
import { startSandboxStripe } from './index.js';

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

const intentOf = (id: unknown, expand: string[] = []) => bench.stripe.paymentIntents.retrieve(String(id), { expand });

describe('a checkout session', () => {
  it('has no payment intent until the customer tries to pay', async () => {
    const session = await bench.checkout();
    expect(session).toMatchObject({
      payment_intent: null,
      status: 'open',
      payment_status: 'unpaid',
      amount_total: 1_000,
    });
    expect(session.url).toBe(`${bench.sandbox.url}/c/pay/${session.id}`);
  });

  it('paid by card emits events in Stripe’s order', async () => {
    const session = await bench.checkout();
    bench.sandbox.pay(session.id);
    expect(await bench.told()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    const paid = await bench.stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge.balance_transaction', 'line_items'],
    });
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    const charge = intent.latest_charge as Stripe.Charge;
    expect(paid).toMatchObject({ payment_status: 'paid', status: 'complete', url: null });
    expect(paid.line_items?.data).toMatchObject([{ amount_total: 1_000, description: 'Credit' }]);
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1_000, metadata: { order: 'order_1' } });
    expect(charge.balance_transaction).toMatchObject({
      type: 'charge',
      amount: 1_000,
      fee: 59,
      net: 941,
      exchange_rate: null,
    });
  });

  it('stays open when the card is declined, and can be paid then', async () => {
    const session = await bench.checkout();
    const declined = bench.sandbox.pay(session.id, 'declined');
    expect(await bench.told()).toEqual(['payment_intent.created', 'charge.failed', 'payment_intent.payment_failed']);
    expect(declined.status).toBe('open');
    expect(await intentOf(declined.payment_intent)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined' },
    });
    const paid = bench.sandbox.pay(session.id);
    expect(paid.payment_intent).toBe(declined.payment_intent);
    expect(await intentOf(paid.payment_intent)).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  it('is paid once', async () => {
    const session = await bench.checkout();
    bench.sandbox.pay(session.id);
    expect(() => bench.sandbox.pay(session.id)).toThrow('This Checkout Session is complete');
  });

  it('waits for 3-D Secure, which may be refused', async () => {
    const session = await bench.checkout();
    const waiting = bench.sandbox.pay(session.id, 'three_d_secure');
    expect(await intentOf(waiting.payment_intent)).toMatchObject({
      status: 'requires_action',
      next_action: { type: 'redirect_to_url', redirect_to_url: { url: `${session.url}/authenticate` } },
    });
    expect(() => bench.sandbox.pay(session.id)).toThrow('waiting for the customer');
    bench.sandbox.authenticate(session.id, false);
    expect(await bench.told()).toEqual([
      'payment_intent.created',
      'payment_intent.requires_action',
      'payment_intent.payment_failed',
    ]);
    bench.sandbox.pay(session.id, 'three_d_secure');
    expect(bench.sandbox.authenticate(session.id, true).payment_status).toBe('paid');
  });

  it('is complete but unpaid while a bank debit is processed', async () => {
    const session = await bench.checkout();
    expect(bench.sandbox.pay(session.id, 'async')).toMatchObject({ status: 'complete', payment_status: 'unpaid' });
    expect(await bench.told()).toEqual([
      'payment_intent.created',
      'charge.pending',
      'payment_intent.processing',
      'checkout.session.completed',
    ]);
    expect(bench.sandbox.settleAsync(session.id, true).payment_status).toBe('paid');
    expect(await bench.told()).toEqual([
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.async_payment_succeeded',
    ]);
    expect(() => bench.sandbox.settleAsync(session.id, false)).toThrow('no payment that is being processed');
  });

  it('stays unpaid when the bank refuses a debit', async () => {
    const session = await bench.checkout();
    bench.sandbox.pay(session.id, 'async');
    await bench.told();
    expect(bench.sandbox.settleAsync(session.id, false).payment_status).toBe('unpaid');
    expect(await bench.told()).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
      'checkout.session.async_payment_failed',
    ]);
  });

  it('settles a bank debit by itself in time', async () => {
    bench.sandbox.knobs.settleAsyncMs = 10;
    const session = await bench.checkout();
    bench.sandbox.pay(session.id, 'async_succeeds');
    await expect
      .poll(async () => (await bench.stripe.checkout.sessions.retrieve(session.id)).payment_status)
      .toBe('paid');
  });

  it('is paid by a wallet only where the wallet was allowed', async () => {
    const session = await bench.checkout({ allowed_payment_method_types: ['card', 'alipay'] }, 'cny', 7_190);
    expect(() => bench.sandbox.pay(session.id, 'wechat_pay')).toThrow('not among the payment method types');
    const { payment_intent: id } = bench.sandbox.pay(session.id, 'alipay');
    const { latest_charge: charge } = await intentOf(id, ['latest_charge.balance_transaction']);
    expect(charge).toMatchObject({
      id: expect.stringMatching(/^py_/) as string,
      payment_method_details: { type: 'alipay' },
      balance_transaction: { type: 'payment' },
    });
  });

  it('expires, and its payment intent is canceled', async () => {
    const session = await bench.checkout();
    bench.sandbox.pay(session.id, 'declined');
    await bench.told();
    const expired = await bench.stripe.checkout.sessions.expire(session.id);
    expect(expired).toMatchObject({ status: 'expired', url: null });
    expect(await bench.told()).toEqual(['payment_intent.canceled', 'checkout.session.expired']);
    expect(() => bench.sandbox.pay(session.id)).toThrow('This Checkout Session is expired');
    await expect(bench.stripe.checkout.sessions.expire(session.id)).rejects.toThrow('Only Checkout Sessions');
  });

  it('can’t be paid when its time is over', async () => {
    let now = Date.now();
    const sandbox = await startSandboxStripe({ clock: { now: () => now } });
    const stripe = new Stripe(sandbox.secretKey, sandbox.clientOptions);
    const { id } = await stripe.checkout.sessions.create({
      mode: 'payment',
      line_items: [
        { price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Credit' } }, quantity: 1 },
      ],
      success_url: 'https://shop.example/ok',
      expires_at: Math.floor(now / 1_000) + 1_800,
    });
    now += 1_800_000;
    expect(() => sandbox.pay(id)).toThrow('This Checkout Session is expired');
    expect((await stripe.events.list()).data).toMatchObject([{ type: 'checkout.session.expired' }]);
    await sandbox.close();
  });

  it('keeps the card for later, when asked to', async () => {
    const customer = await bench.stripe.customers.create({ email: 'ada@example.com' });
    const session = await bench.checkout({
      customer: customer.id,
      payment_intent_data: { setup_future_usage: 'off_session' },
    });
    bench.sandbox.pay(session.id);
    const { data } = await bench.stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
    const charge = { amount: 2_000, currency: 'usd', customer: customer.id, off_session: true, confirm: true };
    const intent = await bench.stripe.paymentIntents.create({ ...charge, payment_method: data[0]?.id ?? '' });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 2_000 });
    const method = { payment_method: data[0]?.id ?? '' };
    const refused = [
      { ...charge, ...method, error_on_requires_action: true },
      { ...charge, ...method, off_session: false },
      { ...charge, ...method, confirm: false },
    ];
    for (const params of refused)
      await expect(bench.stripe.paymentIntents.create(params)).rejects.toMatchObject({
        type: 'StripeInvalidRequestError',
      });
    bench.sandbox.knobs.offSession = 'requires_authentication';
    await expect(
      bench.stripe.paymentIntents.create({ ...charge, payment_method: data[0]?.id ?? '' }),
    ).rejects.toMatchObject({
      statusCode: 402,
      code: 'authentication_required',
      payment_intent: { status: 'requires_payment_method' },
    });
    await bench.stripe.paymentMethods.detach(data[0]?.id ?? '');
    await expect(bench.stripe.paymentIntents.create({ ...charge, payment_method: data[0]?.id ?? '' })).rejects.toThrow(
      'does not belong to this customer',
    );
  });

  it('refuses what Stripe refuses', async () => {
    const now = Math.floor(Date.now() / 1_000);
    await expect(bench.checkout({ expires_at: now + 60 })).rejects.toMatchObject({ param: 'expires_at' });
    const saved = { payment_intent_data: { setup_future_usage: 'off_session' } } as const;
    await expect(bench.checkout({ ...saved, allowed_payment_method_types: ['wechat_pay'] })).rejects.toThrow(
      'be saved',
    );
    await expect(bench.checkout({ payment_method_types: ['card'] } as object)).rejects.toMatchObject({
      code: 'parameter_unknown',
    });
    await expect(bench.checkout({}, 'usd', 49)).rejects.toMatchObject({ code: 'amount_too_small' });
    await expect(bench.checkout({ customer: 'cus_none' })).rejects.toMatchObject({
      code: 'resource_missing',
      statusCode: 404,
    });
  });
});

describe('a payment in yuan', () => {
  it('is settled in whole cents of dollars, with a fee for the conversion', async () => {
    const id = await bench.paid('cny', 7_190);
    const { data } = await bench.stripe.charges.list({ payment_intent: id, expand: ['data.balance_transaction'] });
    expect(data[0]).toMatchObject({ amount: 7_190, currency: 'cny' });
    expect(data[0]?.balance_transaction).toMatchObject({
      amount: 999,
      currency: 'usd',
      exchange_rate: 0.139,
      fee: 69,
      net: 930,
    });
  });
});

describe('a late balance transaction', () => {
  it('is null at first and comes with charge.updated', async () => {
    bench.sandbox.knobs.lateBalanceMs = 3_600_000;
    const { latest_charge: id } = await intentOf(await bench.paid());
    expect(await bench.told()).not.toContain('charge.updated');
    expect((await bench.stripe.charges.retrieve(String(id))).balance_transaction).toBeNull();
    bench.sandbox.bookLate();
    expect(await bench.told()).toEqual(['charge.updated']);
    expect((await bench.stripe.charges.retrieve(String(id))).balance_transaction).toMatch(/^txn_/);
  });
});
