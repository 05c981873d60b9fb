// Modes: embedded, two-gateways. Two gateways run on servers, too.
// Getting unused credit back: asked for by a customer, decided by finance, paid by Stripe.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IssueKey } from '../../../src/keys/index.js';
import { NoticeRecovery, PaymentSweeper, Topups } from '../../../src/payments/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import {
  balanceOf,
  booksOf,
  buy,
  faultsOf,
  firstOf,
  intentOf,
  emailsTo,
  pay,
  refundIs,
  refundsAtStripe,
  topupOf,
} from '../../support/payments/cashier.js';

let gateway: TestGateway;
let ada: TestPerson;
let fay: TestPerson;
let finn: TestPerson;

beforeAll(async () => {
  gateway = await startGateway({ env: { REFUND_ALONE_USD: '20' } });
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
});
beforeEach(async () => {
  ada = await newPerson(gateway);
  Object.assign(gateway.stripe.knobs, { drop: false, refunds: 'as_method', settleRefundMs: null });
});
afterAll(() => gateway.close());

const ask = (body: Readonly<Record<string, string>> = {}, person = ada) => pay(person, '/api/refunds', body);
const approve = (id: string, by = fay) => pay(by, `/api/finance/refunds/${id}/approve`);
const decline = async (id: string, reason: string, by = fay) =>
  (await pay(by, `/api/finance/refunds/${id}/decline`, { reason })).body;
const asked = async (body: Readonly<Record<string, string>> = {}) => String(firstOf(await ask(body))['id']);

describe('a refund', () => {
  it('takes the credit at once, waits for approval, and is paid', async () => {
    const { id: topup } = await buy(gateway, ada, '10.00');
    const reply = await ask({ topup_id: topup, amount: '4.00' });
    const { id, ...refund } = firstOf(reply);
    expect([reply.status, refund]).toEqual([
      201,
      expect.objectContaining({ status: 'requested', credit: '4.00', topup_id: topup, amount_minor: null }),
    ]);
    expect(await balanceOf(gateway, ada.accountId)).toBe('6.00');
    expect((await fay.get('/api/finance/refunds?status=requested')).text).toContain(String(id));
    expect((await approve(String(id))).body).toMatchObject({ amount_minor: 400, approved_by: fay.userId });
    await refundIs(ada, String(id), 'completed');
    expect(await balanceOf(gateway, ada.accountId)).toBe('6.00');
  });

  it('that nobody has decided on is taken back by who asked for it', async () => {
    const { id: topup } = await buy(gateway, ada, '10.00');
    const id = await asked({ topup_id: topup, amount: '4.00' });
    expect(await topupOf(ada, topup)).toMatchObject({ refundable: '6.00', not_refundable: null });
    const { status, body } = await ada.post(`/api/refunds/${id}/withdraw`);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ status: 'failed', failure: 'withdrawn', withdrawn_by: ada.userId, currency: 'usd' }),
    ]);
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
    expect(await topupOf(ada, topup)).toMatchObject({ refundable: '10.00' });
    expect(codeOf(await approve(id))).toBe('refund_closed');
  });

  it('is either approved or taken back, at the same moment', async () => {
    await buy(gateway, ada, '10.00');
    const id = await asked();
    const other = await newPerson(gateway);
    expect(codeOf(await other.post(`/api/refunds/${id}/withdraw`))).toBe('refund_not_found');
    const replies = await Promise.all([approve(id), ada.post(`/api/refunds/${id}/withdraw`)]);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  it('of a payment in yuan pays back exactly the yuan', async () => {
    const { id: topup } = await buy(gateway, ada, '10.01', 'cny');
    const parts = [await asked({ topup_id: topup, amount: '3.33' }), await asked({ topup_id: topup })];
    for (const id of parts) await approve(id);
    for (const id of parts) await refundIs(ada, id, 'completed');
    const refunds = (await topupOf(ada, topup))['refunds'] as { amount_minor: number }[];
    expect(refunds.map((refund) => refund.amount_minor)).toEqual([2_397, 4_811]); // of 7208 fen
    const texts = async () => (await emailsTo(gateway, ada, 'Your refund was paid', 2)).map(({ text }) => text).join();
    for (const part of ['23.97 CNY', '48.11 CNY', ...parts]) await expect.poll(texts).toContain(part);
  });

  it('takes from the newest top-up first, and never what was used', async () => {
    const [first, second] = [await buy(gateway, ada, '10.00'), await buy(gateway, ada, '5.00')];
    const { key } = await gateway.desk.commands.execute(new IssueKey(ada.accountId, { name: 'test' }));
    expect((await post(gateway.url, key, chat('hello'))).status).toBe(200);
    const refunds = (await ask()).body['data'] as { topup_id: string; credit: string }[];
    expect(refunds).toMatchObject([
      { topup_id: second.id, credit: '5.00' },
      { topup_id: first.id, credit: '9.99' },
    ]);
  });

  it('that finance declines gives its credit back', async () => {
    await buy(gateway, ada);
    const id = await asked();
    expect(await decline(id, 'It was used after all.')).toMatchObject({
      status: 'failed',
      failure: 'declined',
      failure_reason: 'It was used after all.',
      declined_by: fay.userId,
    });
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
    expect(codeOf(await approve(id))).toBe('refund_closed');
  });

  it('that is approved is not declined', async () => {
    await buy(gateway, ada);
    gateway.stripe.knobs.refunds = 'pending';
    const id = await asked();
    await approve(id);
    expect(await decline(id, 'too late')).toMatchObject({ error: { code: 'refund_approved' } });
  });

  it('that the bank sends back after days gives its credit back', async () => {
    const bought = await buy(gateway, ada);
    const id = await asked({ amount: '4.00' });
    await approve(id);
    await refundIs(ada, id, 'completed');
    const [made] = await refundsAtStripe(gateway, bought);
    gateway.stripe.failRefund(made?.id ?? '');
    await refundIs(ada, id, 'failed');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
  });

  it.each([
    ['is paid', '6.00'],
    ['fails', '10.00'],
  ] as const)(
    'that waits until Stripe’s balance covers it, and then %s, is booked as Stripe does',
    async (end, left) => {
      const clearing = async () => (await booksOf(gateway))['assets:stripe:clearing'];
      const before = await clearing();
      gateway.stripe.knobs.refunds = 'unfunded';
      const bought = await buy(gateway, ada, '10.00');
      const id = await asked({ topup_id: bought.id, amount: '4.00' });
      expect((await approve(id)).status).toBe(200);
      const [made] = await refundsAtStripe(gateway, bought);
      expect(made).toMatchObject({
        status: 'pending',
        pending_reason: 'insufficient_funds',
        balance_transaction: null,
      });
      if (end === 'is paid') gateway.stripe.settleRefund(String(made?.['id']));
      else gateway.stripe.failRefund(String(made?.['id']));
      await refundIs(ada, id, end === 'is paid' ? 'completed' : 'failed');
      expect(await balanceOf(gateway, ada.accountId)).toBe(left);
      await until('nothing to wait for', async () => {
        const { body } = await fay.get(`/api/finance/topups/${bought.id}`);
        return body['awaiting'] === false;
      });
      expect(await clearing()).toBe(before);
    },
  );

  it('beyond a limit is approved by someone other than who asked for it', async () => {
    await buy(gateway, ada, '50.00');
    const input = { account_id: ada.accountId, amount: '20.01', reason: 'complaint 17' };
    const id = String(firstOf(await pay(fay, '/api/finance/refunds', input))['id']);
    const alone = await approve(id, fay);
    expect([alone.status, codeOf(alone)]).toEqual([403, 'second_person_needed']);
    expect((await approve(id, finn)).status).toBe(200);
    const small = String(firstOf(await pay(fay, '/api/finance/refunds', { ...input, amount: '20.00' }))['id']);
    expect((await approve(small, fay)).status).toBe(200);
  });

  it('made in Stripe’s dashboard takes its credit too', async () => {
    const bought = await buy(gateway, ada, '10.00', 'cny');
    gateway.stripe.refundInDashboard(await intentOf(gateway, bought), 720);
    await until('the credit is gone', async () => (await balanceOf(gateway, ada.accountId)) === '9.00');
    expect((await ada.get('/api/refunds')).body['data']).toMatchObject([{ credit: '1.00', requested_by: 'stripe' }]);
  });

  it('asked for twice with one key is one refund', async () => {
    await buy(gateway, ada);
    const twice = [
      await pay(ada, '/api/refunds', { amount: '2.00' }, 'k'),
      await pay(ada, '/api/refunds', { amount: '2.00' }, 'k'),
    ];
    expect(twice[1]?.body).toEqual(twice[0]?.body);
    expect(await balanceOf(gateway, ada.accountId)).toBe('8.00');
  });
});

