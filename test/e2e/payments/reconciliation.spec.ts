// Modes: embedded. The stores are held by their contracts, and the payments here by the specifications beside this one.
// Finance closes a month: a refund, a chargeback, a payment in yuan, a fee of Stripe's and a payment that is not ours end at zero.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReadModelStore, WaitFor } from '../../../src/event-store/index.js';
import { Clock, startOfDay } from '../../../src/kernel/index.js';
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

const DAY_MS = 86_400_000;
const LATER_MS = 3 * 3_600_000;
const RECONCILIATION = '/api/finance/reconciliation';

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
