// Modes: embedded. A customer's own check needs one ledger; where it lives makes no difference to the file.
// A consumer's story: calls a model, fetches the statement, checks it without us on the command line and in a browser, and alters a digit.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { usd } from '../../../src/kernel/index.js';
import { GrantCredit } from '../../../src/ledger/index.js';
import { CHECKER_FILE } from '../../support/account/statement-checker.js';
import { hasChromium, openBrowser } from '../../support/browser/chromium.js';
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
  const { text } = await ada.get('/api/statement');
  await writeFile(join(files.folder, 'mine.json'), text);
  const altered = text.replace(
    /"cost":"(\d+\.\d*)(\d)"/,
    (_, head: string, last: string) => `"cost":"${head}${+last ^ 1}"`,
  );
  await writeFile(join(files.folder, 'altered.json'), altered);
  await writeFile(join(files.folder, 'ledger.key'), await (await fetch(`${gateway.url}/log/key`)).text());
});
afterAll(async () => {
  await gateway.close();
  await files.close();
});

it('the command line checks it in an empty folder, and names the digit that was altered', async () => {
  const verify = async (file: string) => {
    const program = new Program('src/cli.js', ['statement', 'verify', file, '--key', 'ledger.key'], {}, files.folder);
    return [await program.end(), program.stdout, program.stderr];
  };
  const [mine, altered] = await Promise.all([verify('mine.json'), verify('altered.json')]);
  expect(mine).toEqual([0, expect.stringContaining('The statement is right, and signed by the ledger.'), '']);
  expect(altered).toEqual([1, expect.stringMatching(/The hash of revision \d+ of \S+ \(TokensCharged\)/), '']);
});

it.skipIf(!hasChromium)('the page checks it from the disk and from the gateway, and names it too', async () => {
  const browser = await openBrowser();
  const key = await (await fetch(`${gateway.url}/log/key`)).text();
  for (const address of [`file://${CHECKER_FILE}`, `${gateway.url}/statement-checker.html`]) {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
    await page.fill('#keys', key);
    await page.setInputFiles('#file', join(files.folder, 'mine.json'));
    await page.waitForSelector('.verdict.good');
    expect(await page.textContent('.verdict')).toContain('right, and signed by the key you gave');
    await page.setInputFiles('#file', join(files.folder, 'altered.json'));
    await page.waitForSelector('.verdict.bad');
    expect(await page.textContent('.faults')).toMatch(/The hash of event \d+ \(TokensCharged\) does not match/);
    expect(complaints).toEqual([]);
    await page.close();
  }
  await browser.close();
});
