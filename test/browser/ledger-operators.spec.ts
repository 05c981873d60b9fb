// What operators do about read models, the integrity of the ledger, and what waits for a person.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import { dataOf, newPersonWithRole, type TestPerson } from '../support/gateway/person.js';

let gateway: TestGateway;
let browser: Browser;
let olga: TestPerson;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway();
  if (!hasChromium) return;
  browser = await openBrowser();
  olga = await newPersonWithRole(gateway, 'operator');
  account = await gateway.desk.account();
  await post(gateway.url, account.key, chat('[[sandbox fault=no_usage]]'));
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

describe.skipIf(!hasChromium)('an operator', () => {
  it('rebuilds a read model, and sees that all say what the ledger says', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: olga });
    const { page } = visit;
    await visit.open('/operator/projections');
    await page.getByRole('button', { name: 'Rebuild balances-1', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rebuild' }).click();
    await page.getByText('1 read model was rebuilt and put in place.').waitFor();
    await page.getByRole('button', { name: 'Compare all' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click();
    await page.getByText(/read models say what the ledger says: no row differs/).waitFor();
    await page.getByLabel('Or a position of the log').fill('5');
    await page.getByRole('button', { name: 'Show the rows' }).click();
    await page.getByText(/^balances-1 at position 5: \d+ rows?$/).waitFor();
    await visit.inspect('operator-projections');
    const runs = dataOf(await olga.get('/api/operator/replays'));
    expect(runs.map(({ status, diff }) => [status, diff])).toEqual([
      ['succeeded', true],
      ['succeeded', false],
    ]);
    await visit.close();
  });

  it('verifies the ledger, and finds all long work', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: olga });
    const { page } = visit;
    await visit.open('/operator/integrity');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Everything is right').waitFor();
    await visit.inspect('operator-integrity');
    await visit.open('/operator/jobs');
    await page.getByText('Verification of the ledger').waitFor();
    await visit.inspect('operator-jobs');
    expect(await page.getByRole('article').count()).toBe(4);
    await visit.close();
  });

  it('sees in Chinese what waits, and what a choice would do, before it is carried out with a reason', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, as: olga, language: 'zh' });
    const { page } = visit;
    await visit.open('/operator/queue');
    await page.getByText(/已应答但未扣费/).waitFor();
    await visit.inspect('operator-queue');
    await page.getByRole('link', { name: '用量未知' }).click();
    await page.getByLabel('全部输入 Token').fill('1000');
    await page.getByLabel('全部输出 Token').fill('100');
    await page.getByRole('button', { name: '显示结果' }).click();
    await page.getByText(/: TokensCharged$/).waitFor();
    await visit.inspect('operator-queue-item');
    await page.getByRole('button', { name: '按数量扣费' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^理由/).fill('by their log');
    await dialog.getByRole('button', { name: '执行' }).click();
    await page.getByText('账本已记录：').waitFor();
    expect(await account.charge()).toMatchObject({ byHand: { actor: olga.userId, reason: 'by their log' } });
    await visit.close();
  });
});
