// Operators at work: publish a price, price the past again by two people, suspend an account and correct its balance.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { dataOf, newPerson, newPersonWithRole, type TestPerson } from '../support/gateway/person.js';
import { buy } from '../support/payments/cashier.js';

const MODEL = 'gpt-4o';

let gateway: TestGateway;
let browser: Browser;
let ada: TestPerson;
let olga: TestPerson;
let otto: TestPerson;
let key: string;
/** When the first version of the price list came into force. */
let firstVersion: number;
beforeAll(async () => {
  gateway = await startGateway();
  if (!hasChromium) return;
  browser = await openBrowser();
  [olga, otto] = [await newPersonWithRole(gateway, 'operator'), await newPersonWithRole(gateway, 'operator')];
  ada = await newPerson(gateway);
  await buy(gateway, ada, '10.00');
  key = String((await ada.post('/api/keys', { name: 'laptop' })).body['key']);
  const [version] = dataOf(await olga.get('/api/operator/price-lists'));
  firstVersion = Date.parse(String(version?.['effective_from']));
  for (const words of ['hello', 'again']) await post(gateway.url, key, chat(words, { model: MODEL }));
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

/** An instant as a field of a form takes it: to the second, in UTC. */
const fieldOf = (at: number): string => new Date(at).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length);

const visitOf = (person: TestPerson, language: 'en' | 'zh' = 'en') =>
  Visit.begin(browser, { url: gateway.url, as: person, language });

/** Clicks a button of a dialog, whose name the one that opened it may have, too. */
async function confirm(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name }).click();
  await dialog.waitFor({ state: 'detached' });
}
const why = (page: Page, reason: string) =>
  page.getByRole('dialog').getByRole('textbox', { name: /^Why/ }).fill(reason);

