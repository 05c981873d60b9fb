// The page of the chat, as people use it, in a browser.
// Modes: embedded. What a page shows has nothing to do with stores.
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser, openPage } from '../support/browser/chromium.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { Running } from '../support/gateway/gateway-process.js';
import { until } from '../support/gateway/until.js';

const SERVER = fileURLToPath(new URL('../../examples/chat/server.ts', import.meta.url));

let gateway: TestGateway;
let browser: Browser;
let page: Page;
const servers: Running[] = [];
const faults: Error[] = [];

/** Opens the chat of a server with this key. */
async function openChat(key: string, baseUrl = `${gateway.url}/v1`): Promise<void> {
  const env = { TOKENHUB_BASE_URL: baseUrl, TOKENHUB_API_KEY: key, PORT: '0' };
  const server = new Running([process.execPath, SERVER], env);
  servers.push(server);
  const [url] = await server.printed(/http:\S+/);
  page = await openPage(browser);
  page.on('pageerror', (error) => faults.push(error));
  await page.goto(url);
}

async function ask(question: string): Promise<void> {
  await page.fill('textarea', question);
  await page.click('text=Send');
}

const textOf = (selector: string): Promise<string> => page.locator(selector).last().innerText();
const answers = (): Promise<string[]> => page.locator('.assistant').allInnerTexts();
const ended = (): Promise<unknown> => page.waitForSelector('button[name=send]:enabled');

describe.skipIf(!hasChromium)('the chat', () => {
  beforeAll(async () => {
    gateway = await startGateway();
    browser = await openBrowser();
  });
  afterEach(async () => {
    await page.close();
    await Promise.all(servers.splice(0).map((server) => server.kill('SIGTERM')));
    for (const fault of faults.splice(0)) throw fault; // of the page's own script
  });
  afterAll(async () => {
    await browser.close();
    await gateway.close();
  });

  it('shows an answer as it comes, and sends it along with the next question', async () => {
    const account = await gateway.desk.account();
    await openChat(account.key);
    await ask('[[sandbox chunks=40 chunk_delay=100]] Hi');
    await page.waitForSelector('.assistant:not(:empty)');
    const first = await textOf('.assistant');
    await until('more of the answer', async () => (await textOf('.assistant')).length > first.length);
    expect(await page.isDisabled('button[name=send]')).toBe(true);
    await ended();
    await ask('And again');
    await until('the second answer', async () => (await answers()).length === 2);
    await ended();
    expect(await page.locator('.user').allInnerTexts()).toEqual([
      '[[sandbox chunks=40 chunk_delay=100]] Hi',
      'And again',
    ]);
    expect(await textOf('.assistant')).toContain('“And again”');
    const [one, two] = await gateway.usageLines();
    const both = (one?.usage?.prompt_tokens ?? 0) + (one?.usage?.completion_tokens ?? 0);
    expect(two?.usage?.prompt_tokens).toBeGreaterThan(both);
    expect((await account.ending()).charged).toHaveLength(2);
  });

  it('sends on Enter, and begins a line on Shift and Enter', async () => {
    const account = await gateway.desk.account();
    await openChat(account.key);
    const box = page.locator('textarea');
    await box.fill('One line');
    await box.press('Shift+Enter');
    await box.pressSequentially('and another');
    await box.press('Enter');
    await until('the answer', async () => (await answers())[0]?.includes('No model was asked.'));
    expect(await page.locator('.user').allInnerTexts()).toEqual(['One line\nand another']);
    expect(await box.inputValue()).toBe('');
  });

  it('shows what looks like HTML as text', async () => {
    await openChat((await gateway.desk.account()).key);
    await ask('<img src=x onerror="document.title = 1">');
    await page.waitForSelector('.assistant:not(:empty)');
    await ended();
    expect(await textOf('.assistant')).toContain('<img src=x');
    expect(await page.title()).toBe('Chat');
  });

  it('stops when told to, keeps what came, and goes on', async () => {
    const account = await gateway.desk.account();
    await openChat(account.key);
    await ask('[[sandbox chunks=150 chunk_delay=200]] Hi');
    await page.waitForSelector('.assistant:not(:empty)');
    await page.click('text=Stop');
    await ended();
    expect(await textOf('#error')).toBe('');
    await ask('Hi');
    await until('the second answer', async () => (await answers()).at(-1)?.includes('No model was asked') === true);
    expect((await answers())[0]).not.toBe('');
  });

  it('says that an answer broke off, in the words of token-hub, and keeps what came', async () => {
    await openChat((await gateway.desk.account()).key);
    await ask('[[sandbox fault=die_midstream]] Hi');
    await page.waitForSelector('#error:not(:empty)');
    expect(await textOf('#error')).toMatch(/^The answer broke off: .*nothing was charged/i);
    expect(await textOf('.assistant')).toMatch(/^Sandbox/);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    [
      'that its credit is used up',
      'This chat has used up its credit. Its owner has to top up.',
      async () => openChat((await gateway.desk.account('0.00')).key),
    ],
    ['that its key is wrong', 'This chat has no valid key. Its owner has to set one.', () => openChat('sk-th_wrong')],
    [
      'that token-hub can’t be reached',
      'The assistant can’t answer just now. Try again in a moment.',
      () => openChat('sk-th_any', 'http://127.0.0.1:1/v1'),
    ],
  ])('says %s, and gives the question back', async (_, sentence, open) => {
    await open();
    await ask('Hi');
    await page.waitForSelector('#error:not(:empty)');
    expect(await textOf('#error')).toBe(sentence);
    expect(await page.inputValue('textarea')).toBe('Hi');
    expect(await answers()).toEqual([]);
  });

  it('says for how long there were too many questions', async () => {
    await openChat((await gateway.desk.account('5.00', { requestsPerMinute: 1 })).key);
    await ask('Hi');
    await ended();
    await ask('Hi again');
    await page.waitForSelector('#error:not(:empty)');
    expect(await textOf('#error')).toMatch(/^Too many questions\. Try again in \d+ seconds\.$/);
  });

  it('says that its own server is gone', async () => {
    await openChat((await gateway.desk.account()).key);
    await servers[0]?.kill('SIGKILL');
    await ask('Hi');
    await page.waitForSelector('#error:not(:empty)');
    expect(await textOf('#error')).toBe('The server can’t be reached. Check your connection and try again.');
  });
});
