// Modes: embedded, two-gateways. Two gateways run on servers, too.
// What people try on the way that money takes: the webhook, other people's orders, receipts and refunds.
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stripeClient } from '../../../src/adapters/stripe/stripe-client.js';
import type { JsonObject } from '../../../src/kernel/index.js';
import { NoticeRecovery } from '../../../src/payments/index.js';
import { request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway, WEBHOOK_SECRET } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import {
  balanceOf,
  booksOf,
  buy,
  countOf,
  faultsOf,
  firstOf,
  intentOf,
  type Ordered,
  order,
  pay,
  topupIs,
  topupOf,
} from '../../support/payments/cashier.js';

const OTHER_SECRET = 'whsec_rolled_out';
let gateway: TestGateway;
let ada: TestPerson;
let eve: TestPerson;

beforeAll(async () => {
  gateway = await startGateway({ env: { STRIPE_WEBHOOK_SECRET_PREVIOUS: OTHER_SECRET } });
  eve = await newPerson(gateway);
});
beforeEach(async () => {
  ada = await newPerson(gateway);
  Object.assign(gateway.stripe.knobs, { drop: false, tamper: null, wrongSignature: false, oldTimestamp: false });
});
afterAll(() => gateway.close());

/** The header that Stripe signs with (docs.stripe.com/webhooks#verify-manually). */
function signature(body: string, secret: string, ageSeconds = 0): string {
  const time = Math.floor(Date.now() / 1_000) - ageSeconds;
  return `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
}

const send = async (body: string, header?: string) => {
  const headers = { 'content-type': 'application/json', ...(header !== undefined && { 'stripe-signature': header }) };
  return (await request(`${gateway.url}/webhooks/stripe`, { method: 'POST', headers, body })).status;
};

/** The event that an order was paid, as Stripe words it, whoever sends it. */
const paidEvent = ({ id, sessionId }: Ordered, more: JsonObject = {}): string =>
  JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    livemode: false,
    type: 'checkout.session.completed',
    data: {
      object: {
        id: sessionId,
        object: 'checkout.session',
        client_reference_id: id,
        metadata: { topup_id: id },
        payment_status: 'paid',
        status: 'complete',
        amount_total: 100_000_00,
        currency: 'usd',
        ...more,
      },
    },
  });

const stripe = () => stripeClient(gateway.stripe.secretKey, gateway.stripe.url);

const nothingCame = async (ordered: Ordered) => {
  expect(await topupOf(ada, ordered.id)).toMatchObject({ status: 'ordered' });
  expect(await balanceOf(gateway, ada.accountId)).toBe('0.00');
};

describe('a webhook', () => {
  it.each([
    ['is not signed', () => undefined],
    ['is signed with another secret', (body: string) => signature(body, 'whsec_guessed')],
    ['is signed with an empty secret', (body: string) => signature(body, '')],
    ['is signed for another body', (body: string) => signature(`${body} `, WEBHOOK_SECRET)],
    ['was signed six minutes ago', (body: string) => signature(body, WEBHOOK_SECRET, 360)],
    ['has nonsense for a signature', () => 't=now,v1=true'],
  ])('that %s is refused', async (_what, sign) => {
    const ordered = await order(ada);
    const body = paidEvent(ordered);
    expect(await send(body, sign(body))).toBe(400);
    await nothingCame(ordered);
  });

  it('that is no JSON, empty, or of the other mode is refused', async () => {
    const live = paidEvent(await order(ada)).replace('"livemode":false', '"livemode":true');
    for (const body of ['not json', '', '[]', live]) {
      const status = await send(body, signature(body, WEBHOOK_SECRET));
      expect([body.slice(0, 8), status]).toEqual([body.slice(0, 8), 400]);
    }
  });

  it('that lies, rightly signed by someone who has the secret, is not believed', async () => {
    const ordered = await order(ada);
    const body = paidEvent(ordered);
    expect(await send(body, signature(body, WEBHOOK_SECRET))).toBe(200);
    await nothingCame(ordered);
  });

  it('signed with the secret before is taken while the secret is rolled', async () => {
    gateway.stripe.knobs.drop = true;
    const ordered = await order(ada);
    gateway.stripe.pay(ordered.sessionId);
    const body = paidEvent(ordered);
    expect(await send(body, signature(body, OTHER_SECRET))).toBe(200);
    await topupIs(ada, ordered.id, 'paid');
  });

  it('replayed a hundred times credits once', async () => {
    const ordered = await buy(gateway, ada);
    const body = paidEvent(ordered);
    const header = signature(body, WEBHOOK_SECRET);
    const statuses = await Promise.all(Array.from({ length: 100 }, () => send(body, header)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it.each([
    ['the amount', { amount: 1 }],
    ['the currency', { currency: 'jpy' }],
  ])('in which %s was changed on its way credits what was ordered and paid', async (_what, tamper) => {
    gateway.stripe.knobs.tamper = tamper;
    await buy(gateway, ada);
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it('that names another’s order credits who was paid for, and nobody else', async () => {
    const ofEve = await order(eve, '100.00');
    gateway.stripe.knobs.tamper = { metadata: { topup_id: ofEve.id } };
    await buy(gateway, ada);
    await gateway.stripe.webhooksSent();
    expect([await balanceOf(gateway, ada.accountId), await balanceOf(gateway, eve.accountId)]).toEqual([
      '10.00',
      '0.00',
    ]);
    const body = paidEvent({ id: ofEve.id, sessionId: (await buy(gateway, ada)).sessionId });
    expect(await send(body, signature(body, WEBHOOK_SECRET))).toBe(200);
    expect(await balanceOf(gateway, eve.accountId)).toBe('0.00');
  });

  it('that fails to be signed rightly at Stripe is made up for by the recovery', async () => {
    gateway.stripe.knobs.wrongSignature = true;
    const ordered = await order(ada);
    gateway.stripe.pay(ordered.sessionId);
    await gateway.stripe.webhooksSent();
    await nothingCame(ordered);
    gateway.stripe.knobs.wrongSignature = false;
    await gateway.app.get(NoticeRecovery).recover();
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });
});

describe('someone else’s', () => {
  it('order that one pays credits its owner', async () => {
    const ofAda = await order(ada);
    gateway.stripe.pay(ofAda.sessionId); // whoever has the link may pay
    await topupIs(ada, ofAda.id, 'paid');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it('top-up, receipt and refund are as ones that do not exist', async () => {
    const { id } = await buy(gateway, ada);
    const refund = String(firstOf(await pay(ada, '/api/refunds', { topup_id: id, amount: '1.00' }))['id']);
    const nobodys = '0'.repeat(22);
    for (const path of [`/api/topups/${id}`, `/api/topups/${id}/receipt`, `/api/topups/${id}?refresh=true`]) {
      const [known, unknown] = [await eve.get(path), await eve.get(path.replace(id, nobodys))];
      expect([known.status, known.text]).toEqual([404, unknown.text]);
    }
    expect((await eve.get(`/api/refunds/${refund}`)).text).toBe((await eve.get(`/api/refunds/${nobodys}`)).text);
    const asked = await pay(eve, '/api/refunds', { topup_id: id });
    expect([asked.status, codeOf(asked)]).toEqual([404, 'topup_not_found']);
    expect((await eve.get('/api/topups')).text).not.toContain(id);
    expect((await eve.get(`/api/topups?cursor=${id}`)).status).toBe(400);
  });

  it('refund is not approved by its customer, with or without a role', async () => {
    await buy(gateway, ada);
    const id = String(firstOf(await pay(ada, '/api/refunds'))['id']);
    expect(codeOf(await pay(ada, `/api/finance/refunds/${id}/approve`))).toBe('role_required');
    const fay = await newPersonWithRole(gateway, 'finance');
    expect(codeOf(await pay(fay, `/api/finance/refunds/${'0'.repeat(22)}/approve`))).toBe('refund_not_found');
  });
});

/** A second checkout for an order, made at Stripe itself; returns its payment intent. */
async function payAgainAtStripe({ id }: Ordered): Promise<string> {
  const metadata = { topup_id: id };
  const links = { success_url: gateway.url, cancel_url: gateway.url };
  const item = { price_data: { currency: 'usd', unit_amount: 1_000, product_data: { name: 'again' } } };
  const ordered = { client_reference_id: id, metadata, payment_intent_data: { metadata }, line_items: [item] };
  const session = await stripe().checkout.sessions.create({ mode: 'payment', ...links, ...ordered });
  gateway.stripe.pay(session.id);
  await gateway.stripe.webhooksSent();
  return intentOf(gateway, { sessionId: session.id });
}

it('a second payment for one order is noted for finance and credits nothing', async () => {
  const ordered = await buy(gateway, ada);
  const intent = await payAgainAtStripe(ordered);
  const fay = await newPersonWithRole(gateway, 'finance');
  const { body } = await fay.get('/api/finance/mismatches');
  expect(body['data']).toMatchObject([
    { topup_id: ordered.id, payment_intent: intent, field: 'payment', expected: await intentOf(gateway, ordered) },
  ]);
  expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  expect(await countOf(gateway, 'TopupPaid', ordered.id)).toBe(1);
});

it('after all of it the books balance, and nothing is left to clear', async () => {
  await gateway.stripe.webhooksSent();
  await gateway.app.get(NoticeRecovery).recover();
  expect((await booksOf(gateway))['assets:stripe:clearing'] ?? '0.00').toBe('0.00');
  expect(await faultsOf(gateway)).toEqual([]);
});
