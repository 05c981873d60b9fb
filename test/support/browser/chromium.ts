// This machine's Chromium, without a window.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const executable = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

/** False where there is no Chromium; then it has been said on the console. In CI that is an error. */
export const hasChromium = executable !== undefined;

if (!hasChromium) {
  const missing =
    'No Chromium on this machine: install it, for example with "apt-get install chromium-headless-shell".';
  if (process.env['CI']) throw new Error(missing);
  console.warn(`SKIPPED, the specs of pages. ${missing}`);
}

/** What a page may take, and the start of a browser, while other tests keep the machine busy. */
const PATIENCE_MS = 60_000;

/** Who is root, as in a container, can't have its sandbox; the pages of tests are our own. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'], timeout: PATIENCE_MS });

export async function openPage(browser: Browser | BrowserContext): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}
