// A customer: their pages with nothing on them, and with much.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, usd } from '../../src/kernel/index.js';
import { GrantCredit } from '../../src/ledger/index.js';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { newPerson, type TestPerson } from '../support/gateway/person.js';

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

const LONG_NAME = 'The nightly classification of every ticket in all of our forty-two regional support desks';

/** Somebody with keys of every kind and calls of several models, charged and not. */
async function busyPerson(): Promise<TestPerson> {
  const ada = await newPerson(gateway);
  await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('1000000'), reason: 'welcome' }));
  const make = async (settings: JsonObject) => (await ada.post('/api/keys', settings)).body;
  const limits = {
    budget_daily: '5',
    budget_total: '123456.789',
    allowed_models: ['gpt-4o'],
    allowed_ips: ['10.0.0.0/8'],
  };
  await make({ name: LONG_NAME, ...limits, requests_per_minute: 600, expires_at: '2099-01-01' });
  const { key } = await make({ name: 'production' });
  for (const model of ['gpt-4o', 'deepseek-chat', 'claude-3-5-sonnet-20241022'])
    await post(gateway.url, String(key), chat('hello', { model, max_tokens: 40, stream: model === 'gpt-4o' }));
  await post(gateway.url, String(key), chat('[[sandbox fault=no_usage]]'));
  return ada;
}

describe.skipIf(!hasChromium)('the pages of a customer', () => {
  it.each(['en', 'zh'] as const)('can be read by everybody, in %s', async (language) => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: await busyPerson(), language });
    for (const page of ['overview', 'keys', 'usage', 'playground']) {
      await visit.open(`/${page}`);
      await visit.inspect(`customer-${page}`);
      expect(await visit.page.getByRole('alert').count()).toBe(0);
    }
    await visit.close();
  });

  it('say what to do first on a new account', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: await newPerson(gateway) });
    await visit.open('/overview');
    await visit.inspect('customer-overview-new');
    await visit.open('/keys');
    await visit.inspect('customer-keys-new');
    await visit.page.getByRole('button', { name: 'New key' }).click();
    await visit.inspect('customer-new-key');
    await visit.page.getByLabel('Name').fill('laptop');
    await visit.page.getByRole('button', { name: 'Create the key' }).click();
    await visit.page.getByText('This is the only time').waitFor();
    await visit.inspect('customer-key-secret');
    expect(await visit.page.getByLabel('The key', { exact: true }).textContent()).toMatch(/^sk-th_/);
    await visit.close();
  });
});
