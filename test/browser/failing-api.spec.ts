// Pages over an API that is slow, fails, loses its answers, or has ended the session.
import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SESSION_COOKIE } from '../../src/identity/index.js';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { dataOf, newPerson, type TestPerson } from '../support/gateway/person.js';

const KEYS = /\/api\/keys(\?|$)/;
const EMPTY = 'You have no key that works.';

let gateway: TestGateway;
let browser: Browser;
let ada: TestPerson;
beforeAll(async () => {
  gateway = await startGateway();
  ada = await newPerson(gateway);
  if (hasChromium) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

/** The browser's own word on a request that failed. */
const FAILED_REQUEST = /Failed to load resource/;
/** Its word on code that did not come. */
const FAILED_CODE = /Failed to (load resource|fetch dynamically imported module)/;
const USAGE_CODE = /\/assets\/usage-page.*\.js/;
const visitKeys = (expected?: RegExp) =>
  Visit.begin(browser, { url: gateway.url, as: ada, ...(expected && { expected }) });

const away = (route: Route) =>
  route.fulfill({
    status: 503,
    headers: { 'x-request-id': 'req_away' },
    json: { error: { message: '', type: 'service_unavailable', param: null, code: 'service_unavailable' } },
  });

describe.skipIf(!hasChromium)('a page', () => {
  it('holds its place while an answer is slow', async () => {
    const visit = await visitKeys();
    const { page } = visit;
    let answer = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (answer = resolve));
    await page.route(KEYS, (route) => waiting.then(() => route.continue()));
    await page.route(/\/api\/auth\/session$/, async (route) => {
      await page.getByRole('status', { name: 'token-hub …' }).waitFor();
      await route.continue();
    });
    await page.goto('/keys');
    await page.locator('[aria-busy=true]').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Keys');
    answer();
    await page.getByText(EMPTY).waitFor();
    expect(await page.locator('[aria-busy=true]').count()).toBe(0);
    await visit.close();
  });

  it('says what failed, and goes on once it is there again', async () => {
    const visit = await visitKeys(FAILED_REQUEST);
    const { page } = visit;
    await page.clock.install();
    await page.route(KEYS, away);
    await page.goto('/keys');
    // It tries again by itself, three times, before it says so.
    const notice = page.getByRole('alert');
    for (let seconds = 0; seconds < 30 && (await notice.count()) === 0; seconds++) await page.clock.runFor(1_000);
    expect(await notice.innerText()).toContain('Nothing is lost; try again in a moment.');
    expect(await notice.innerText()).toContain('Request req_away');
    await page.unroute(KEYS);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(EMPTY).waitFor();
    expect(await notice.count()).toBe(0);
    await visit.close();
  });

  it('opens once the session can be asked for again', async () => {
    const visit = await visitKeys(/Failed to load resource|^ApiFailure/);
    const { page } = visit;
    await page.route(/\/api\//, (route) => route.abort());
    await page.goto('/keys');
    await page.getByRole('alert').getByText('Check your connection').waitFor();
    await page.unroute(/\/api\//);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(EMPTY).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    await visit.close();
  });

  it('says how to go on when no script comes, and opens once it does', async () => {
    const visit = await visitKeys(/Failed to load resource/);
    const { page } = visit;
    const scripts = /\/assets\/index-.*\.js/;
    await page.route(scripts, (route) => route.abort());
    await page.goto('/keys');
    const again = page.getByRole('link', { name: 'Load the page again' });
    expect(await again.isVisible()).toBe(false);
    await page.evaluate('document.getAnimations().forEach((animation) => animation.finish())');
    expect(await again.isVisible()).toBe(true);
    await page.unroute(scripts);
    await again.click();
    await page.getByText(EMPTY).waitFor();
    expect(await again.count()).toBe(0);
    await visit.close();
  });

  it('opens once its code comes', async () => {
    const visit = await visitKeys(FAILED_CODE);
    const { page } = visit;
    await visit.open('/keys');
    await page.route(USAGE_CODE, (route) => route.abort());
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.getByRole('alert').getByText('Check your connection').waitFor();
    await page.unroute(USAGE_CODE);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { level: 1, name: 'Usage' }).waitFor();
    await visit.settled();
    expect(await page.getByRole('alert').count()).toBe(0);
    await visit.close();
  });

  it('moves no money twice when an answer was lost', async () => {
    const visit = await visitKeys(FAILED_REQUEST);
    const { page } = visit;
    await visit.open('/topup');
    await page.route('/api/topups', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      await route.fetch();
      await route.abort();
    });
    const pay = page.getByRole('button', { name: 'Pay $10.00 with Stripe' });
    await pay.click();
    await page.getByRole('alert').getByText('no money moves twice').waitFor();
    await page.unroute('/api/topups');
    await pay.click();
    await page.waitForURL(/\/c\/pay\//);
    expect(dataOf(await ada.get('/api/topups'))).toHaveLength(1);
    await visit.close();
  });

  it('leads to the login when the session has ended, and knows the way back', async () => {
    const visit = await visitKeys(FAILED_REQUEST);
    const { page } = visit;
    await visit.open('/keys?revoked=true');
    await page.context().clearCookies({ name: SESSION_COOKIE });
    await page.getByRole('link', { name: 'Usage' }).click();
    await page.waitForURL(/\/login\?next=/);
    expect(new URL(page.url()).searchParams.get('next')).toBe('/usage');
    await visit.close();
  });
});
