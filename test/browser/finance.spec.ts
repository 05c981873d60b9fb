// Finance at work: approve a refund, decline another, resolve a difference by two people, close a month by two people.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadModelStore, WaitFor } from '../../src/event-store/index.js';
import { Clock, DAY_MS, startOfDay } from '../../src/kernel/index.js';
import {
  Reconciler,
  reconciliationItems,
  Reconciliations,
  StripeBalance,
  stripeEntries,
} from '../../src/reconciliation/index.js';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { cutOff, Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { newPerson, newPersonWithRole, type TestPerson } from '../support/gateway/person.js';
import { until } from '../support/gateway/until.js';
import { buy, countOf, firstOf, intentOf, type Ordered, pay, refundIs } from '../support/payments/cashier.js';

const LATER_MS = 3 * 3_600_000;

let gateway: TestGateway;
let browser: Browser;
let ada: TestPerson;
let fay: TestPerson;
let finn: TestPerson;
let bought: Ordered;

beforeAll(async () => {
  gateway = await startGateway({ env: { REFUND_ALONE_USD: '10' } });
  if (!hasChromium) return;
  browser = await openBrowser();
  [fay, finn] = [await newPersonWithRole(gateway, 'finance'), await newPersonWithRole(gateway, 'finance')];
  ada = await newPerson(gateway);
  await ada.send('PUT', '/api/me/billing', { name: 'Lovelace Analytical Engines', address: ['1 Mill Lane'] });
  bought = await buy(gateway, ada, '50.00', 'cny');
  const disputed = await buy(gateway, ada, '30.00');
  gateway.stripe.dispute(await intentOf(gateway, disputed));
  await until('all is booked', async () => (await countOf(gateway, 'BalanceTransactionBooked')) === 3);
  gateway.stripe.foreignPayment(13_125);
  await compare();
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

/** Compares today with Stripe as if it were three hours later, when nothing is too young any more. */
async function compare(): Promise<void> {
  const { app } = gateway;
  class Later extends Clock {
    override now = (): number => Date.now() + LATER_MS;
  }
  for (const { view } of [stripeEntries, reconciliationItems]) await app.get(WaitFor).head(view);
  const reconciler = new Reconciler(app.get(ReadModelStore), app.get(Reconciliations), new Later());
  const from = startOfDay(Date.now());
  await reconciler.run({ from, to: from + DAY_MS }, app.get(StripeBalance), { source: 'api' });
}

const asks = async (amount: string, reason = 'not_needed'): Promise<string> =>
  String(firstOf(await pay(ada, '/api/refunds', { topup_id: bought.id, amount, reason }))['id']);

const visitOf = (person: TestPerson, language: 'en' | 'zh' = 'en') =>
  Visit.begin(browser, { url: gateway.url, as: person, language });

/** Where it ends in the window, and where the window does. */
const bottomOf = (link: { getBoundingClientRect(): { readonly bottom: number } }): readonly [number, number] => [
  link.getBoundingClientRect().bottom,
  (globalThis as unknown as { readonly innerHeight: number }).innerHeight,
];

describe.skipIf(!hasChromium)('finance', () => {
  it('approves a refund and declines another, from its first screen', async () => {
    const [first, second] = [await asks('12.00'), await asks('5.00')];
    const visit = await visitOf(fay);
    const { page } = visit;
    await visit.open('/finance');
    await visit.inspect('finance-overview');
    const differences = page.getByRole('region', { name: 'Differences' }).last(); // the table in its card
    expect(await cutOff(differences)).toBe(0);
    await page.getByRole('link', { name: 'Decide on refunds' }).click();
    await visit.settled();
    expect(await cutOff(page.getByRole('region', { name: 'Refunds' }))).toBe(0); // its buttons are to be seen
    await visit.inspect('finance-refunds');

    await page.getByRole('button', { name: 'Review the refund of $12.00' }).click();
    const refund = page.getByRole('dialog', { name: 'A refund' });
    await refund.getByText('Not needed any more').waitFor();
    await visit.inspect('finance-refund');
    await refund.getByRole('button', { name: 'Approve the refund' }).click();
    const sure = page.getByRole('dialog', { name: 'Approve the refund of $12.00?' });
    await sure.getByRole('button', { name: 'Approve the refund' }).click();
    await refund.waitFor({ state: 'detached' });
    await refundIs(ada, first, 'completed');

    await page.getByRole('button', { name: 'Review the refund of $5.00' }).click();
    await refund.getByRole('button', { name: 'Decline the refund' }).click();
    const decline = page.getByRole('dialog', { name: 'Decline the refund of $5.00?' });
    await decline.getByLabel(/^Reason/).fill('It was used on the 3rd.');
    await decline.getByRole('button', { name: 'Decline the refund' }).click();
    await page.getByText('No refund waits for approval.').waitFor();
    expect((await ada.get(`/api/refunds/${second}`)).body).toMatchObject({
      failure_reason: 'It was used on the 3rd.',
      declined_by: fay.userId,
    });
    await visit.close();
  });

  it('resolves a difference by two people', async () => {
    const one = await visitOf(fay);
    await one.open('/finance/reconciliation');
    await one.inspect('finance-reconciliation');
    await one.page.getByRole('button', { name: /^Open the difference/ }).click();
    const item = one.page.getByRole('dialog', { name: 'A transaction' });
    await item.getByLabel('What it was').selectOption('foreign_payment');
    await item.getByLabel(/^Reason/).fill('A customer of another firm paid us.');
    await one.inspect('finance-difference');
    await item.getByRole('button', { name: 'Propose it' }).click();
    await one.page.getByText('Waits for approval').waitFor();
    await one.page.getByRole('button', { name: /^Open the difference/ }).click();
    await item.getByText('A second person must approve this').waitFor();
    expect(await item.getByRole('button', { name: 'Approve the proposal' }).isDisabled()).toBe(true);
    await one.close();

    const other = await visitOf(finn);
    await other.open('/finance/reconciliation');
    await other.page.getByRole('button', { name: /^Open the difference/ }).click();
    await other.page.getByRole('button', { name: 'Approve the proposal' }).click();
    const sure = other.page.getByRole('dialog', { name: 'Approve the proposal' });
    await sure.getByLabel(/^Reason/).fill('They wrote to us, too.');
    await sure.getByRole('button', { name: 'Approve the proposal' }).click();
    await other.page.getByText('Stripe and the ledger agree: nothing is open.').waitFor();
    await other.close();
    const { body } = await fay.get('/api/finance/reconciliation/items?status=resolved');
    expect(body['data']).toMatchObject([
      {
        resolution: [{ requested_by: fay.userId, approved_by: finn.userId, approval_reason: 'They wrote to us, too.' }],
      },
    ]);
  });

  it('closes a month by two people', async () => {
    const one = await visitOf(fay);
    await one.open('/finance/close');
    const link = one.page.locator('nav [aria-current=page]', { hasText: 'Month close' });
    const [bottom, height] = await link.evaluate(bottomOf);
    expect(bottom).toBeLessThanOrEqual(height); // it is below the fold, and the navigation scrolls to it
    await one.page.getByRole('button', { name: /^Propose to close/ }).click();
    await one.page.getByLabel(/^Reason/).fill('Everything agrees with Stripe.');
    await one.page.getByRole('dialog').getByRole('button', { name: 'Propose to close' }).click();
    await one.page.getByText('You proposed this month.', { exact: false }).waitFor();
    await one.close();

    const other = await visitOf(finn);
    await other.open('/finance/close');
    await other.inspect('finance-close');
    await other.page.getByRole('button', { name: 'Close the month' }).click();
    await other.page
      .getByRole('dialog')
      .getByLabel(/^Reason/)
      .fill('complete');
    await other.page.getByRole('dialog').getByRole('button', { name: 'Close the month' }).click();
    await other.page.getByText(/^\d{4}-\d{2} is closed\.$/).waitFor();
    await other.close();
    const { body } = await fay.get('/api/finance/books/periods');
    expect(body['data']).toMatchObject([
      { status: 'closed', proposed_by: fay.userId, approved_by: finn.userId, approval_reason: 'complete' },
    ]);
  });

  it('finds a customer by name, and sees the whole story of a top-up', async () => {
    const visit = await visitOf(fay);
    await visit.open('/finance/search');
    await visit.page.getByLabel('Search for').fill('lovelace');
    await visit.page.getByRole('button', { name: 'Search' }).click();
    const found = visit.page.getByRole('link', { name: /^Lovelace Analytical Engines/ });
    await found.waitFor();
    await visit.inspect('finance-search');
    await found.click();
    await visit.page.getByTitle(bought.id).waitFor();
    await visit.inspect('finance-topups');
    await visit.page.getByTitle(bought.id).click();
    await visit.page.getByText('A refund was paid out').first().waitFor();
    expect(await visit.page.getByText('liabilities:customers:refunds').count()).toBeGreaterThan(0);
    await visit.inspect('finance-topup');
    await visit.close();
  });

  it('has its other pages', async () => {
    const visit = await visitOf(fay);
    for (const [name, path] of [
      ['finance-disputes', '/finance/disputes'],
      ['finance-payouts', '/finance/payouts'],
      ['finance-trial-balance', '/finance/books'],
      ['finance-roll-forward', '/finance/books?tab=roll-forward'],
      ['finance-revenue', '/finance/books?tab=revenue'],
      ['finance-breakage', '/finance/books?tab=breakage'],
      ['finance-chart', '/finance/books?tab=chart'],
      ['finance-invoices', '/finance/books?tab=invoices'],
      ['finance-alerts', '/finance/books?tab=alerts'],
      ['finance-transactions', '/finance/reconciliation?tab=transactions'],
      ['finance-days', '/finance/reconciliation?tab=days'],
      ['finance-providers', '/finance/reconciliation?tab=providers'],
      ['finance-exports', '/finance/exports'],
      ['finance-jobs', '/finance/jobs'],
    ] as const) {
      await visit.open(path);
      await visit.inspect(name);
      expect(await visit.page.getByRole('alert').count()).toBe(0);
    }
    await visit.close();
  });

  it('works in Chinese', async () => {
    const visit = await visitOf(fay, 'zh');
    await visit.open('/finance');
    expect(await visit.page.getByRole('heading', { level: 1 }).textContent()).toBe('财务待办');
    await visit.inspect('finance-overview');
    await visit.open('/finance/books');
    await visit.page.getByText('各币种借贷平衡').waitFor();
    await visit.inspect('finance-trial-balance');
    await visit.close();
  });
});
