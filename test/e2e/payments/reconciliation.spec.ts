// Modes: embedded. The stores are held by their contracts, and the payments here by the specifications beside this one.
// Finance closes a month: a refund, a chargeback, a payment in yuan, a fee of Stripe's and a payment that is not ours end at zero. Then one
// person proposes to close the month, and another one approves it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReadModelStore, WaitFor } from '../../../src/event-store/index.js';
import { endOf } from '../../../src/books/close/close.decider.js';
import { Periods } from '../../../src/books/index.js';
import { Clock, DAY_MS, dayOf, monthOf, startOfDay, toInstant, usd } from '../../../src/kernel/index.js';
import {
  Reconciler,
  reconciliationItems,
  Reconciliations,
  StripeBalance,
  stripeEntries,
} from '../../../src/reconciliation/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, dataOf, newPerson, newPersonWithRole, type TestPerson } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import {
  atStripe,
  booksOf,
  buy,
  countOf,
  faultsOf,
  firstOf,
  intentOf,
  pay,
  refundIs,
} from '../../support/payments/cashier.js';

const LATER_MS = 3 * 3_600_000;
const RECONCILIATION = '/api/finance/reconciliation';
const BOOKS = '/api/finance/books';

let gateway: TestGateway;
let ada: TestPerson;
let fay: TestPerson;
let finn: TestPerson;

beforeAll(async () => {
  gateway = await startGateway();
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
  ada = await newPerson(gateway);
});
afterAll(() => gateway.close());

/** Compares today and yesterday as if it were three hours later, when nothing is too young any more. */
async function reconcile() {
  const { app } = gateway;
  class Later extends Clock {
    override now = (): number => Date.now() + LATER_MS;
  }
  for (const { view } of [stripeEntries, reconciliationItems]) await app.get(WaitFor).head(view);
  const reconciler = new Reconciler(app.get(ReadModelStore), app.get(Reconciliations), new Later());
  const today = startOfDay(Date.now());
  const days = await reconciler.run({ from: today - DAY_MS, to: today + DAY_MS }, app.get(StripeBalance), {
    source: 'api',
  });
  return days.at(-1);
}

const items = async (status: string) => dataOf(await fay.get(`${RECONCILIATION}/items?status=${status}`));

async function close(id: unknown, action: string): Promise<void> {
  const item = `${RECONCILIATION}/items/${String(id)}`;
  const proposed = await pay(fay, `${item}/resolve`, { action, reason: 'as the ticket says', evidence: 'ticket 17' });
  expect(proposed.status, proposed.text).toBe(200);
  expect(codeOf(await pay(fay, `${item}/approve`))).toBe('second_person_needed');
  expect((await pay(finn, `${item}/approve`)).status).toBe(200);
}

it('a month of finance ends with Stripe’s balance in the books, and nothing in clearing', async () => {
  const { stripe } = gateway;
  await buy(gateway, ada, '50.00');
  await buy(gateway, ada, '10.00', 'cny');
  const returned = await buy(gateway, ada, '20.00');
  const disputed = await buy(gateway, ada, '30.00');
  const asked = firstOf(
    await pay(ada, '/api/refunds', { topup_id: returned.id, amount: '20.00', reason: 'not_needed' }),
  );
  const refundId = String(asked['id']);
  expect((await pay(fay, `/api/finance/refunds/${refundId}/approve`)).status).toBe(200);
  await refundIs(ada, refundId, 'completed');
  stripe.closeDispute(stripe.dispute(await intentOf(gateway, disputed)).id, 'lost');
  await until(
    'everything is booked',
    async () =>
      (await countOf(gateway, 'BalanceTransactionBooked')) === 6 && (await countOf(gateway, 'DisputeClosed')) === 1,
  );
  stripe.foreignPayment(13_125);
  stripe.stripeFee(150);

  const open = await reconcile();
  expect(open?.counts).toMatchObject({ matched: 6, theirs_only: 2, ours_only: 0, differs: 0, pending: 0 });
  const [total] = open?.totals ?? [];
  expect((total?.closingMinor ?? 0) - (total?.ledgerMinor ?? 0)).toBe(total?.explainedMinor);
  for (const { id, stripe: theirs } of await items('theirs_only')) {
    const [{ category } = {}] = theirs as readonly { category?: string }[];
    await close(id, category === 'fee' ? 'stripe_fee' : 'foreign_payment');
  }

  expect(await reconcile()).toMatchObject({ counts: { matched: 6, theirs_only: 0, resolved: 2 } });
  expect(await items('theirs_only')).toEqual([]);
  const { available, pending } = (await atStripe(gateway, 'balance')) as Record<string, { amount: number }[]>;
  const cents = [...(available ?? []), ...(pending ?? [])].reduce((sum, { amount }) => sum + amount, 0);
  const books = await booksOf(gateway);
  expect(books).toMatchObject({
    'assets:stripe:clearing': '0.00',
    'assets:stripe:balance': (cents / 100).toFixed(2),
    'liabilities:payments:unmatched': '-131.25',
  });
  expect(await faultsOf(gateway)).toEqual([]);
});

