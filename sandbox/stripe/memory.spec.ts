// The state of the sandbox after it was closed, or killed, and started again with its documents.
import { Stripe } from 'stripe';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryDocumentStore } from '../../src/adapters/memory/memory-document-store.js';
import type { DocumentStore } from '../../src/platform/documents/index.js';
import { type Knobs, type SandboxStripe, startSandboxStripe } from './index.js';

let running: SandboxStripe[] = [];
afterEach(async () => {
  for (const sandbox of running) await sandbox.close();
  running = [];
});

/** The same documents again, whoever closed them. */
class Kept extends MemoryDocumentStore {
  override async close(): Promise<void> {}
}

async function start(documents: DocumentStore, knobs: Partial<Knobs> = {}) {
  const sandbox = await startSandboxStripe({ documents, knobs });
  running.push(sandbox);
  const stripe = new Stripe(sandbox.secretKey, { ...sandbox.clientOptions, maxNetworkRetries: 0 });
  return { sandbox, stripe };
}

const order = (more: object = {}): Stripe.Checkout.SessionCreateParams => ({
  mode: 'payment',
  line_items: [{ price_data: { currency: 'usd', unit_amount: 1_000, product_data: { name: 'Credit' } }, quantity: 1 }],
  success_url: 'https://shop.example/ok',
  metadata: { order: 'order_1' },
  payment_intent_data: { metadata: { order: 'order_1' } },
  ...more,
});

describe('after a restart', () => {
  it('every object is there as it was, in the order of making', async () => {
    const documents = new Kept();
    const first = await start(documents);
    const { id } = await first.stripe.checkout.sessions.create(order({ customer_email: 'ada@example.com' }));
    const { payment_intent: intent } = first.sandbox.pay(id);
    const refund = await first.stripe.refunds.create({ payment_intent: String(intent), amount: 300 });
    const dispute = first.sandbox.dispute(String(intent), { amount: 700 });
    const told = async ({ stripe }: typeof first) => ({
      session: await stripe.checkout.sessions.retrieve(id, { expand: ['line_items', 'payment_intent.latest_charge'] }),
      refunds: (await stripe.refunds.list()).data,
      dispute: await stripe.disputes.retrieve(dispute.id),
      transactions: (await stripe.balanceTransactions.list({ limit: 100 })).data,
      events: (await stripe.events.list({ limit: 100 })).data,
    });
    const before = await told(first);
    await first.sandbox.close();
    const after = await told(await start(documents));
    expect(JSON.parse(JSON.stringify(after))).toEqual(JSON.parse(JSON.stringify(before)));
    expect(after.refunds.map((each) => each.id)).toEqual([refund.id]);
  });

  it('also of a kill: what it answered with is durable', async () => {
    const documents = new Kept();
    const first = await start(documents);
    const { id } = await first.stripe.checkout.sessions.create(order());
    const second = await start(documents); // beside the first, which closes nothing
    expect(await second.stripe.checkout.sessions.retrieve(id)).toMatchObject({ metadata: { order: 'order_1' } });
  });

  it('an open checkout can be paid, at the address it had or its present one', async () => {
    const documents = new Kept();
    const first = await start(documents);
    first.sandbox.deliverTo('http://127.0.0.1:9/nobody', 'whsec');
    const { id, url } = await first.stripe.checkout.sessions.create(order());
    await first.sandbox.close();
    const second = await start(documents);
    expect(second.sandbox.url).toBe(first.sandbox.url);
    expect((await fetch(String(url))).status).toBe(200);
    const third = await start(documents); // the address is taken
    expect(third.sandbox.url).not.toBe(first.sandbox.url);
    const moved = await third.stripe.checkout.sessions.retrieve(id);
    expect(moved.url).toBe(String(url).replace(first.sandbox.url, third.sandbox.url));
    expect(third.sandbox.pay(id)).toMatchObject({ payment_status: 'paid' });
  });

  it('a key of an idempotent request has its answer', async () => {
    const documents = new Kept();
    const first = await start(documents);
    const { id } = await first.stripe.checkout.sessions.create(order(), { idempotencyKey: 'order_1' });
    await first.sandbox.close();
    const { stripe } = await start(documents);
    expect((await stripe.checkout.sessions.create(order(), { idempotencyKey: 'order_1' })).id).toBe(id);
  });

  it('what was under way goes on: payments, refunds and balance transactions', async () => {
    const documents = new Kept();
    const never = { settleAsyncMs: 3_600_000, settleRefundMs: 3_600_000, lateBalanceMs: 3_600_000 };
    const first = await start(documents, { ...never, refunds: 'pending' });
    const pays = first.sandbox.pay((await first.stripe.checkout.sessions.create(order())).id, 'async_succeeds');
    const fails = first.sandbox.pay((await first.stripe.checkout.sessions.create(order())).id, 'async_fails');
    const { payment_intent: intent } = first.sandbox.pay((await first.stripe.checkout.sessions.create(order())).id);
    const refund = await first.stripe.refunds.create({ payment_intent: String(intent) });
    await first.sandbox.close();
    const { stripe } = await start(documents, { settleAsyncMs: 1, settleRefundMs: 1 });
    await expect
      .poll(async () => ({
        paid: (await stripe.checkout.sessions.retrieve(pays.id)).payment_status,
        failed: (await stripe.paymentIntents.retrieve(String(fails.payment_intent))).status,
        refunded: (await stripe.refunds.retrieve(refund.id)).status,
        unbooked: (await stripe.charges.list()).data.filter((each) => each.paid && each.balance_transaction === null),
      }))
      .toEqual({ paid: 'paid', failed: 'requires_payment_method', refunded: 'succeeded', unbooked: [] });
  });

  it('an unacknowledged webhook is delivered again, and is listed as pending until then', async () => {
    const documents = new Kept();
    const first = await start(documents);
    first.sandbox.deliverTo('http://127.0.0.1:9/nobody', 'whsec');
    await first.stripe.customers.create({ email: 'ada@example.com' });
    await first.sandbox.webhooksSent();
    await first.sandbox.close();
    const { sandbox, stripe } = await start(documents);
    const undelivered = async () =>
      (await stripe.events.list({ delivery_success: false })).data.map(({ type }) => type);
    expect(await undelivered()).toEqual(['customer.created']);
    sandbox.deliverTo(`${sandbox.url}/sandbox`, 'whsec'); // anybody who answers 200
    await sandbox.webhooksSent();
    expect(await undelivered()).toEqual([]);
    await sandbox.close();
    const third = await start(documents);
    expect((await third.stripe.events.list({ delivery_success: false })).data).toEqual([]);
  });
});
