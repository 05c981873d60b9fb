// What visitors see.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';

let gateway: TestGateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startGateway();
  if (hasChromium) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

/** Of compressed script, on the first page. */
const MOST_SCRIPT_BYTES = 200_000;

describe.skipIf(!hasChromium)('a visitor', () => {
  it('loads little, and is told of a page that does not exist', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url });
    let bytes = 0;
    visit.page.on('response', (response) => {
      if (response.url().endsWith('.js')) bytes += Number(response.headers()['content-length']);
    });
    await visit.open('/no-such-page');
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(MOST_SCRIPT_BYTES);
    await visit.inspect('not-found');
    await visit.close();
  });
});
