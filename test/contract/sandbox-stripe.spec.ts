// The sandbox Stripe against a judge that is not ours: Stripe's OpenAPI document says what each answer may look like, and stripe-mock, which
// checks requests against it, must take what the sandbox takes.
import { Ajv, type ValidateFunction } from 'ajv';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxStripe, startSandboxStripe } from '../../sandbox/stripe/index.js';
import { StripeMock, hasStripeMock, stripeOpenApi } from '../support/stripe/stripe-mock.js';

/** What the types of the pinned API version have, and stripe-mock's document, of an earlier version, has not. */
const NEWER = new Set([
  'allowed_payment_method_types',
  'charge.source',
  'electronic_commerce_indicator',
  'intended_submission_method',
  'payment_intent.source',
  'payment_record',
  'submission_method',
]);

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** OpenAPI 3.0 as JSON Schema, and stricter: no field that the document has not. */
function strict(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => strict(item));
  if (schema === null || typeof schema !== 'object') return schema;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(schema as { readonly [name: string]: Json }).map(([name, value]) => [name, strict(value)]),
  );
  const closed = 'properties' in rest && rest['additionalProperties'] === undefined && rest['type'] === 'object';
  const whole = closed ? { ...rest, additionalProperties: false } : rest;
  return nullable === true ? { anyOf: [whole, { type: 'null' }] } : whole;
}

/** What is wrong with an object, by the schema of its kind. */
function judge(): (object: object) => string[] {
  const ajv = new Ajv({
    strict: false,
    inlineRefs: false,
    validateSchema: false,
    validateFormats: false,
    allErrors: true,
  });
  ajv.addSchema({ $id: 'stripe', components: strict(stripeOpenApi().components as Json) });
  const judges = new Map<string, ValidateFunction>();
  return (object) => {
    const { object: kind } = object as { readonly object: string };
    const validate = judges.get(kind) ?? ajv.compile({ $ref: `stripe#/components/schemas/${kind}` });
    judges.set(kind, validate);
    validate(withoutNewer(object));
    return (validate.errors ?? [])
      .filter(({ keyword }) => keyword !== 'anyOf')
      .map(({ instancePath, message, params }) => `${kind}${instancePath} ${message} ${JSON.stringify(params)}`);
  };
}

function withoutNewer(object: object): unknown {
  const isNewer = (kind: unknown, name: string) => NEWER.has(name) || NEWER.has(`${String(kind)}.${name}`);
  const text = JSON.stringify(object, function keep(this: { readonly object?: unknown }, name, value: unknown) {
    return isNewer(this.object, name) ? undefined : value;
  });
  return JSON.parse(text) as unknown;
}

let sandbox: SandboxStripe;
let mock: StripeMock;
/** The same calls on both. */
let ours: Stripe;
let theirs: Stripe;
beforeAll(async () => {
  sandbox = await startSandboxStripe({ knobs: { settleRefundMs: null } });
  ours = new Stripe(sandbox.secretKey, sandbox.clientOptions);
  if (!hasStripeMock) return;
  mock = await StripeMock.start();
  theirs = new Stripe('sk_test_123', { host: '127.0.0.1', port: mock.port, protocol: 'http' });
});
afterAll(async () => {
  await sandbox.close();
  if (hasStripeMock) await mock.stop();
});

