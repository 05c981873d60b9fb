// Modes: embedded, two-gateways. Where documents and events are kept makes no other difference to this story.
// One person's whole story, as they and finance live it, over HTTP.
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventStore } from '../../../src/event-store/index.js';
import { IssueKey } from '../../../src/keys/index.js';
import { add, formatUsd, subtract, usd } from '../../../src/kernel/index.js';
import { journal } from '../../../src/books/journal/journal.js';
import { statementSchema, verifyStatement } from '../../../src/account/statements/index.js';
import { hasHledger, hledger } from '../../support/operations/hledger.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPersonWithRole, TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import {
  balanceOf,
  booksOf,
  buy,
  countOf,
  faultsOf,
  firstOf,
  intentOf,
  order,
  type Ordered,
  pay,
  refundIs,
  topupIs,
  topupOf,
} from '../../support/payments/cashier.js';

const FEN_OF_TEN_DOLLARS = 7_200;

describe('a person', () => {
  let gateway: TestGateway;
  let ada: TestPerson;
  let fay: TestPerson;
  let bought: Ordered;
  let key: string;
  let spent = usd('0');

  beforeAll(async () => {
    gateway = await startGateway({ env: { TOPUP_CNY_PER_USD: '7.20' } });
    fay = await newPersonWithRole(gateway, 'finance');
    ada = new TestPerson(gateway, 'ada@example.com');
  });
  afterAll(() => gateway.close());

  it('registers, and is let in by the link in the mail', async () => {
    expect((await ada.register()).status).toBe(202);
    expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
    expect((await ada.verify()).status).toBe(200);
    const { body } = await ada.get('/api/me');
    expect(body).toMatchObject({ email: 'ada@example.com', email_verified: true, roles: [] });
    ada.accountId = String(body['account_id']);
  });

  it('pays in yuan and is credited once, though Stripe tells of it twice and out of order', async () => {
    Object.assign(gateway.stripe.knobs, { duplicate: true, reorder: true });
    bought = await order(ada, '10.00', 'cny');
    const paidAt = performance.now();
    gateway.stripe.pay(bought.sessionId);
    await topupIs(ada, bought.id, 'paid');
    expect(performance.now() - paidAt).toBeLessThan(15_000);
    expect(await topupOf(ada, bought.id)).toMatchObject({ credit: '10.00', price_minor: FEN_OF_TEN_DOLLARS });
    await gateway.stripe.webhooksSent();
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
    expect(await countOf(gateway, 'CreditPurchased')).toBe(1);
    Object.assign(gateway.stripe.knobs, { duplicate: false, reorder: false });
  });

  it('makes a key and calls models of several makers with it', async () => {
    ({ key } = await gateway.desk.commands.execute(new IssueKey(ada.accountId, { name: 'first' })));
    const openai = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1` });
    const messages = [{ role: 'user' as const, content: 'Give me one fact about octopuses.' }];
    for (const model of ['claude-3-5-sonnet-20241022', 'gpt-4o', 'deepseek-chat', 'gemini-2.0-flash']) {
      const answer = await openai.chat.completions.create({ model, messages });
      expect(answer.choices[0]?.finish_reason).toBe('stop');
    }
    const charges = await openai.get<{ data: { cost: string }[] }>('/charges');
    const { data } = charges as { data: { cost: string }[] };
    expect(data).toHaveLength(4);
    spent = data.reduce((total, { cost }) => add(total, usd(cost)), spent);
    expect(await balanceOf(gateway, ada.accountId)).toBe(formatUsd(subtract(usd('10.00'), spent)));
  });

  it('is paid back the rest, to the cent, in yuan', async () => {
    const { id, credit } = firstOf(await pay(ada, '/api/refunds'));
    expect(credit).toBe('9.99'); // whole cents: what the calls left of the tenth dollar stays
    expect(codeOf(await pay(ada, `/api/finance/refunds/${String(id)}/approve`))).toBe('role_required');
    const { body } = await pay(fay, `/api/finance/refunds/${String(id)}/approve`);
    await refundIs(ada, String(id), 'completed');
    expect(body).toMatchObject({ amount_minor: Math.floor((999 * FEN_OF_TEN_DOLLARS) / 1_000) });
    expect(await balanceOf(gateway, ada.accountId)).toBe(formatUsd(subtract(usd('0.01'), spent)));
  });

  it('can’t spend while a payment is disputed, and can when the dispute is won', async () => {
    const call = () =>
      new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 }).chat.completions.create({
        model: 'gpt-4o',
        messages: [{ role: 'user', content: 'Hello' }],
      });
    const second = await buy(gateway, ada, '5.00');
    const { id } = gateway.stripe.dispute(await intentOf(gateway, second));
    await until('the dispute to be known', async () => (await fay.get(`/api/finance/disputes/${id}`)).status === 200);
    await expect(call()).rejects.toMatchObject({ status: 403, code: 'credit_frozen' });
    gateway.stripe.closeDispute(id, 'won');
    const disputeStatus = async () => (await fay.get(`/api/finance/disputes/${id}`)).body['status'];
    await until('the dispute to be won', async () => (await disputeStatus()) === 'won');
    expect((await call()).choices).toHaveLength(1);
  });

  it('has a statement that proves itself, and closes with the balance', async () => {
    const { body } = await ada.get('/api/statement');
    const statement = statementSchema.parse(body);
    const { faults, charges } = verifyStatement(statement);
    expect(faults).toEqual([]);
    expect(charges).toBeGreaterThan(3);
    expect(statement.closing_balance).toBe((await ada.get('/api/balance')).body['balance']);
    expect(statement.closing_balance).toBe(await balanceOf(gateway, ada.accountId));
  });

  it('leaves books that balance: all that was paid is settled, and no fault is found', async () => {
    await gateway.stripe.webhooksSent();
    await until('everything to be settled', async () => {
      const books = await booksOf(gateway);
      return books['assets:stripe:clearing'] === '0.00';
    });
    expect(await faultsOf(gateway)).toEqual([]);
  });

  it.runIf(hasHledger)('leaves a journal that hledger takes, with the balances of our own books', async () => {
    let text = '';
    for await (const line of journal(gateway.app.get(EventStore), { format: 'hledger' })) text += `${line}\n`;
    hledger(text, 'check', '--strict');
    const [, ...rows] = hledger(text, 'balance', '--flat', '--no-total', '-O', 'csv').trim().split('\n');
    const balances = rows.map((row) => JSON.parse(`[${row}]`) as [string, string]);
    const theirs = Object.fromEntries(balances.map(([account, amount]) => [account, usd(amount.split(' ')[0] ?? '')]));
    const ours = Object.entries(await booksOf(gateway)).map(([account, balance]) => [account, usd(balance)] as const);
    expect(theirs).toEqual(Object.fromEntries(ours.filter(([, balance]) => balance !== 0n)));
    expect(Object.keys(theirs).length).toBeGreaterThan(5);
  });
});