it('the report has a row for each transaction, and is for finance alone', async () => {
  const [from, to] = [new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS)].map((day) => day.toISOString());
  const report = `${RECONCILIATION}/report.csv?from=${from}&to=${to}`;
  const lines = (await fay.get(report)).text.trim().split('\n');
  expect(lines[0]).toMatch(
    /^item,date,status,age_days,currency,ours_amount,ours_fee,stripe_amount,stripe_fee,difference/,
  );
  expect(lines.filter((line) => line.includes(',matched,'))).toHaveLength(6);
  expect(lines.filter((line) => line.includes(',resolved,'))).toHaveLength(2);
  expect((await ada.get(report)).status).toBe(403);
});

type Rows = readonly Readonly<Record<string, string>>[];
const rowsIn = (body: object): Rows => (body as { data: Rows }).data;
const balanceOf = (rows: Rows, account: string): string =>
  rows.find((row) => row['account'] === account && row['currency'] === 'USD')?.['balance'] ?? '0.00';

it('the month is closed by two people, and what is booked later counts in the next one', async () => {
  const month = monthOf(toInstant(Date.now()));
  const next = endOf(month);
  /** The month is over for who closes it; for payments it goes on. */
  class NextMonth extends Clock {
    override now = (): number => Date.parse(next);
  }
  Object.assign(gateway.app.get(Periods), { clock: new NextMonth() });
  const period = `${BOOKS}/periods/${month}`;
  expect((await fay.get(period)).body).toMatchObject({ status: 'open', trial_balance: [] });
  expect((await pay(ada, `${period}/propose`, { reason: 'mine' })).status).toBe(403);
  const proposed = await pay(fay, `${period}/propose`, { reason: 'Everything agrees with Stripe.' });
  expect(proposed.body).toMatchObject({
    status: 'proposed',
    proposed_by: fay.userId,
    approved_by: null,
    open_items: 0,
    stripe_balances: [{ currency: 'USD', rest: '0.00' }],
  });
  const uncompared = proposed.body['uncompared_days'] as readonly string[];
  expect(uncompared.includes(dayOf(toInstant(Date.now())))).toBe(true); // compared today, before its end
  expect(codeOf(await pay(fay, `${period}/approve`))).toBe('second_person_needed');
  const approved = await pay(finn, `${period}/approve`);
  expect([approved.status, approved.body['kind']]).toEqual([202, 'close_period']);
  const closed = await until('the month is closed', async () => {
    const { body } = await fay.get(period);
    return body['status'] === 'closed' && body;
  });
  expect(closed).toMatchObject({ proposed_by: fay.userId, approved_by: finn.userId });
  expect(dataOf(await fay.get(`${BOOKS}/periods`))).toMatchObject([{ id: month, digest: closed['digest'] }]);

  const balances = closed['trial_balance'] as Rows;
  const currencies = [...new Set(balances.map((row) => row['currency']))];
  const sums = currencies.map((currency) =>
    balances
      .filter((row) => row['currency'] === currency)
      .reduce((sum, row) => sum + usd(row['balance'] as string), 0n),
  );
  expect(sums).toEqual(currencies.map(() => 0n));
  expect(balanceOf(balances, 'assets:stripe:clearing')).toBe('0.00');

  await buy(gateway, ada, '5.00');
  const at = async (query: string) => (await fay.get(`${BOOKS}/trial-balance?${query}`)).body;
  const then = await at(`to=${next}`);
  expect(then['balanced']).toBe(true);
  expect(rowsIn(then).map(({ account, currency, balance }) => ({ account, currency, balance }))).toEqual(balances);
  const rollForward = async (query: string) =>
    rowsIn((await fay.get(`${BOOKS}/roll-forward?from=${next}${query}`)).body).at(-1) ?? {};
  expect(await rollForward(`&account_id=${ada.accountId}`)).toMatchObject({ kind: 'all', topups: '5.00' });
  const { opening = '' } = await rollForward('');
  expect(usd(opening)).toBe(-usd(balanceOf(balances, 'liabilities:customers:credit')));

  const [head, ...lines] = (await fay.get(`${BOOKS}/trial-balance?format=csv`)).text.trim().split('\n');
  expect(head).toBe('code,account,type,currency,opening,debits,credits,balance');
  expect(lines.map((line) => line.split(',').slice(1, 4).join())).toContain('revenue:exchange,revenue,USD');
  const journal = await fay.get(`${BOOKS}/journal?format=csv`);
  expect(journal.headers.get('content-disposition')).toBe('attachment; filename="journal-csv.csv"');
  const entries = journal.text.split('\n').filter((line) => line.includes(',CreditPurchased,'));
  const dates = entries.map((line) => line.split(',')).map((cells) => [cells[0], monthOf(cells[9] ?? '')]);
  expect(dates.slice(-2)).toEqual([
    [next, month],
    [next, month],
  ]);
  expect(await faultsOf(gateway)).toEqual([]);
});
