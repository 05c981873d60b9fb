// A customer and their money: buying credit in yuan and dollars, changing their mind, and what they are shown of it.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { newPerson, type TestPerson } from '../support/gateway/person.js';
import { until } from '../support/gateway/until.js';
import { balanceOf, buy, firstOf, order, pay, topupIs } from '../support/payments/cashier.js';

let gateway: TestGateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startGateway({ env: { SELLER_NAME: 'Example Ltd', SELLER_ADDRESS: '1 Example Street' } });
  if (hasChromium) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

/** Somebody with top-ups, refunds and billing details of every kind. */
async function customer(): Promise<TestPerson> {
  const ada = await newPerson(gateway);
  await buy(gateway, ada, '100.00', 'cny');
  const { body } = await pay(ada, '/api/topups', { amount: '10.00', save_card: true });
  gateway.stripe.pay(String(body['checkout_url']).split('/').at(-1) ?? '');
  await topupIs(ada, String(body['id']), 'paid');
  await ada.send('PUT', '/api/automatic-topup', { threshold: '5', amount: '10', monthly_ceiling: '50' });
  await order(ada, '5000.00', 'cny');
  gateway.stripe.expire((await order(ada, '5.00')).sessionId);
  const withdrawn = firstOf(await pay(ada, '/api/refunds', { amount: '4.00' }));
  await ada.post(`/api/refunds/${String(withdrawn['id'])}/withdraw`);
  await pay(ada, '/api/refunds', { amount: '5.00' });
  await ada.send('PUT', '/api/balance-alert', { threshold: '20' });
  const address = ['1 Long Street', '12345 Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch', 'Wales'];
  await ada.send('PUT', '/api/me/billing', {
    name: 'Ada Lovelace Analytical Engines Ltd',
    address,
    tax_id: 'GB123456789',
  });
  await until('its invoices', async () => (await ada.get('/api/invoices')).body['has_more'] === false);
  return ada;
}

const click = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();
const shown = (page: Page, text: string) => page.getByText(text).first().waitFor();

describe.skipIf(!hasChromium)('a customer', () => {
  it('buys credit in yuan, cancels another order, asks for a refund and takes that back', async () => {
    const ada = await newPerson(gateway);
    const visit = await Visit.begin(browser, { url: gateway.url, as: ada });
    const { page } = visit;
    await visit.open('/topup');
    await page.getByText('Chinese yuan').click();
    await click(page, 'Pay ¥72.00 with Stripe');
    await click(page, 'Pay');
    await shown(page, '$10.00 of credit is on your balance.');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');

    await page.getByRole('radio', { name: 'Other' }).click();
    await page.getByLabel('Amount', { exact: true }).fill('25.50');
    await click(page, 'Pay $25.50 with Stripe');
    await page.getByRole('link', { name: 'Cancel and go back' }).click();
    await shown(page, 'Not paid yet');
    await page.locator('nav [aria-current=page]', { hasText: 'Top up' }).waitFor(); // whatever stands behind its path
    await click(page, 'Cancel');
    await click(page, 'Cancel the top-up');
    await shown(page, 'Canceled');

    await click(page, 'Refund');
    await page.getByLabel('Credit to refund').fill('4.00');
    await visit.inspect('topup-refund-dialog');
    await click(page, 'Request the refund');
    await shown(page, 'Waiting for approval');
    expect(await balanceOf(gateway, ada.accountId)).toBe('6.00');
    await click(page, 'Withdraw');
    await click(page, 'Withdraw the request');
    await shown(page, 'Withdrawn by you');
    expect(await balanceOf(gateway, ada.accountId)).toBe('10.00');
    await visit.close();
  });

  it.each(['en', 'zh'] as const)('can read the pages about money, in %s', async (language) => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: await customer(), language });
    await visit.open('/topup');
    await visit.page
      .locator('label', { hasText: /Chinese yuan|人民币/ })
      .first()
      .click();
    await visit.page.getByRole('timer').waitFor();
    await visit.inspect('topup');
    await visit.open('/statements');
    await visit.inspect('statements');
    expect(await visit.page.getByRole('alert').count()).toBe(0);
    await visit.close();
  });
});