const checkout = (currency: 'usd' | 'cny', more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  ({
    mode: 'payment',
    line_items: [
      {
        price_data: { currency, unit_amount: 7_190, product_data: { name: 'Credit', description: 'For calls' } },
        quantity: 1,
      },
    ],
    success_url: 'https://shop.example/ok?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'https://shop.example/no',
    client_reference_id: 'order_1',
    metadata: { order: 'order_1' },
    payment_intent_data: { metadata: { order: 'order_1' }, description: 'Credit' },
    payment_method_options: { wechat_pay: { client: 'web' } },
    adaptive_pricing: { enabled: false },
    expires_at: Math.floor(Date.now() / 1_000) + 3_600,
    locale: 'zh',
    submit_type: 'pay',
    ...more,
  }) satisfies Stripe.Checkout.SessionCreateParams;

const taxOf = (customer: string) =>
  ({
    currency: 'usd',
    customer,
    line_items: [{ amount: 1_000, reference: 'order_1', tax_behavior: 'inclusive' }],
  }) satisfies Stripe.Tax.CalculationCreateParams;

/** A customer who gave an address at a checkout. */
async function located(): Promise<string> {
  const { id: customer } = await ours.customers.create({ email: 'eve@example.com' });
  const asks = { customer_update: { address: 'auto' }, billing_address_collection: 'required' } as const;
  const session = await ours.checkout.sessions.create(
    checkout('usd', { customer, ...asks, payment_method_options: {} }),
  );
  sandbox.pay(session.id);
  return customer;
}

/** Makes one of everything, in the states that things get into here. */
async function play(): Promise<void> {
  const customer = await ours.customers.create({ email: 'ada@example.com', metadata: { user: 'u1' } });
  const saved = await ours.checkout.sessions.create(
    checkout('usd', {
      customer: customer.id,
      customer_update: { address: 'auto' },
      billing_address_collection: 'required',
      payment_method_options: { card: { setup_future_usage: 'off_session' } },
    }),
  );
  sandbox.pay(saved.id);
  const methods = await ours.paymentMethods.list({ customer: customer.id });
  const [method] = methods.data;
  const charge = { amount: 1_000, currency: 'usd', customer: customer.id, off_session: true, confirm: true };
  const calculation = (await ours.tax.calculations.create(taxOf(customer.id))).id ?? '';
  const hooks = { inputs: { tax: { calculation } } };
  const again = await ours.paymentIntents.create({ ...charge, hooks, payment_method: method?.id ?? '' });
  await ours.refunds.create({ payment_intent: again.id, amount: 300, reason: 'requested_by_customer' });
  sandbox.knobs.offSession = 'declines';
  await expect(ours.paymentIntents.create({ ...charge, payment_method: method?.id ?? '' })).rejects.toThrow('declined');
  const allowed: Stripe.Checkout.SessionCreateParams['allowed_payment_method_types'] = ['card', 'alipay', 'wechat_pay'];
  for (const way of ['card', 'alipay', 'wechat_pay', 'declined', 'three_d_secure', 'async'] as const) {
    const session = await ours.checkout.sessions.create(checkout('cny', { allowed_payment_method_types: allowed }));
    const { payment_intent: intent } = sandbox.pay(session.id, way);
    if (way === 'alipay') await ours.refunds.create({ payment_intent: String(intent) });
    if (way === 'card') sandbox.closeDispute(sandbox.dispute(String(intent)).id, 'won');
    if (way === 'wechat_pay') sandbox.failRefund(sandbox.refundInDashboard(String(intent), 100).id);
  }
  sandbox.warnOfFraud(String(again.latest_charge));
  sandbox.expire((await ours.checkout.sessions.create(checkout('usd'))).id);
  sandbox.foreignPayment(5_000);
  sandbox.stripeFee(150);
  sandbox.adjustment(-100);
  sandbox.payout();
}

describe.runIf(hasStripeMock)('the sandbox Stripe, by Stripe’s own document', () => {
  it('makes every object in every state as the document says', async () => {
    await play();
    const faultsOf = judge();
    const lists = await Promise.all([
      ours.customers.list({ limit: 100 }),
      ours.checkout.sessions.list({ limit: 100, expand: ['data.line_items'] }),
      ours.paymentIntents.list({
        limit: 100,
        expand: ['data.payment_method', 'data.latest_charge.balance_transaction'],
      }),
      ours.charges.list({ limit: 100, expand: ['data.refunds'] }),
      ours.refunds.list({ limit: 100 }),
      ours.disputes.list({ limit: 100 }),
      ours.balanceTransactions.list({ limit: 100 }),
      ours.payouts.list({ limit: 100 }),
      ours.events.list({ limit: 100 }),
    ]);
    const [taxed] = lists[2].data.filter(({ hooks }) => hooks !== undefined);
    const calculation = await ours.tax.calculations.retrieve(taxed?.hooks?.inputs?.tax?.calculation ?? '');
    const objects: object[] = [
      ...lists.flatMap(({ data }) => data as object[]),
      await ours.balance.retrieve(),
      calculation,
    ];
    const snapshots = lists[8].data.map(({ data }) => data.object as object);
    expect([...new Set([...objects, ...snapshots].flatMap((object) => faultsOf(object)))]).toEqual([]);
    expect(new Set(objects.map((object) => (object as { object: string }).object)).size).toBe(11);
  });

  it.each<[string, (stripe: Stripe, id: (kind: string) => string) => Promise<unknown>]>([
    ['a customer', (stripe) => stripe.customers.create({ email: 'ada@example.com', metadata: { user: 'u1' } })],
    [
      'a customer’s change',
      (stripe, id) => stripe.customers.update(id('customer'), { name: 'Ada', metadata: { user: '' } }),
    ],
    ['a session in dollars', (stripe) => stripe.checkout.sessions.create(checkout('usd'))],
    ['a session in yuan', (stripe) => stripe.checkout.sessions.create(checkout('cny'))],
    [
      'its customer and saved card',
      (stripe, id) =>
        stripe.checkout.sessions.create(
          checkout('usd', {
            customer: id('customer'),
            payment_intent_data: { setup_future_usage: 'off_session' },
            payment_method_options: {},
          }),
        ),
    ],
    [
      'a list of sessions',
      (stripe) =>
        stripe.checkout.sessions.list({ status: 'complete', created: { gte: 1 }, expand: ['data.payment_intent'] }),
    ],
    [
      'a list of events',
      (stripe) =>
        stripe.events.list({
          types: ['charge.refunded', 'payout.paid'],
          delivery_success: false,
          created: { gte: 1 },
          limit: 3,
        }),
    ],
    [
      'a list of balance transactions',
      (stripe) => stripe.balanceTransactions.list({ type: 'charge', created: { gt: 1 }, expand: ['data.source'] }),
    ],
    [
      'a page of the balance transactions of a day',
      (stripe) =>
        stripe.balanceTransactions.list({ created: { gte: 1, lt: 4_000_000_000 }, limit: 1, expand: ['data.source'] }),
    ],
    ['a list of payouts', (stripe) => stripe.payouts.list({ status: 'paid', limit: 2 })],
    ['a list of charges', (stripe) => stripe.charges.list({ expand: ['data.payment_intent', 'data.refunds'] })],
    ['a list of disputes', (stripe) => stripe.disputes.list({ limit: 1, expand: ['data.charge'] })],
    [
      'evidence',
      (stripe, id) =>
        stripe.disputes.update(id('dispute'), {
          evidence: { uncategorized_text: 'Used.' },
          submit: false,
          metadata: { a: 'b' },
        }),
    ],
    [
      'a payment intent',
      (stripe, id) => stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer: id('customer') }),
    ],
    ['the balance', (stripe) => stripe.balance.retrieve()],
    [
      'a session whose customer keeps the address',
      (stripe, id) =>
        stripe.checkout.sessions.create(
          checkout('usd', {
            customer: id('customer'),
            customer_update: { address: 'auto' },
            automatic_tax: { enabled: true },
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
            payment_method_options: {},
          }),
        ),
    ],
    ['the tax of a charge', (stripe, id) => stripe.tax.calculations.create(taxOf(id('located')))],
  ])('takes %s as Stripe does', async (_, call) => {
    const customer = await ours.customers.create({ email: 'bob@example.com' });
    const session = await ours.checkout.sessions.create(checkout('usd'));
    const ids: Record<string, string> = { customer: customer.id, located: await located() };
    ids['dispute'] = sandbox.dispute(String(sandbox.pay(session.id).payment_intent)).id;
    const id = (kind: string) => ids[kind] ?? '';
    const [here, there] = await Promise.all([call(ours, id), call(theirs, id)]);
    expect((here as { object: string }).object).toBe((there as { object: string }).object);
  });

  it.each<[string, (stripe: Stripe) => Promise<unknown>]>([
    ['a mode that is none', (stripe) => stripe.checkout.sessions.create(checkout('usd', { mode: 'gift' as never }))],
    ['an unknown parameter', (stripe) => stripe.customers.create({ nickname: 'ada' } as never)],
    [
      'an amount that is no integer',
      (stripe) => stripe.paymentIntents.create({ amount: 'ten' as never, currency: 'usd' }),
    ],
    ['a time that is none', (stripe) => stripe.balanceTransactions.list({ created: 'yesterday' as never })],
    ['a list that is too long', (stripe) => stripe.charges.list({ limit: 'all' as never })],
  ])('refuses %s as Stripe does', async (_, call) => {
    const refusal = { statusCode: 400, type: 'StripeInvalidRequestError' };
    await expect(call(ours)).rejects.toMatchObject(refusal);
    await expect(call(theirs)).rejects.toMatchObject(refusal);
  });
});