describe('a refund on a bad day', () => {
  it('whose answer Stripe loses is paid once', async () => {
    const bought = await buy(gateway, ada);
    const id = await asked({ amount: '4.00' });
    gateway.stripe.knobs.drop = true;
    gateway.stripe.fail({ route: 'POST /v1/refunds', answer: 'drop', worked: true, times: 3 });
    expect((await approve(id)).body).toMatchObject({ status: 'approved' });
    await gateway.app.get(PaymentSweeper).sweep();
    await refundIs(ada, id, 'completed');
    expect(await refundsAtStripe(gateway, bought)).toHaveLength(1);
  });

  it('that Stripe refuses gives its credit back', async () => {
    const bought = await buy(gateway, ada);
    const id = await asked({ amount: '4.00' });
    gateway.stripe.knobs.drop = true;
    gateway.stripe.refundInDashboard(await intentOf(gateway, bought), 700);
    await approve(id);
    await refundIs(ada, id, 'failed');
    expect(await balanceOf(gateway, ada.accountId)).toBe('3.00');
  });

  it.each([
    [{ amount: '10.01' }, 409, 'refund_exceeds_credit'],
    [{ topup_id: '0'.repeat(22) }, 404, 'topup_not_found'],
    [{ topup_id: 'x' }, 400, 'invalid_request'],
    [{ amount: '0' }, 400, 'invalid_amount'],
    [{ amount: '1.005' }, 400, 'invalid_amount'],
  ])('of %j is refused', async (body, status, code) => {
    await buy(gateway, ada);
    const reply = await ask(body);
    expect([reply.status, codeOf(reply)]).toEqual([status, code]);
  });
});

it('in the end the books balance, and nothing is left to clear but what is under way', async () => {
  gateway.stripe.knobs.drop = false;
  const underWay = await fay.get('/api/finance/refunds?status=approved&limit=100');
  for (const { topup_id: id } of underWay.body['data'] as { topup_id: string }[]) {
    const sessionId = await gateway.app.get(Topups).read(id, (state) => state.sessionId ?? '');
    const made = await refundsAtStripe(gateway, { sessionId });
    for (const refund of made) if (refund.status === 'pending') gateway.stripe.settleRefund(refund.id);
  }
  await gateway.stripe.webhooksSent();
  await gateway.app.get(NoticeRecovery).recover();
  await gateway.app.get(PaymentSweeper).sweep();
  const books = await booksOf(gateway);
  expect(books['assets:stripe:clearing'] ?? '0.00').toBe('0.00');
  expect(await faultsOf(gateway)).toEqual([]);
});
