// Webhooks as they are delivered, and all that can go wrong with them.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SECRET, StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

const customer = () => bench.stripe.customers.create({ email: 'ada@example.com' });
const undelivered = async () => (await bench.stripe.events.list({ delivery_success: false })).data;

describe('a webhook', () => {
  it('shows the object as it was then, and the request that caused it', async () => {
    const made = await bench.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'c1' });
    await bench.stripe.customers.update(made.id, { name: 'Bob' });
    await bench.sandbox.webhooksSent();
    const [created, updated] = bench.verified();
    expect(created).toMatchObject({
      type: 'customer.created',
      api_version: bench.stripe.getApiField('version'),
      data: { object: { id: made.id, name: 'Ada' } },
      pending_webhooks: 1,
      request: { id: made.lastResponse.requestId, idempotency_key: 'c1' },
    });
    expect(updated?.data).toMatchObject({ object: { name: 'Bob' }, previous_attributes: { name: 'Ada' } });
    expect(await bench.stripe.events.retrieve(String(created?.id))).toMatchObject({
      data: { object: { name: 'Ada' } },
    });
  });

  it('comes again until it is taken, and is listed as undelivered so long', async () => {
    bench.status = 500;
    await customer();
    await expect.poll(() => bench.deliveries.length).toBeGreaterThan(2);
    expect(await undelivered()).toHaveLength(1);
    bench.status = 200;
    await expect.poll(undelivered).toHaveLength(0);
    expect(new Set(bench.verified().map(({ id }) => id)).size).toBe(1);
  });

  it('is signed with both secrets while one is replaced', async () => {
    bench.sandbox.deliverTo(bench.receiverUrl, [SECRET, 'whsec_two']);
    await customer();
    await bench.sandbox.webhooksSent();
    expect([...bench.verified(SECRET), ...bench.verified('whsec_two')]).toHaveLength(2);
  });
});

describe('the knob', () => {
  it('duplicate delivers the same event more than once', async () => {
    bench.sandbox.knobs.duplicate = 2;
    await customer();
    await bench.sandbox.webhooksSent();
    const ids = bench.verified().map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
  });

  it('reorderWithinMs lets them overtake each other, by the seed', async () => {
    Object.assign(bench.sandbox.knobs, { reorderWithinMs: 150, seed: 7 });
    for (let count = 0; count < 8; count += 1) await customer();
    await bench.sandbox.webhooksSent();
    const sent = (await bench.stripe.events.list()).data.map(({ id }) => id).toReversed();
    const came = bench.verified().map(({ id }) => id);
    expect(came).not.toEqual(sent);
    expect(came.toSorted()).toEqual(sent.toSorted());
  });

  it('delayMs holds them back', async () => {
    bench.sandbox.knobs.delayMs = 60;
    await customer();
    expect(bench.deliveries).toHaveLength(0);
    await bench.sandbox.webhooksSent();
    expect(bench.deliveries).toHaveLength(1);
  });

  it('drop never delivers, but lists', async () => {
    bench.sandbox.knobs.drop = ['customer.created'];
    await customer();
    expect(await bench.told()).toEqual([]);
    expect(await undelivered()).toMatchObject([{ type: 'customer.created', pending_webhooks: 1 }]);
  });

  it('wrongSignature and oldTimestamp are noticed', async () => {
    bench.sandbox.knobs.wrongSignature = true;
    await customer();
    await bench.sandbox.webhooksSent();
    expect(() => bench.verified()).toThrow('No signatures found matching');
    bench.deliveries.length = 0;
    Object.assign(bench.sandbox.knobs, { wrongSignature: false, oldTimestamp: true });
    await customer();
    await bench.sandbox.webhooksSent();
    expect(() => bench.verified()).toThrow('Timestamp outside the tolerance zone');
  });

  it('tamper changes what is delivered, not what is so', async () => {
    bench.sandbox.knobs.tamper = { amount: 1, currency: 'cny', metadata: { order: 'order_2' } };
    const session = await bench.checkout();
    bench.sandbox.pay(session.id);
    await bench.sandbox.webhooksSent();
    const completed = bench.verified().find(({ type }) => type === 'checkout.session.completed');
    expect(completed?.data.object).toMatchObject({ amount_total: 1, currency: 'cny', metadata: { order: 'order_2' } });
    expect(await bench.stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      amount_total: 1_000,
      currency: 'usd',
    });
  });
});

describe('the end', () => {
  it('waits for nothing', async () => {
    bench.sandbox.knobs.delayMs = 60_000;
    await customer();
    const start = performance.now();
    await bench.sandbox.close();
    expect(performance.now() - start).toBeLessThan(30_000);
  });
});