describe.skipIf(!hasChromium)('operators', () => {
  it('publish a price for the past, and price what was charged by it, by two people', async () => {
    const visit = await visitOf(olga);
    const { page } = visit;
    await visit.open('/operator/prices');
    await page.getByRole('button', { name: 'Edit as a draft' }).click();
    await page.getByRole('textbox', { name: 'Find a model' }).fill(MODEL);
    await page.getByRole('button', { name: `Edit ${MODEL}`, exact: true }).click();
    const input = page.getByRole('textbox', { name: 'Input, Customer pays', exact: true });
    await input.fill('-1');
    await page.getByText('"-1" is negative.').first().waitFor();
    await visit.inspect('operator-price-editor');
    await input.fill('0.5');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('radio', { name: 'Another instant' }).check();
    await page.getByLabel('Instant (UTC)').fill(fieldOf(firstVersion + 1_000));
    await page.getByRole('checkbox', { name: /^I have read every warning/ }).check();
    await page.getByRole('textbox', { name: /^Why/ }).fill('they were too dear');
    await visit.inspect('operator-draft');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByText('2 charges were priced otherwise').waitFor();
    await visit.inspect('operator-price-list');
    await page.getByRole('link', { name: 'Try a re-rating' }).click();
    await page.getByLabel('Calls until (UTC)').fill(fieldOf(Date.now()));
    await page.getByRole('button', { name: 'Dry run only' }).click();
    await page.getByText('Nothing is recorded, and nobody has proposed it.').waitFor();
    await page.getByRole('heading', { name: 'By account' }).waitFor();
    await page.getByRole('img', { name: 'By model' }).hover(); // a tooltip at the width of a desktop
    await page.mouse.move(0, 0);
    await visit.inspect('operator-dry-run');
    expect(dataOf(await olga.get('/api/operator/reratings'))).toEqual([]);
    await page.getByRole('link', { name: 'Go on to a proposal' }).click();
    await page.getByRole('textbox', { name: /^Why/ }).fill('they were too dear');
    await page.getByRole('button', { name: 'Propose it' }).click();
    await page.getByRole('link', { name: 'See what it would change' }).click();
    await page.getByText('Somebody else must approve it.').waitFor();
    await page.getByRole('heading', { name: 'By account' }).waitFor();
    await visit.inspect('operator-rerating');
    const before = await balance();
    const address = page.url();
    await visit.close();

    const other = await visitOf(otto);
    await other.open('/operator');
    await other.page.getByRole('link', { name: '1 re-rating waits for a second person' }).click();
    await other.settled();
    await other.open(new URL(address).pathname);
    await other.page.getByRole('button', { name: 'Approve' }).click();
    await why(other.page, 'as the dry run has it');
    await confirm(other.page, 'Approve');
    await other.page.getByRole('button', { name: 'Book it' }).click();
    await confirm(other.page, 'Book it');
    await other.page.getByText('It is booked.').waitFor();
    await other.page.getByRole('button', { name: 'Reverse it' }).waitFor();
    await other.close();
    expect(await balance()).not.toBe(before);
  });

  it('import what a provider charges, with a markup', async () => {
    const visit = await visitOf(olga);
    const { page } = visit;
    await visit.open('/operator/prices');
    await page.getByRole('link', { name: 'Import prices of providers' }).click();
    await page.getByRole('textbox', { name: /^Markup/ }).fill('20');
    await page.getByRole('textbox', { name: /^Only these models/ }).fill(MODEL);
    await page.getByRole('button', { name: 'See what it would change' }).click();
    await page.getByText('genai-prices', { exact: false }).last().waitFor();
    await page.getByRole('textbox', { name: /^Why/ }).fill('as they charge now');
    await visit.inspect('operator-price-import');
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('heading', { name: /^Price list \d/ }).waitFor();
    const [newest] = dataOf(await olga.get('/api/operator/price-lists'));
    expect(newest).toMatchObject({ state: 'in_force', reason: 'as they charge now', published_by: olga.userId });
    await visit.close();
  });

  it('find an account by its person, suspend it, and reinstate it', async () => {
    const visit = await visitOf(olga);
    const { page } = visit;
    await visit.open('/operator');
    await visit.inspect('operator-overview');
    await page.getByRole('textbox', { name: 'Find an account' }).fill(ada.email);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: ada.email }).waitFor();
    await visit.inspect('operator-accounts');
    await page.getByRole('link', { name: ada.email }).click();
    await visit.settled();
    await visit.inspect('operator-account');
    await page.getByRole('button', { name: 'Suspend' }).click();
    await why(page, 'its key is on a public page');
    await confirm(page, 'Suspend');
    await page.getByText('This account is suspended: its calls are refused').waitFor();
    expect((await post(gateway.url, key, chat('Hi', { model: MODEL }))).status).toBe(403);
    await page.getByRole('button', { name: 'Reinstate' }).click();
    await why(page, 'the key is revoked');
    await confirm(page, 'Reinstate');
    await page.getByRole('button', { name: 'Suspend' }).waitFor();
    await page.getByRole('tab', { name: 'Calls' }).click();
    await page.getByRole('button', { name: 'Explain' }).first().click();
    await page.getByRole('dialog').getByText('Provider’s cost').waitFor();
    await visit.inspect('operator-account-calls');
    await visit.close();
  });

  it('correct a balance by two people', async () => {
    const visit = await visitOf(olga);
    await visit.open(`/operator/accounts/${ada.accountId}?tab=corrections`);
    await visit.page.getByRole('button', { name: 'Correct balance' }).click();
    await visit.page.getByRole('textbox', { name: /^Amount/ }).fill('0.25');
    await why(visit.page, 'an outage');
    await confirm(visit.page, 'Propose');
    await visit.page.getByText('Somebody else must approve', { exact: true }).waitFor();
    await visit.close();
    const other = await visitOf(otto);
    await other.open(`/operator/accounts/${ada.accountId}?tab=corrections`);
    const before = await balance();
    await other.page.getByRole('button', { name: 'Approve' }).click();
    await other.page.getByText('The balance goes from').waitFor();
    await other.inspect('operator-correction-approval');
    await why(other.page, 'seen');
    await confirm(other.page, 'Approve');
    await other.page.getByText('Booked').waitFor();
    expect(await balance()).not.toBe(before);
    await other.close();
  });

  it('read all of it in Chinese', async () => {
    const visit = await visitOf(olga, 'zh');
    for (const page of ['', `/accounts/${ada.accountId}`, '/prices', '/prices/import', '/reratings/new']) {
      await visit.open(`/operator${page}`);
      await visit.inspect(`operator${page.replace(ada.accountId, 'account').replaceAll('/', '-')}`);
      expect(await visit.page.getByRole('alert').count()).toBe(0);
    }
    await visit.close();
  });
});

const balance = async (): Promise<unknown> => (await ada.get('/api/balance')).body['balance'];
