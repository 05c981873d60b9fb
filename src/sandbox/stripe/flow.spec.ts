// The whole way of a payment, with the official package as the client.
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxStripe, startSandboxStripe } from './index.js';

const SECRET = 'whsec_test';
let sandbox: SandboxStripe;
let stripe: Stripe;
let receiver: Server;
let received: Stripe.Event[];
beforeEach(async () => {
  sandbox = await startSandboxStripe();
  stripe = new Stripe(sandbox.secretKey, { ...sandbox.clientOptions, maxNetworkRetries: 0 });
  received = [];
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      received.push(stripe.webhooks.constructEvent(body, String(request.headers['stripe-signature']), SECRET));
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  sandbox.deliverTo(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks`, SECRET);
});
afterEach(async () => {
  await sandbox.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const open = (
  currency: 'usd' | 'cny' = 'usd',
  amount = 1_000,
  more: Partial<Stripe.Checkout.SessionCreateParams> = {},
) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price_data: { currency, unit_amount: amount, product_data: { name: 'Credit' } }, quantity: 1 }],
    success_url: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/no',
    client_reference_id: 'order_1',
    metadata: { order: 'order_1' },
    payment_intent_data: { metadata: { order: 'order_1' } },
    adaptive_pricing: { enabled: false },
    ...more,
  });

const told = async () => {
  await sandbox.webhooksSent();
  return received.splice(0).map(({ type }) => type);
};

describe('a card payment', () => {
  it('is told in Stripe’s order, signed', async () => {
    const session = await open();
    expect(session).toMatchObject({
      payment_intent: null,
      amount_total: 1_000,
      status: 'open',
      payment_status: 'unpaid',
    });
    sandbox.pay(session.id);
    expect(await told()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['payment_intent.latest_charge.balance_transaction', 'line_items'],
    });
    const intent = paid.payment_intent as Stripe.PaymentIntent;
    const charge = intent.latest_charge as Stripe.Charge;
    expect(paid).toMatchObject({
      payment_status: 'paid',
      status: 'complete',
      line_items: { data: [{ amount_total: 1_000 }] },
    });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1_000, metadata: { order: 'order_1' } });
    expect(charge.balance_transaction).toMatchObject({ amount: 1_000, fee: 59, net: 941, exchange_rate: null });
  });

  it('in yuan is settled in dollars', async () => {
    const session = await open('cny', 7_190);
    const { payment_intent: intent } = sandbox.pay(session.id);
    const charges = await stripe.charges.list({ payment_intent: String(intent), expand: ['data.balance_transaction'] });
    expect(charges.data[0]?.balance_transaction).toMatchObject({
      amount: 999,
      currency: 'usd',
      exchange_rate: 0.139,
      fee: 69,
      net: 930,
    });
  });

  it('is refunded and disputed', async () => {
    const session = await open();
    const intent = String(sandbox.pay(session.id).payment_intent);
    await told();
    const refund = await stripe.refunds.create({ payment_intent: intent, amount: 400 }, { idempotencyKey: 'r1' });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 400 });
    expect(await told()).toEqual(['refund.created', 'charge.refunded']);
    const dispute = sandbox.dispute(intent, { amount: 600 });
    expect(dispute.balance_transactions).toMatchObject([{ amount: -600, fee: 1_500, net: -2_100 }]);
    sandbox.closeDispute(dispute.id, 'won', { partial: 500 });
    expect(await told()).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
  });
});
