// The API's manners: keys, errors, lists, expansion, faults.
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
beforeEach(async () => {
  bench = await StripeBench.open();
});
afterEach(() => bench.close());

describe('the API', () => {
  it('takes its own key only', async () => {
    const stranger = new Stripe('sk_test_other', { ...bench.sandbox.clientOptions, maxNetworkRetries: 0 });
    await expect(stranger.balance.retrieve()).rejects.toMatchObject({
      statusCode: 401,
      type: 'StripeAuthenticationError',
    });
  });

  it('says what it has not', async () => {
    await expect(bench.stripe.charges.retrieve('ch_none')).rejects.toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
    await expect(bench.stripe.products.list()).rejects.toMatchObject({ statusCode: 404 });
    await expect(bench.stripe.customers.create({ balance: 5 })).rejects.toMatchObject({
      code: 'parameter_unknown',
      param: 'balance',
    });
  });

  it('changes, forgets and remembers customers', async () => {
    const { id } = await bench.stripe.customers.create({ name: 'Ada', metadata: { a: '1', b: '2' } });
    expect(await bench.stripe.customers.update(id, { metadata: { a: '', c: '3' } })).toMatchObject({
      metadata: { b: '2', c: '3' },
    });
    expect(await bench.stripe.customers.del(id)).toMatchObject({ id, deleted: true });
    expect(await bench.stripe.customers.retrieve(id)).toMatchObject({ id, deleted: true });
    await expect(bench.checkout({ customer: id })).rejects.toMatchObject({ param: 'customer' });
    expect(await bench.told()).toEqual(['customer.created', 'customer.updated', 'customer.deleted']);
  });

  it('refuses to expand a property that is not a reference', async () => {
    const { id } = await bench.checkout();
    await expect(bench.stripe.checkout.sessions.retrieve(id, { expand: ['currency'] })).rejects.toThrow(
      'cannot be expanded',
    );
  });
});

describe('a list', () => {
  it('pages from the newest on, both ways', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.unshift((await bench.stripe.customers.create({ name })).id);
    const namesOf = ({ data }: Stripe.ApiList<Stripe.Customer>) => data.map(({ name }) => name).join('');
    const first = await bench.stripe.customers.list({ limit: 2 });
    expect([namesOf(first), first.has_more]).toEqual(['ed', true]);
    expect(namesOf(await bench.stripe.customers.list({ limit: 2, starting_after: ids[1] ?? '' }))).toBe('cb');
    expect(namesOf(await bench.stripe.customers.list({ limit: 2, ending_before: ids[3] ?? '' }))).toBe('dc');
    const all = await bench.stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
    expect(all).toHaveLength(5);
    expect((await bench.stripe.customers.list({ created: { gt: Math.floor(Date.now() / 1_000) + 10 } })).data).toEqual(
      [],
    );
  });

  it('of events is of the types asked for', async () => {
    await bench.paid();
    const { data } = await bench.stripe.events.list({ types: ['charge.succeeded', 'checkout.session.completed'] });
    expect(data.map(({ type }) => type)).toEqual(['checkout.session.completed', 'charge.succeeded']);
    expect((await bench.stripe.events.list({ type: 'payment_intent.*' })).data).toHaveLength(2);
  });
});

describe('an idempotency key', () => {
  it('gets the first answer again', async () => {
    const first = await bench.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' });
    const again = await bench.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' });
    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    expect((await bench.stripe.customers.list()).data).toHaveLength(1);
  });

  it('is for one request', async () => {
    await bench.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' });
    await expect(bench.stripe.customers.create({ name: 'Bob' }, { idempotencyKey: 'k' })).rejects.toMatchObject({
      statusCode: 400,
      type: 'StripeIdempotencyError',
    });
  });

  it('is not used up by parameters that don’t hold, but is by a refusal', async () => {
    await expect(bench.stripe.refunds.create({ amount: -1 }, { idempotencyKey: 'k' })).rejects.toThrow('out of range');
    const intent = await bench.paid();
    await expect(
      bench.stripe.refunds.create({ payment_intent: intent, amount: 9_999 }, { idempotencyKey: 'k' }),
    ).rejects.toThrow('greater than');
    await expect(
      bench.stripe.refunds.create({ payment_intent: intent }, { idempotencyKey: 'k' }),
    ).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
    });
  });
});

describe('a fault', () => {
  const route = 'POST /v1/customers';
  const create = () => bench.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k' });
  const count = async () => (await bench.stripe.customers.list()).data.length;

  it.each([500, 'drop'] as const)('%s comes after the work, which the key finds again', async (answer) => {
    // The package tries a closed connection once more by itself.
    bench.sandbox.fail({ route, answer, times: answer === 'drop' ? 2 : 1 });
    await expect(create()).rejects.toThrow(answer === 500 ? 'Something went wrong' : 'connection to Stripe');
    expect(await count()).toBe(1);
    expect(await create()).toMatchObject({ name: 'Ada' });
    expect(await count()).toBe(1);
  });

  it('429 comes before it', async () => {
    bench.sandbox.fail({ route, answer: 429 });
    await expect(create()).rejects.toMatchObject({ statusCode: 429, type: 'StripeRateLimitError' });
    expect(await count()).toBe(0);
  });

  it('hang lets the client wait', async () => {
    bench.sandbox.fail({ route, answer: 'hang' });
    await expect(
      bench.stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k', timeout: 1_500 }),
    ).rejects.toMatchObject({ type: 'StripeConnectionError' });
    expect(await count()).toBe(1);
  });

  it('500 from within is what the key answers from then on', async () => {
    bench.sandbox.fail({ route, answer: 500, kept: true });
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    expect(await count()).toBe(1);
  });

  it('500 from within is kept before any work, too', async () => {
    bench.sandbox.fail({ route, answer: 500, kept: true, worked: false });
    await expect(create()).rejects.toMatchObject({ statusCode: 500 });
    await expect(create()).rejects.toMatchObject({
      statusCode: 500,
      headers: expect.objectContaining({ 'idempotent-replayed': 'true' }) as object,
    });
    expect(await count()).toBe(0);
  });

  it('is for as many calls as was said', async () => {
    bench.sandbox.fail({ route, answer: 500, worked: false, times: 2 });
    await expect(create()).rejects.toThrow('Something went wrong');
    await expect(create()).rejects.toThrow('Something went wrong');
    expect(await create()).toMatchObject({ name: 'Ada' });
  });
});
