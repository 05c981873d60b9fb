// Modes: embedded, two-gateways. Two gateways run on servers, too.
// Disputed payments, early warnings of fraud and payouts: what they do to credit and to the books, and what finance sees of them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { IssueKey } from '../../../src/keys/index.js';
import { formatMinor } from '../../../src/payments/topups/price.js';
import { NoticeRecovery, payoutStream } from '../../../src/payments/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import {
  atStripe,
  balanceOf,
  booksOf,
  buy,
  faultsOf,
  firstOf,
  intentOf,
  emailTo,
  pay,
} from '../../support/payments/cashier.js';
import { mailsTo } from '../../support/gateway/mailbox.js';

let gateway: TestGateway;
let ada: TestPerson;
let fay: TestPerson;
let key: string;

beforeAll(async () => {
  gateway = await startGateway();
  fay = await newPersonWithRole(gateway, 'finance', 'operator');
});
beforeEach(async () => {
  ada = await newPerson(gateway);
  ({ key } = await gateway.desk.commands.execute(new IssueKey(ada.accountId, { name: 'test' })));
});
afterAll(() => gateway.close());

const call = async () => {
  const { status, text } = await post(gateway.url, key, chat('hello'));
  return status === 200 ? 'answered' : (JSON.parse(text) as { error: { code: string } }).error.code;
};
const asOperatorsSee = async () => (await fay.get(`/api/operator/accounts/${ada.accountId}`)).body;
const balanceIs = (balance: string) =>
  until(`a balance of $${balance}`, async () => (await balanceOf(gateway, ada.accountId)) === balance);
const disputeIs = (id: string, status: string) =>
  until(`dispute ${status}`, async () => (await fay.get(`/api/finance/disputes/${id}`)).body['status'] === status);

describe('a dispute', () => {
  it('takes its credit and freezes the rest, until it is won', async () => {
    const bought = await buy(gateway, ada, '10.00');
    await buy(gateway, ada, '5.00');
    const { id } = gateway.stripe.dispute(await intentOf(gateway, bought));
    await balanceIs('5.00');
    expect(await call()).toBe('credit_frozen');
    expect(await asOperatorsSee()).toMatchObject({ frozen: true, suspended: false });
    expect(codeOf(await pay(ada, '/api/refunds', { topup_id: bought.id }))).toBe('payment_disputed');
    gateway.stripe.closeDispute(id, 'won');
    await disputeIs(id, 'won');
    await balanceIs('15.00');
    expect(await call()).toBe('answered');
    expect(await asOperatorsSee()).toMatchObject({ frozen: false });
  });

  it('that is lost leaves the rest of the credit usable', async () => {
    const bought = await buy(gateway, ada, '10.00', 'cny');
    await buy(gateway, ada, '5.00');
    const { id } = gateway.stripe.dispute(await intentOf(gateway, bought), { amount: 3_600 });
    await balanceIs('10.00');
    gateway.stripe.closeDispute(id, 'lost');
    await disputeIs(id, 'lost');
    expect(await call()).toBe('answered');
    const { body } = await fay.get(`/api/finance/disputes/${id}`);
    expect(body).toMatchObject({ amount: '5.00', withdrawn: '5.00', reinstated: '0.00', topup_id: bought.id });
    // Its owner was told of every step, once.
    const [paid, frozen, over] = [
      await emailTo(gateway, ada, 'Your balance was topped up', 2),
      await emailTo(gateway, ada, 'A payment is disputed: your credit is frozen'),
      await emailTo(gateway, ada, 'The dispute of your payment is over'),
    ];
    expect(paid.text).toContain('You paid 5.00 USD for it.');
    for (const { text } of [frozen, over]) {
      for (const part of ['72.00 CNY', '$5.00', `Reference: ${id}, of the top-up ${bought.id}`])
        expect(text).toContain(part);
    }
    expect((await mailsTo(gateway, ada.email)).filter(({ text }) => text.includes(id))).toHaveLength(2);
  });

  it('of a part of a payment that has another one gives its own credit back when an appeal wins what was lost', async () => {
    const bought = await buy(gateway, ada, '10.00', 'cny');
    const intent = await intentOf(gateway, bought);
    const [first, second] = [3_600, 1_800].map((amount) => gateway.stripe.dispute(intent, { amount }).id);
    await balanceIs('2.50');
    for (const id of [first, second]) {
      gateway.stripe.closeDispute(id ?? '', 'lost');
      await disputeIs(id ?? '', 'lost');
    }
    gateway.stripe.closeDispute(first ?? '', 'won');
    await disputeIs(first ?? '', 'won');
    await balanceIs('7.50');
    expect(await call()).toBe('answered');
    expect((await fay.get(`/api/finance/disputes/${second}`)).body).toMatchObject({
      status: 'lost',
      reinstated: '0.00',
    });
    const won = await emailTo(gateway, ada, 'The dispute of your payment is over', 3);
    expect(won.text).toContain('its credit is yours again');
    expect(await faultsOf(gateway)).toEqual([]);
  });

  it('that is a mere inquiry freezes nothing, unless it becomes a dispute', async () => {
    const bought = await buy(gateway, ada);
    await buy(gateway, ada, '5.00');
    const { id } = gateway.stripe.dispute(await intentOf(gateway, bought), { inquiry: true });
    await disputeIs(id, 'open');
    expect(await call()).toBe('answered');
    gateway.stripe.escalate(id);
    await until('the credit is frozen', async () => (await call()) === 'credit_frozen');
  });

  it('has its evidence: what the disputed credit was used for', async () => {
    const bought = await buy(gateway, ada);
    expect([await call(), await call()]).toEqual(['answered', 'answered']);
    const { id } = gateway.stripe.dispute(await intentOf(gateway, bought));
    await disputeIs(id, 'open');
    const [json, csv] = [
      await fay.get(`/api/finance/disputes/${id}/evidence`),
      await fay.get(`/api/finance/disputes/${id}/evidence?format=csv`),
    ];
    expect(json.headers.get('content-disposition')).toBe(`attachment; filename="evidence-${id}.json"`);
    expect(json.body).toMatchObject({ topup_id: bought.id, purchased: '10.00', disputed: '10.00' });
    expect(json.body['charges']).toHaveLength(2);
    expect(csv.text.split('\n')[0]).toMatch(/^charge_id,request_id,at,key_id,model,/);
    expect(csv.text.trim().split('\n')).toHaveLength(3);
    expect(json.text + csv.text).not.toContain('hello');
  });
});

