// Pages as they are for people who choose the colours, and on paper.
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { cutOff, Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { newPerson } from '../support/gateway/person.js';

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

const A4_WIDTH = 794;

it.skipIf(!hasChromium).each(['light', 'dark'] as const)(
  'what is chosen can be seen in forced colours: %s',
  async (colorScheme) => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: await newPerson(gateway) });
    const { page } = visit;
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    const looksOtherwise = async (target: Locator, act: () => Promise<unknown>): Promise<boolean> => {
      const before = await target.screenshot({ animations: 'disabled' });
      await act();
      await page.mouse.move(0, 0);
      return !before.equals(await target.screenshot({ animations: 'disabled' }));
    };
    await visit.open('/topup');
    const preset = (name: string) => page.getByRole('radio', { name, exact: true });
    expect(await looksOtherwise(preset('$10'), () => preset('$50').click())).toBe(true);
    const currency = page.getByRole('radiogroup').filter({ hasText: 'Chinese yuan' });
    expect(await looksOtherwise(currency, () => currency.getByText('Chinese yuan').click())).toBe(true);
    const topUp = page.getByRole('navigation').getByRole('link', { name: 'Top up' });
    expect(await looksOtherwise(topUp, () => visit.open('/keys'))).toBe(true);
    const toggle = page.locator('.mantine-Switch-track');
    expect(await looksOtherwise(toggle, () => toggle.click())).toBe(true);
    await visit.close();
  },
);

it.skipIf(!hasChromium)('a page is printed without what is to press, and no column is cut off', async () => {
  const visit = await Visit.begin(browser, { url: gateway.url, as: await newPerson(gateway) });
  const { page } = visit;
  await page.setViewportSize({ width: A4_WIDTH, height: 1_123 });
  await visit.open('/usage');
  await page.emulateMedia({ media: 'print' });
  for (const role of ['banner', 'navigation', 'button'] as const) expect(await page.getByRole(role).count()).toBe(0);
  expect(await cutOff(page.locator('html'))).toBe(0);
  const columns = page.getByRole('columnheader', { name: 'Latency' });
  expect(await columns.evaluate((column) => column.getBoundingClientRect().right)).toBeLessThan(A4_WIDTH);
  await visit.close();
});
