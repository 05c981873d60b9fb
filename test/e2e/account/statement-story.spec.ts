// Modes: embedded. A customer's own check needs one ledger; where it lives makes no difference to the file.
// A consumer's story: calls a model, whose price is corrected later, fetches the statement, checks it without us on the command line and in a
// browser, and alters a digit.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { startingPriceList } from '../../../src/pricing/index.js';
import { Reratings } from '../../../src/rerating/index.js';
import { CHECKER_FILE } from '../../support/account/statement-checker.js';
import { hasChromium, openBrowser, openPage } from '../../support/browser/chromium.js';
import { chat, post } from '../../support/gateway/calls.js';
import { newFolder, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { Program } from '../../support/gateway/gateway-process.js';
import { newPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
let files: Awaited<ReturnType<typeof newFolder>>;
beforeAll(async () => {
  [gateway, files] = await Promise.all([startGateway(), newFolder()]);
  const ada = await newPerson(gateway);
  await gateway.desk.commands.execute(new GrantCredit(ada.accountId, { amount: usd('1.00'), reason: 'welcome' }));
  const { key } = (await ada.post('/api/keys', { name: 'one' })).body;
  const answer = await post(gateway.url, String(key), chat('hello', { model: 'gpt-4o' }));
  if (answer.status !== 200) throw new Error(`no answer: ${answer.text}`);
  await halfThePrice();
  const { text } = await ada.get('/api/statement');
  await writeFile(join(files.folder, 'mine.json'), text);
  const altered = text.replace(
    /"cost":"(\d+\.\d*)(\d)"/,
    (_, head: string, last: string) => `"cost":"${head}${+last ^ 1}"`,
  );
  await writeFile(join(files.folder, 'altered.json'), altered);
  const corrected = text.replace(/"previousCost":"\d+\.\d*/, (cost) => `${cost}1`);
  await writeFile(join(files.folder, 'corrected.json'), corrected);
  await writeFile(join(files.folder, 'ledger.key'), await (await fetch(`${gateway.url}/log/key`)).text());
});
afterAll(async () => {
  await gateway.close();
  await files.close();
});

/** Prices the call again, as two people of the operator do after a price cut. */
async function halfThePrice(): Promise<void> {
  const others = startingPriceList().filter(({ model }) => model !== 'gpt-4o');
  await gateway.publish([...others, { model: 'gpt-4o', bands: [{ price: { input: '1.25', output: '5' } }] }]);
  const reratings = gateway.app.get(Reratings);
  const period = { from: new Date(Date.now() - 60_000).toISOString(), to: new Date().toISOString() };
  const decision = { by: 'olga', reason: 'half the price' };
  const run = (await reratings.propose({ ...period, priceVersion: 2, policy: 'bill' }, decision)) ?? '';
  await reratings.approve(run, 'oleg');
  await reratings.apply(run);
}

it('the command line checks it in an empty folder, and names the digit that was altered', async () => {
  const verify = async (file: string) => {
    const program = new Program('src/cli.js', ['statement', 'verify', file, '--key', 'ledger.key'], {}, files.folder);
    return [await program.end(), program.stdout, program.stderr];
  };
  const [mine, altered, corrected] = await Promise.all(
    ['mine', 'altered', 'corrected'].map((name) => verify(`${name}.json`)),
  );
  expect(mine).toEqual([0, expect.stringContaining('The statement is right, and signed by the ledger.'), '']);
  expect(altered).toEqual([1, expect.stringMatching(/The hash of revision \d+ of \S+ \(TokensCharged\)/), '']);
  expect(corrected).toEqual([1, expect.stringMatching(/The hash of revision \d+ of \S+ \(ChargeRerated\)/), '']);
});

it.skipIf(!hasChromium)('the page checks it from the disk and from the gateway, and names it too', async () => {
  const browser = await openBrowser();
  const key = await (await fetch(`${gateway.url}/log/key`)).text();
  for (const address of [`file://${CHECKER_FILE}`, `${gateway.url}/statement-checker.html`]) {
    const page = await openPage(browser);
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    await page.fill('#keys', key);
    await page.setInputFiles('#file', join(files.folder, 'mine.json'));
    await page.waitForSelector('.verdict.good');
    expect(await page.textContent('.verdict')).toContain('right, and signed by the key you gave');
    expect(await page.textContent('body')).toContain('Calls whose price was corrected');
    await page.setInputFiles('#file', join(files.folder, 'altered.json'));
    await page.waitForSelector('.verdict.bad');
    expect(await page.textContent('.faults')).toMatch(/The hash of event \d+ \(TokensCharged\) does not match/);
    await page.setInputFiles('#file', join(files.folder, 'corrected.json'));
    await page.locator('.faults', { hasText: 'ChargeRerated' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  }
  await browser.close();
});