describe('what finance looks at', () => {
  it('has warnings of fraud', async () => {
    const bought = await buy(gateway, ada);
    const intent = await intentOf(gateway, bought);
    const { latest_charge: charge } = await atStripe(gateway, `payment_intents/${intent}`);
    gateway.stripe.warnOfFraud(String(charge));
    const warnings = await until('the warning', async () => {
      const { body } = await fay.get('/api/finance/fraud-warnings');
      return (body['data'] as { topup_id: string }[]).find(({ topup_id }) => topup_id === bought.id);
    });
    expect(warnings).toMatchObject({ payment_intent: intent, fraud_type: 'made_with_stolen_card' });
  });

  it('is for finance alone', async () => {
    for (const path of [
      'refunds',
      'disputes',
      'fraud-warnings',
      'mismatches',
      'disputes/dp_1',
      'disputes/dp_1/evidence',
    ])
      expect([path, codeOf(await ada.get(`/api/finance/${path}`))]).toEqual([path, 'role_required']);
    expect(codeOf(await fay.get('/api/finance/disputes/dp_1'))).toBe('dispute_not_found');
  });
});

it('a payout moves money from Stripe to the bank; one that fails moves it back', async () => {
  await buy(gateway, ada, '50.00');
  const { amount } = gateway.stripe.payout();
  await until('the bank has it', async () => (await booksOf(gateway))['assets:bank'] === formatMinor(amount, 'usd'));
  await buy(gateway, ada, '50.00');
  const { id } = gateway.stripe.payout({ fail: true });
  await gateway.stripe.webhooksSent();
  expect((await booksOf(gateway))['assets:bank']).toBe(formatMinor(amount, 'usd'));
  expect(await gateway.desk.store.readStream(payoutStream(id), 0, 9)).toMatchObject([{ type: 'PayoutFailed' }]);
  const { body } = await fay.get('/api/finance/payouts');
  expect(body['data']).toMatchObject([
    { id, status: 'failed', amount_minor: null },
    { status: 'paid', amount_minor: amount, currency: 'usd' },
  ]);
  expect(firstOf(await fay.get('/api/finance/payouts?status=paid'))['status']).toBe('paid');
});

it('in the end the books balance, and nothing is left to clear', async () => {
  await gateway.stripe.webhooksSent();
  await gateway.app.get(NoticeRecovery).recover();
  expect((await booksOf(gateway))['assets:stripe:clearing'] ?? '0.00').toBe('0.00');
  expect(await faultsOf(gateway)).toEqual([]);
});
