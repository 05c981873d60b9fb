// What customers see of the ledger, and check of it in their browser.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { dataOf, newPerson, type TestPerson } from '../support/gateway/person.js';
import { buy } from '../support/payments/cashier.js';

let gateway: TestGateway;
let browser: Browser;
let ada: TestPerson;
beforeAll(async () => {
  gateway = await startGateway();
  if (!hasChromium) return;
  browser = await openBrowser();
  ada = await newPerson(gateway);
  await buy(gateway, ada, '10.00');
  const { key } = (await ada.post('/api/keys', { name: 'laptop' })).body;
  for (const words of ['hello [[sandbox fault=no_usage]]', 'hello']) await post(gateway.url, String(key), chat(words));
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

describe.skipIf(!hasChromium)('the ledger', () => {
  it('is read in words, opened as it is stored, checked, and explains a charge', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: ada });
    const { page } = visit;
    await visit.open('/ledger');
    await page.getByText('You bought $10.00 of credit.').waitFor();
    await page.getByRole('button', { name: 'Check everything' }).click();
    await page.getByText('Every event is what was once written').waitFor();
    await page.getByText(/Signed checkpoints do/).waitFor();
    await visit.inspect('ledger');
    await page.getByRole('button', { name: /^A call of .* cost/ }).click();
    await page.getByRole('button', { name: 'Check this event' }).click();
    await page.getByText(/^Event \d+ is what was written$/).waitFor();
    expect(page.url()).toContain('revision=');
    await visit.inspect('ledger-event');
    await page.getByRole('link', { name: 'Explain this charge' }).click();
    await page.getByRole('heading', { name: 'Why this call cost what it cost' }).waitFor();
    const [charge] = dataOf(await ada.get('/api/charges'));
    expect(page.url()).toContain(`charge=${String(charge?.['id'])}`);
    await page.getByRole('heading', { name: 'Each multiplication' }).waitFor();
    await visit.inspect('ledger-explanation');
    // A call that was not charged has but one part, which is the first.
    const free = dataOf(await ada.get('/api/charges?status=released'))[0]?.['id'];
    await visit.open(`/ledger?charge=${String(free)}`);
    await page.getByRole('heading', { name: 'Its place in the ledger' }).waitFor();
    expect(await page.getByRole('heading', { level: 2 }).count()).toBe(1);
    await visit.close();
  });

  it('names the event in which a digit was changed', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: ada, language: 'zh' });
    const { page } = visit;
    await page.route('**/api/events/download', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace('"10.00"', '"70.00"') });
    });
    await visit.open('/ledger');
    const { revision } = dataOf(await ada.get('/api/events?type=CreditPurchased'))[0] ?? {};
    await page.getByRole('button', { name: '核验全部' }).click();
    const named = await page.getByRole('alert').textContent();
    expect(named).toContain(`事件 ${String(revision)} 与写入时不一致`);
    await visit.inspect('ledger-tampered');
    await visit.close();
  });
});
