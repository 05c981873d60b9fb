// What visitors see.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { chat, post } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { newPersonWithRole } from '../support/gateway/person.js';

let gateway: TestGateway;
let browser: Browser;
beforeAll(async () => {
  gateway = await startGateway();
  const { key } = await gateway.desk.account();
  await post(gateway.url, key, chat('Hi'));
  if (hasChromium) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await gateway.close();
});

/** Of compressed script, on the first page. */
const MOST_SCRIPT_BYTES = 200_000;

describe.skipIf(!hasChromium)('a visitor', () => {
  it.each(['/', '/no-such-page'])('loads little at %s', async (path) => {
    const visit = await Visit.begin(browser, { url: gateway.url });
    let bytes = 0;
    visit.page.on('response', (response) => {
      if (response.url().endsWith('.js')) bytes += Number(response.headers()['content-length']);
    });
    await visit.open(path);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(MOST_SCRIPT_BYTES);
    await visit.inspect(path === '/' ? 'front' : 'not-found');
    await visit.close();
  });

  it('finds what a model costs, and how to call it', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url });
    const { page } = visit;
    await visit.open('/');
    await page.getByRole('link', { name: 'See the prices' }).click();
    await visit.settled();
    await page.getByRole('searchbox', { name: 'Search' }).fill('openai gpt-4o');
    await page.waitForURL(/search=/);
    await visit.inspect('pricing');
    await page.getByRole('link', { name: 'GPT-4o mini', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'GPT-4o mini' }).waitFor();
    await visit.inspect('pricing-model');
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('"model": "gpt-4o-mini"');
    await visit.close();
  });

  it('sees how providers do', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url });
    await visit.open('/status');
    const openai = visit.page.getByRole('row', { name: /^OpenAI/ });
    expect(await openai.innerText()).toMatch(/Operational[^]*\t1\t0\.0 %/);
    await visit.inspect('status');
    await visit.close();
  });

  it('reads the documentation, with code to copy', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url });
    const { page } = visit;
    await visit.open('/docs');
    await visit.inspect('docs');
    for (const part of ['FAQ', 'Troubleshooting', 'Scenarios', 'API reference']) {
      await page.getByRole('link', { name: part, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: part }).waitFor();
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await visit.inspect(`docs-${part.toLowerCase().replace(' ', '-')}`);
    }
    await page.getByRole('searchbox').fill('prices model');
    await page.getByRole('button', { name: /GET \/api\/prices\/\{model\}/ }).click();
    expect(await page.getByText('its rates in every version', { exact: false }).first().isVisible()).toBe(true);
    await visit.open('/docs/nowhere');
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await visit.close();
  });

  it('reads all of it in Chinese', async () => {
    const visit = await Visit.begin(browser, { url: gateway.url, language: 'zh' });
    await visit.open('/');
    expect(await visit.page.getByRole('heading', { level: 1 }).innerText()).toContain('一个密钥调用所有模型');
    await visit.inspect('front');
    await visit.open('/pricing/deepseek-flash');
    await visit.inspect('pricing-model');
    await visit.open('/docs/troubleshooting');
    await visit.inspect('docs-troubleshooting');
    await visit.open('/pricing');
    await visit.inspect('pricing');
    await visit.open('/status');
    await visit.inspect('status');
    await visit.close();
  });
});

describe.skipIf(!hasChromium)('an operator', () => {
  it('sees the channels, their circuits and models', async () => {
    const visit = await Visit.begin(browser, {
      url: gateway.url,
      as: await newPersonWithRole(gateway, 'operator'),
    });
    await visit.open('/operator/providers');
    const channel = visit.page.getByRole('region', { name: 'sandbox', exact: true });
    await channel.getByText('Circuit closed').waitFor();
    await channel.getByRole('button', { name: /Show its \d+ models/ }).click();
    expect(await channel.getByText('gpt-4o-mini', { exact: true }).isVisible()).toBe(true);
    await visit.inspect('operator-providers');
    await visit.close();
  });
});
