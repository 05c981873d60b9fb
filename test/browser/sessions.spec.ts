// Pages that stay open while the session of their browser ends, or becomes another person's.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { dataOf, newPerson, type TestPerson } from '../support/gateway/person.js';

const REFUSED = /Failed to load resource/;
const MINUTE_MS = 60_000;

let gateway: TestGateway;
let browser: Browser;
let ada: TestPerson;
let bob: TestPerson;
beforeAll(async () => {
  gateway = await startGateway();
  [ada, bob] = [await newPerson(gateway), await newPerson(gateway)];
  if (hasChromium) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

const visitOf = (person: TestPerson) => Visit.begin(browser, { url: gateway.url, as: person, expected: REFUSED });

const logIn = async (page: Page, person: TestPerson): Promise<void> => {
  const cookies = [...person.cookies].map(([name, value]) => ({ name, value, url: gateway.url }));
  await page.context().addCookies(cookies);
};

/** Comes back to the tab after a while: what it shows is asked for again. */
async function comeBack(page: Page): Promise<void> {
  await page.clock.setFixedTime(Date.now() + MINUTE_MS);
  await page.evaluate('window.dispatchEvent(new Event("visibilitychange"))');
}

describe.skipIf(!hasChromium)('a page that is open', () => {
  it('keeps what was typed when the session has ended, until it is sent after another login', async () => {
    const visit = await visitOf(ada);
    const { page } = visit;
    await visit.open('/keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog', { name: 'New key' });
    await dialog.getByLabel(/^Name/).fill('the nightly report');
    await page.context().clearCookies();
    const asked = page.waitForResponse(/\/api\/auth\/session$/);
    await comeBack(page);
    await asked;
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    await dialog.getByText('You are logged out by now.').waitFor();
    await logIn(page, ada);
    await dialog.getByRole('button', { name: 'Create the key' }).click();
    await page.getByRole('dialog', { name: 'The key “the nightly report”' }).waitFor();
    expect(dataOf(await ada.get('/api/keys'))).toMatchObject([{ name: 'the nightly report' }]);
    await visit.close();
  });

  it('leads to the login when the session has ended and nothing was typed', async () => {
    const visit = await visitOf(ada);
    await visit.open('/keys');
    await visit.page.context().clearCookies();
    await comeBack(visit.page);
    await visit.page.waitForURL(/\/login\?/);
    expect(new URL(visit.page.url()).searchParams.get('next')).toBe('/keys');
    await visit.close();
  });

  it('shows nothing of one person to another who has logged in in another tab', async () => {
    await ada.post('/api/keys', { name: 'a key of hers' });
    const visit = await visitOf(ada);
    const { page } = visit;
    await visit.open('/keys');
    await page.getByText('a key of hers').waitFor();
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor();
    await logIn(page, bob);
    // His keys don't come: what was read for her would be shown in their place.
    await page.route(/\/api\/keys/, () => undefined);
    await comeBack(page);
    await page.getByRole('button', { name: 'Who is logged in' }).click();
    await page.getByText(bob.email).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('heading', { level: 1, name: 'Keys' }).waitFor();
    expect(await page.getByText('a key of hers').count()).toBe(0);
    await visit.close();
  });
});

describe.skipIf(!hasChromium)('a button', () => {
  it('has the focus again once what it asked for has failed', async () => {
    const visit = await visitOf(bob);
    const { page } = visit;
    await visit.open('/topup');
    await page.route('/api/balance-alert', async (route) => {
      if (route.request().method() === 'GET') return route.continue();
      await route.fulfill({ status: 500, json: {} });
    });
    const button = page.getByRole('button', { name: 'Switch on' });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Something went wrong').waitFor();
    await expect.poll(() => button.evaluate((element) => element.matches(':focus'))).toBe(true);
    await visit.close();
  });

  it('that has gone with its row leaves the focus to the content of the page', async () => {
    await bob.post('/api/keys', { name: 'to be revoked' });
    const visit = await visitOf(bob);
    const { page } = visit;
    await visit.open('/keys');
    await page.getByRole('button', { name: 'Actions for to be revoked' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Revoke …' }).press('Enter');
    await page.getByRole('button', { name: 'Revoke the key' }).press('Enter');
    await page.getByText('You have no key that works.').waitFor();
    await expect.poll(() => page.locator('#content').evaluate((element) => element.matches(':focus'))).toBe(true);
    await visit.close();
  });
});
