// A customer: from an empty browser to an answer, and the pages about calls with much on them.
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonObject, usd } from '../../src/kernel/index.js';
import { GrantCredit } from '../../src/ledger/index.js';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { cutOff, Visit } from '../support/browser/visit.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { mailTo, tokenIn } from '../support/gateway/mailbox.js';
import { newPerson, PASSWORD, type TestPerson } from '../support/gateway/person.js';

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

/** Everything that a hand needs: no mouse. */
class Keyboard {
  constructor(private readonly page: Page) {}

  /** Goes on to it as somebody does who can't point. */
  async reach(target: Locator): Promise<void> {
    await target.waitFor();
    const focused = target.and(this.page.locator(':focus'));
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      if ((await focused.count()) > 0) return;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`${String(target)} can’t be reached with the keyboard`);
  }

  async press(role: 'button' | 'link', name: string): Promise<void> {
    await this.reach(this.page.getByRole(role, { name, exact: true }).first());
    await this.page.keyboard.press('Enter');
  }

  async write(field: string, text: string): Promise<void> {
    await this.reach(this.page.getByRole('textbox', { name: field }));
    await this.page.keyboard.type(text);
  }
}
const MOST_TABS = 80;

describe.skipIf(!hasChromium)('a customer', () => {
  it('gets from an empty browser to an answer in the playground, by the keyboard alone', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url });
    const { page } = visit;
    const keys = new Keyboard(page);
    const email = 'grace@example.com';

    await visit.open('/register');
    await keys.write('Email address', email);
    await keys.reach(page.locator('[name=password]'));
    await page.keyboard.type(PASSWORD);
    await keys.press('button', 'Sign up');
    await page.getByText('Check your inbox').waitFor();
    const token = tokenIn(await mailTo(gateway, email, 'Confirm your email address'));
    await visit.open(`/verify?token=${token}`);
    await keys.press('button', 'Confirm my address');

    await page.getByRole('heading', { name: 'Your first call' }).waitFor();
    await visit.inspect('customer-overview-new');
    await keys.press('link', 'Top up');
    await keys.press('button', 'Pay $10.00 with Stripe');
    await keys.press('button', 'Pay $10.00 by card');
    await page.getByText('$10.00 of credit is on your balance.').waitFor();

    await keys.press('link', 'Keys');
    await keys.press('button', 'New key');
    await page.getByRole('dialog').waitFor();
    await keys.write('Name', 'laptop');
    await page.keyboard.press('Enter');
    await page.getByText('This is the only time').waitFor();
    await visit.inspect('customer-key-secret');
    await keys.press('button', 'Copy the key');
    await keys.press('link', 'Try it in the playground');

    await keys.write('Message', 'Give me one fact about octopuses.');
    await page.getByText('Available $10.00').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText(/tokens in, \d+ out/).waitFor();
    await page.getByText(/^Cost \$0\.\d+$/).waitFor();
    // Without a reload.
    await page.getByText('Available $9.99').waitFor();
    await visit.inspect('customer-playground');
    await keys.press('link', 'Overview');
    await page.getByRole('link', { name: 'All calls' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Your first call' }).count()).toBe(0);
    await visit.close();
  });

  it('goes on where the focus was, and reads a key’s name of a hundred letters without a space', async () => {
    const ada = await newPerson(gateway);
    await ada.post('/api/keys', { name: 'W'.repeat(100) });
    const visit = await Visit.begin(browser, { url: gateway.url, as: ada });
    const { page } = visit;
    await visit.open('/overview');
    await page.getByRole('link', { name: 'Make a call' }).press('Enter');
    await page.locator('#content:focus').waitFor(); // the link is gone
    await visit.open('/keys');
    const acts = page.getByRole('button', { name: /^Actions for W/ });
    await acts.click();
    await page.getByRole('menuitem', { name: 'Revoke …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await cutOff(dialog)).toBe(0);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await acts.and(page.locator(':focus')).waitFor();
    await visit.open('/usage');
    await page.getByRole('combobox', { name: 'Key' }).click();
    await page.getByRole('option').first().waitFor();
    expect(await cutOff(page.getByRole('listbox').locator('.mantine-ScrollArea-viewport'))).toBe(0);
    await visit.close();
  });

  it.each([
    ['en', ['overview', 'keys', 'usage']],
    ['zh', ['usage']],
  ] as const)('who has called much can read the pages about it, in %s', async (language, pages) => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: await busyPerson(), language });
    for (const name of pages) {
      await visit.open(`/${name}`);
      await visit.inspect(`customer-${name}`);
      expect(await visit.page.getByRole('alert').count()).toBe(0);
    }
    await visit.close();
  });
});
