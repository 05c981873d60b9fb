// Modes: embedded. What finance reads over payments and books is the same wherever the stores are.
// The desk of finance: top-ups with their stories, refunds with what a decision does, the search, and the first screen.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY_MS, usd } from '../../../src/kernel/index.js';
import { Accounts } from '../../../src/ledger/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, dataOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { buy, firstOf, intentOf, type Ordered, pay } from '../../support/payments/cashier.js';

let gateway: TestGateway;
let ada: TestPerson;
let fay: TestPerson;
let finn: TestPerson;
let bought: Ordered;
let refundId: string;

beforeAll(async () => {
  gateway = await startGateway({ env: { REFUND_ALONE_USD: '30' } });
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
  ada = await newPerson(gateway);
  bought = await buy(gateway, ada, '50.00', 'cny');
  await buy(gateway, ada, '10.00');
  const asked = { account_id: ada.accountId, topup_id: bought.id, amount: '40.00', reason: 'complaint 17' };
  refundId = String(firstOf(await pay(fay, '/api/finance/refunds', asked))['id']);
});
afterAll(() => gateway.close());

const read = async (path: string) => (await fay.get(`/api/finance/${path}`)).body;
const topups = async (query: string) => dataOf(await fay.get(`/api/finance/topups?${query}`)).map(({ id }) => id);
const found = async (q: string) =>
  dataOf(await fay.get(`/api/finance/search?q=${encodeURIComponent(q)}`)).map(
    ({ type, id }) => `${String(type)} ${String(id)}`,
  );

it('tells whoever decides on a refund what that does, and that a second person must approve it', async () => {
  expect(await read(`refunds/${refundId}`)).toMatchObject({
    reason: 'complaint 17',
    requested_by: fay.userId,
    approval: 'second_person_needed',
    balance: '20.00',
    balance_after_decline: '60.00',
    credit_left: '10.00',
    credit_bought: '50.00',
    currency: 'cny',
  });
  expect((await finn.get(`/api/finance/refunds/${refundId}`)).body).toMatchObject({ approval: 'possible' });
});

it('shows what waits for finance, and what customers are owed', async () => {
  const overview = await read('overview');
  expect(overview['refunds']).toMatchObject({ to_approve: 1, credit: '40.00', stuck: 0 });
  expect(overview['books']).toMatchObject({
    customer_credit: '25.00' /* 5.00 are of the demo account */,
    customer_debt: '0.00',
    refunds_under_way: '40.00',
  });
  expect(overview['disputes']).toMatchObject({ open: 0, nearest: null });
  expect(overview['months']).toHaveLength(1);
});

it('of two people who approve the same refund, only the first one did', async () => {
  const approve = (who: TestPerson) => pay(who, `/api/finance/refunds/${refundId}/approve`);
  expect(codeOf(await approve(fay))).toBe('second_person_needed');
  expect((await approve(finn)).status).toBe(200);
  expect((await approve(finn)).status).toBe(200);
  expect(codeOf(await approve(fay))).toBe('refund_approved');
});

it('finds top-ups by what finance has of them', async () => {
  const intent = await intentOf(gateway, bought);
  for (const query of [
    'currency=cny',
    'amount=50.00',
    `stripe_id=${intent}`,
    `stripe_id=${bought.sessionId}`,
    `topup_id=${bought.id}&status=paid`,
    `account_id=${ada.accountId}&currency=cny&from=2020-01-01&method=checkout`,
  ])
    expect(await topups(query)).toEqual([bought.id]);
  for (const query of ['method=saved_card', 'to=2020-01-01', 'amount=11', `topup_id=${bought.id}&status=failed`])
    expect(await topups(query)).toEqual([]);
  const [header, ...lines] = (await fay.get('/api/finance/topups?format=csv')).text.trim().split('\n');
  expect(header).toContain('payment_intent');
  expect(lines).toHaveLength(2);
});

it('tells the whole story of a top-up', async () => {
  const story = await read(`topups/${bought.id}`);
  expect(story['lot']).toMatchObject({ bought: '50.00', left: '10.00' });
  const types = (story['events'] as { type: string }[]).map(({ type }) => type);
  for (const type of [
    'TopupOrdered',
    'TopupPaid',
    'CreditPurchased',
    'RefundRequested',
    'RefundApproved',
    'RefundOrdered',
  ])
    expect(types).toContain(type);
  const purchase = (story['events'] as { type: string; postings: unknown }[]).find(
    ({ type }) => type === 'CreditPurchased',
  );
  expect(purchase?.postings).toEqual([
    { account: 'assets:stripe:clearing', currency: 'USD', debit: '50.00', credit: null },
    { account: 'liabilities:customers:credit', currency: 'USD', debit: null, credit: '50.00' },
  ]);
});

it('searches by address, name, day, amount and id', async () => {
  await ada.send('PUT', '/api/me/billing', { name: 'Lovelace Engines', address: ['1 Mill Lane'] });
  const account = `account ${ada.accountId}`;
  for (const q of [ada.email, ada.email.slice(0, 8).toUpperCase(), 'lovelace eng', ada.accountId, ada.userId])
    expect(await found(q)).toContain(account);
  const topup = `topup ${bought.id}`;
  const today = new Date().toISOString().slice(0, 10);
  for (const q of [bought.id, bought.sessionId, await intentOf(gateway, bought), '$50', today])
    expect(await found(q)).toContain(topup);
  expect(await found('40.00')).toContain(`refund ${refundId}`);
  expect(await found('nothing is like this')).toEqual([]);
  expect((await fay.get('/api/finance/search?q=a')).status).toBe(400);
});

it('says who people and whose accounts are', async () => {
  expect(await read(`people/${finn.userId}`)).toMatchObject({ email: finn.email });
  expect(await read(`people/nobody`)).toMatchObject({ email: null });
  expect(await read(`accounts/${ada.accountId}`)).toMatchObject({ email: ada.email, balance: '20.00' });
});

it('lists what is booked at Stripe as not compared, until its day was', async () => {
  const booked = dataOf(await fay.get('/api/finance/reconciliation/transactions'));
  expect(booked.length).toBeGreaterThan(0);
  expect(new Set(booked.map(({ status }) => status))).toEqual(new Set(['not_compared']));
});

it('tells the credit of all refunds that wait, however many', async () => {
  const [bob, count] = [await newPerson(gateway), 1_001];
  const { id: lotId } = await buy(gateway, bob, '20.00');
  const at = Date.now();
  const asked = { type: 'RequestRefund', at, amount: usd('0.01'), windowMs: DAY_MS } as const;
  const accounts = gateway.app.get(Accounts);
  const ask = (commandId: string) => {
    const request = { commandId, requestId: commandId, parts: [{ refundId: commandId, lotId }] };
    return accounts.execute(bob.accountId, { ...asked, ...request, requestedBy: bob.userId, reason: '' });
  };
  await Promise.all(Array.from({ length: count }, (_, index) => ask(`cent${index}`)));
  expect((await read('overview'))['refunds']).toMatchObject({ to_approve: count, credit: '10.01' });
});
