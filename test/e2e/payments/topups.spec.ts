// Modes: embedded, two-gateways. Two gateways run on servers, too.
// Buying credit, over HTTP, at a sandbox Stripe that does what Stripe does, and what it does on a bad day.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BalanceAlertWorker } from '../../../src/payments/alerts/balance-alert-worker.js';
import { NoticeRecovery, PaymentSync } from '../../../src/payments/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import {
  balanceOf,
  booksOf,
  buy,
  countOf,
  faultsOf,
  emailTo,
  noteAsPaid,
  order,
  pay,
  topupIs,
  topupOf,
} from '../../support/payments/cashier.js';

let gateway: TestGateway;
let ada: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(async () => {
  ada = await newPerson(gateway);
  Object.assign(gateway.stripe.knobs, { duplicate: 0, reorderWithinMs: 0, drop: false, lateBalanceMs: 0 });
});
afterAll(() => gateway.close());

describe('a top-up', () => {
  it('is offered in presets, from five dollars, in dollars and yuan', async () => {
    const { status, body } = await ada.get('/api/topups/options');
    expect([status, body]).toEqual([
      200,
      {
        presets: ['5.00', '10.00', '50.00', '100.00'],
        floor: '5.00',
        max: '5000.00',
        currencies: ['usd', 'cny'],
        cny_per_usd: '7.20',
        refund_window_days: 7,
        payment_methods: ['card'],
      },
    ]);
  });

  it('is on the account within seconds of its payment', async () => {
    const { id } = await buy(gateway, ada, '10.00');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
    expect(await topupOf(ada, id)).toMatchObject({
      status: 'paid',
      credit: '10.00',
      currency: 'usd',
      price_minor: 1_000,
    });
  });

  it('in yuan credits the dollars that were ordered, at the price that was', async () => {
    const { body } = await pay(ada, '/api/topups', { amount: '10.01', currency: 'cny' });
    expect(body).toMatchObject({ credit: '10.01', currency: 'cny', price_minor: 7_208 });
    expect(body['quote']).toMatchObject({ numerator: 720, denominator: 100, rate: '7.20', source: 'configured' });
    gateway.stripe.pay(String(body['checkout_url']).split('/').at(-1) ?? '');
    await topupIs(ada, String(body['id']), 'paid');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.01');
  });

  it('is credited once, though its webhooks come three times and out of order', async () => {
    Object.assign(gateway.stripe.knobs, { duplicate: 2, reorderWithinMs: 200 });
    await buy(gateway, ada);
    await gateway.stripe.webhooksSent();
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it('is credited though no webhook comes: its customer comes back from the checkout', async () => {
    gateway.stripe.knobs.drop = true;
    const { id, sessionId } = await order(ada);
    gateway.stripe.pay(sessionId);
    expect((await ada.get(`/api/topups/${id}?refresh=true`)).body).toMatchObject({ status: 'paid' });
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it('is credited though no webhook comes and no customer: the events that were not delivered are followed up', async () => {
    gateway.stripe.knobs.drop = true;
    const { id, sessionId } = await order(ada);
    gateway.stripe.pay(sessionId);
    await gateway.app.get(NoticeRecovery).recover();
    expect(await topupOf(ada, id)).toMatchObject({ status: 'paid' });
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it('may be paid by a method that takes days, or fails', async () => {
    const [first, second] = [await order(ada), await order(ada)];
    gateway.stripe.pay(first.sessionId, 'async');
    gateway.stripe.pay(second.sessionId, 'async');
    await topupIs(ada, first.id, 'pending');
    expect(await balanceOf(gateway, ada.accountId)).toBe('0.00');
    gateway.stripe.settleAsync(first.sessionId, true);
    gateway.stripe.settleAsync(second.sessionId, false);
    await topupIs(ada, first.id, 'paid');
    await topupIs(ada, second.id, 'failed');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
    expect((await emailTo(gateway, ada, 'Your balance was topped up')).text).toContain(first.id);
    expect((await emailTo(gateway, ada, 'Your top-up was not paid')).text).toContain(second.id);
  });

  it('that is declined can be paid again at the same checkout', async () => {
    const { id, sessionId } = await order(ada);
    gateway.stripe.pay(sessionId, 'declined');
    await gateway.stripe.webhooksSent();
    expect(await topupOf(ada, id)).toMatchObject({ status: 'ordered' });
    gateway.stripe.pay(sessionId);
    await topupIs(ada, id, 'paid');
  });

  it('expires', async () => {
    const { id, sessionId } = await order(ada);
    gateway.stripe.expire(sessionId);
    await topupIs(ada, id, 'expired');
    expect(await topupOf(ada, id)).toMatchObject({ paid_at: null });
  });

  it('has its fee booked when Stripe says it, an hour later', async () => {
    const before = await countOf(gateway, 'BalanceTransactionBooked');
    gateway.stripe.knobs.lateBalanceMs = 3_600_000;
    await buy(gateway, ada);
    expect(await countOf(gateway, 'BalanceTransactionBooked')).toBe(before);
    gateway.stripe.bookLate();
    await until('it is booked', async () => (await countOf(gateway, 'BalanceTransactionBooked')) === before + 1);
  });

  it('whose credit a crash kept back gets it at the next look', async () => {
    gateway.stripe.knobs.drop = true;
    const { id, sessionId } = await order(ada);
    gateway.stripe.pay(sessionId);
    await noteAsPaid(gateway, id);
    expect([await countOf(gateway, 'TopupPaid', id), await balanceOf(gateway, ada.accountId)]).toEqual([1, '0.00']);
    await gateway.app.get(PaymentSync).sync(id);
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });
});

describe('the price of credit', () => {
  const quote = (query: string) => ada.get(`/api/topups/quote?${query}`);

  it('is told before it is ordered, with its rate and until when it holds', async () => {
    const { body } = await quote('amount=10.01&currency=cny');
    expect(body).toMatchObject({ credit: '10.01', price: '72.08', price_minor: 7_208 });
    expect(body['quote']).toMatchObject({ rate: '7.20', source: 'configured', expires_at: expect.any(String) });
    expect((await quote('amount=5')).body).toMatchObject({ price: '5.00', quote: null });
    expect(codeOf(await quote('amount=4.99'))).toBe('invalid_amount');
  });

  it('is the one that the customer agreed to, or nothing is ordered', async () => {
    const wanted = { amount: '10.00', currency: 'cny' };
    expect(codeOf(await pay(ada, '/api/topups', { ...wanted, price_minor: 7_199 }))).toBe('price_changed');
    expect((await pay(ada, '/api/topups', { ...wanted, price_minor: 7_200 })).body).toMatchObject({ price: '72.00' });
  });
});

describe('a top-up that its customer cancels', () => {
  const cancel = (id: string, who = ada) => who.post(`/api/topups/${id}/cancel`);

  it('can’t be paid any more, and can be canceled again', async () => {
    const { id, sessionId } = await order(ada);
    for (let times = 0; times < 2; times++) {
      const { status, body } = await cancel(id);
      expect([status, body]).toEqual([200, expect.objectContaining({ status: 'canceled', checkout_url: null })]);
    }
    expect(() => gateway.stripe.pay(sessionId)).toThrow('expired');
    expect(await countOf(gateway, 'TopupCancelRequested', id)).toBe(1);
  });

  it('counts when it was paid at the same moment, though no webhook has come', async () => {
    gateway.stripe.knobs.drop = true;
    const { id, sessionId } = await order(ada);
    gateway.stripe.pay(sessionId);
    const refused = await cancel(id);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'topup_paid']);
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it('is theirs', async () => {
    const { id } = await order(ada);
    const other = await newPerson(gateway);
    expect(codeOf(await cancel(id, other))).toBe('topup_not_found');
    expect(await topupOf(ada, id)).toMatchObject({ status: 'ordered' });
  });

  it('could have been paid where it says', async () => {
    const { id, sessionId } = await order(ada);
    const { body } = await ada.get(`/api/topups/${id}?refresh=true`);
    expect(body['checkout_url']).toContain(sessionId);
    expect(await topupOf(ada, id)).toMatchObject({ checkout_url: null, receipt_url: null, not_refundable: 'not_paid' });
  });
});

describe('a low balance', () => {
  it('is told by mail once, as soon as its owner wants to know', async () => {
    const subject = 'Your balance is low';
    await buy(gateway, ada, '10.00');
    const set = await ada.send('PUT', '/api/balance-alert', { threshold: '20' });
    expect(set.body).toMatchObject({ enabled: true, threshold: '20.00', balance: '10.00', told: false });
    const look = () => Promise.all(gateway.apps.map((app) => app.get(BalanceAlertWorker).look()));
    await until('it is noted', async () => {
      await look();
      return (await ada.get('/api/balance-alert')).body['told'] === true;
    });
    expect((await emailTo(gateway, ada, subject)).text).toContain('is $10.00, which is less than the $20.00');
    await look();
    expect(await countOf(gateway, 'BalanceFellLow')).toBe(1);
    expect((await ada.delete('/api/balance-alert')).body).toMatchObject({ enabled: false, threshold: null });
  });
});

describe('an order', () => {
  it('sent again with its key is the same order', async () => {
    const [first, second] = [
      await pay(ada, '/api/topups', { amount: '5' }, 'k1'),
      await pay(ada, '/api/topups', { amount: '5' }, 'k1'),
    ];
    expect(second.body).toEqual(first.body);
    expect((await ada.get('/api/topups')).body['data']).toHaveLength(1);
  });

  it('can be placed two times a second for a minute: each is in the ledger for ever, and asks Stripe for a checkout', async () => {
    const placed = Array.from({ length: 180 }, () => pay(ada, '/api/topups', { amount: '5' }));
    const statuses = (await Promise.all(placed)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201, 429]));
    expect(statuses.indexOf(429)).toBeGreaterThan(0);
  });

  it('whose answer was lost by Stripe opens one checkout', async () => {
    gateway.stripe.fail({ route: 'POST /v1/checkout/sessions', answer: 'drop', worked: true });
    const { id } = await order(ada);
    expect(await topupOf(ada, id)).toMatchObject({ status: 'ordered' });
  });

  it.each([
    [{ amount: '4.99' }, 'invalid_amount'],
    [{ amount: '5000.01' }, 'invalid_amount'],
    [{ amount: '10.001' }, 'invalid_amount'],
    [{ amount: '-10' }, 'invalid_request'],
    [{ amount: '1e3' }, 'invalid_request'],
    [{ amount: 10 }, 'invalid_request'],
    [{ amount: '10', currency: 'eur' }, 'invalid_request'],
    [{ amount: '10', priceMinor: 1 }, 'invalid_request'],
  ])('of %j is refused', async (body, code) => {
    const reply = await pay(ada, '/api/topups', body);
    expect([reply.status, codeOf(reply)]).toEqual([400, code]);
  });

  it('that was refused can be corrected under the same key', async () => {
    expect((await pay(ada, '/api/topups', {}, 'corrected')).status).toBe(400);
    expect((await pay(ada, '/api/topups', { amount: '4.99' }, 'corrected')).status).toBe(400);
    expect((await pay(ada, '/api/topups', { amount: '10' }, 'corrected')).status).toBe(201);
    expect(codeOf(await pay(ada, '/api/topups', { amount: '5' }, 'corrected'))).toBe('idempotency_key_reused');
  });

  it('needs a key that makes it happen once', async () =>
    expect(codeOf(await ada.post('/api/topups', { amount: '10' }))).toBe('idempotency_key_required'));
});

describe('a receipt', () => {
  it('is a page to print, and figures', async () => {
    const { id } = await buy(gateway, ada, '10.00', 'cny');
    const [asPage, figures] = [
      await ada.get(`/api/topups/${id}/receipt`),
      await ada.get(`/api/topups/${id}/receipt?format=json`),
    ];
    expect(asPage.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(asPage.text).toContain('72.00 CNY');
    expect(figures.body).toMatchObject({
      receipt: id,
      credit: '10.00',
      amount: '72.00',
      currency: 'cny',
      refunded: '0.00',
    });
  });

  it('is of what was paid only', async () => {
    const { id } = await order(ada);
    const reply = await ada.get(`/api/topups/${id}/receipt`);
    expect([reply.status, codeOf(reply)]).toEqual([409, 'topup_not_paid']);
  });
});

it('in the end the books balance, and nothing is left to clear', async () => {
  await gateway.stripe.webhooksSent();
  await gateway.app.get(NoticeRecovery).recover();
  const books = await booksOf(gateway);
  expect(books['assets:stripe:clearing'] ?? '0.00').toBe('0.00');
  expect(await faultsOf(gateway)).toEqual([]);
});
