// The pay page in a real browser: what its policy forbids, only a browser knows.
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser, openPage } from '../../test/support/browser/chromium.js';
import { StripeBench } from '../../test/support/stripe/stripe-bench.js';

let bench: StripeBench;
let browser: Browser;
let page: Page;
let shop: Server;
let shopUrl: string;
const complaints: string[] = [];
beforeAll(async () => {
  bench = await StripeBench.open();
  shop = createServer((request, response) => response.end(`You are back at ${request.url}`));
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  if (!hasChromium) return;
  browser = await openBrowser();
  page = await openPage(browser);
  page.on('console', (message) => complaints.push(message.text()));
});
afterAll(async () => {
  if (hasChromium) await browser.close();
  shop.closeAllConnections();
  await new Promise((resolve) => shop.close(resolve));
  await bench.close();
});

const checkout = async () => {
  const { id, url } = await bench.checkout({
    success_url: `${shopUrl}/ok?session={CHECKOUT_SESSION_ID}`,
    cancel_url: `${shopUrl}/no`,
    allowed_payment_method_types: ['card', 'wechat_pay'],
  });
  await page.goto(String(url));
  return id;
};

describe.runIf(hasChromium)('in a browser', () => {
  it('a payment leads back to a shop on another site', async () => {
    const id = await checkout();
    await page.getByRole('button', { name: 'Pay $10.00 by card' }).click();
    await page.waitForURL(`${shopUrl}/ok?session=${id}`);
    expect(await page.textContent('body')).toContain('You are back');
  });

  it('a decline, then 3-D Secure, then success', async () => {
    const id = await checkout();
    await page.getByRole('button', { name: /declined/ }).click();
    expect(await page.getByRole('alert').textContent()).toContain('declined');
    await page.getByRole('button', { name: /3-D Secure/ }).click();
    await page.getByRole('button', { name: 'Yes, confirm' }).click();
    await page.waitForURL(`${shopUrl}/ok?session=${id}`);
  });

  it('WeChat Pay, and cancelling', async () => {
    const id = await checkout();
    await page.getByRole('button', { name: /WeChat Pay/ }).click();
    await page.waitForURL(`${shopUrl}/ok?session=${id}`);
    await checkout();
    await page.getByRole('link', { name: 'Cancel and go back' }).click();
    await page.waitForURL(`${shopUrl}/no`);
    expect(await page.textContent('body')).toContain('/no');
  });

  it('the operator’s buttons work, and nothing breaks the pages’ policy', async () => {
    await page.goto(`${bench.sandbox.url}/sandbox`);
    await page.getByRole('button', { name: 'Dispute' }).first().click();
    await page.getByRole('button', { name: 'Win' }).click();
    expect((await bench.stripe.disputes.list()).data).toMatchObject([{ status: 'won' }]);
    await page.getByRole('button', { name: 'Set' }).first().click();
    // A button loads the page anew, which has no title for a moment.
    await expect.poll(() => page.title()).toContain('Sandbox');
    expect(complaints).toEqual([]);
  });
});
