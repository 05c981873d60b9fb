// A browser at the dashboard, as a person uses it. Whatever it complains about, the page's own policy included, fails the test.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { openPage } from './chromium.js';
import type { TestBrowser } from '../gateway/person.js';
import { until } from '../gateway/until.js';

/** Pictures of the pages, to be looked at: CI, where nobody does, takes none, as drawing them takes longer than what is tested. */
const SCREENSHOTS = fileURLToPath(new URL('../../../dist/screenshots/', import.meta.url));
const TAKES_PICTURES = process.env['CI'] === undefined;
mkdirSync(SCREENSHOTS, { recursive: true });

/** Resolves in a page when it is drawn, and its colours have passed into each other. */
const DRAWN = `new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() =>
  Promise.allSettled(
    document.getAnimations().flatMap((each) => (each instanceof CSSTransition ? [each.finished] : [])),
  ),
)`;

const DESKTOP = { width: 1_280, height: 800 };
/** A small one, and what is left of the desktop at 400 % (WCAG 2.2, 1.4.10). */
const PHONE = { width: 320, height: 740 };
/** WCAG 2.2 at levels A and AA. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What the page has when axe was put into it. */
interface InPage {
  readonly axe: typeof axe;
}

/** How many pixels of it can't be seen at its side. */
export const cutOff = (box: Locator): Promise<number> =>
  box.evaluate(
    ({ scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number }) => scrollWidth - clientWidth,
  );

export interface VisitOptions {
  readonly url: string;
  /** Whose session the browser has; nobody's without it. */
  readonly as?: TestBrowser;
  readonly language?: 'en' | 'zh';
  /** Complaints that belong to the test, such as the console's word on an answer of 400. */
  readonly expected?: RegExp;
}

export class Visit {
  readonly #complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly options: VisitOptions,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.#complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.#complaints.push(error.stack ?? error.message));
  }

  static async begin(browser: Browser, options: VisitOptions): Promise<Visit> {
    const { url, as, language = 'en' } = options;
    const context = await browser.newContext({
      baseURL: url,
      viewport: DESKTOP,
      locale: language === 'zh' ? 'zh-CN' : 'en-US',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const cookies = [...(as?.cookies ?? [])].map(([name, value]) => ({ name, value, url }));
    await context.addCookies(cookies);
    return new Visit(context, await openPage(context), options);
  }

  /** Opens a page of the dashboard, and resolves when it shows its heading and waits for nothing. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settled();
  }

  /** Resolves when the page has its heading, and nothing of it is still loading. */
  async settled(): Promise<void> {
    await this.page.locator('h1').first().waitFor();
    await this.page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  }

  /**
   * Takes pictures of a page in both themes and at the width of a phone, and holds it against WCAG. A theme changes colours alone, so the dark one is
   * held against the rule for contrast; Chinese changes words alone, so a page in it is only looked at.
   */
  async inspect(name: string): Promise<void> {
    await this.settled();
    if (this.options.language === 'zh') await this.#picture(`${name}-light`);
    else {
      await this.page.evaluate(axe.source);
      await this.#inspectIn('dark', name, ['color-contrast']);
      await this.#inspectIn('light', name, RULES);
    }
    await this.page.setViewportSize(PHONE);
    await this.#picture(`${name}-phone`, false);
    // What is wider than the page would move it aside. Some of it is laid out anew only a moment after the width has changed.
    const width = () => this.page.locator('html').evaluate(({ scrollWidth }: { scrollWidth: number }) => scrollWidth);
    await until(`${name} on a phone without scrolling sideways`, async () => (await width()) <= PHONE.width);
    await this.page.setViewportSize(DESKTOP);
  }

  async #inspectIn(colorScheme: 'dark' | 'light', name: string, rules: string[]): Promise<void> {
    await this.page.emulateMedia({ colorScheme });
    await this.page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: 'attached' });
    await this.#picture(`${name}-${colorScheme}`);
    await this.#holdAgainst(rules, `${name} (${colorScheme})`);
  }

  async close(): Promise<void> {
    const { expected } = this.options;
    await this.context.close();
    const complaints = this.#complaints.filter((text) => expected?.test(text) !== true);
    if (complaints.length > 0) throw new Error(`the browser complains:\n${complaints.join('\n')}`);
  }

  async #picture(name: string, fullPage = true): Promise<void> {
    if (!TAKES_PICTURES) return this.#drawn();
    const { language = 'en' } = this.options;
    const path = `${SCREENSHOTS}${name}${language === 'zh' ? '-zh' : ''}.png`;
    await this.page.screenshot({ path, fullPage, animations: 'disabled' });
  }

  /** Resolves when the page was drawn as it is now, another theme or width included, and its colours have passed into each other. */
  async #drawn(): Promise<void> {
    await this.page.evaluate(DRAWN);
  }

  /** Against these rules of axe, or those with these tags. */
  async #holdAgainst(runOnly: string[], name: string): Promise<void> {
    const options: axe.RunOptions = { runOnly, resultTypes: ['violations'], preload: false };
    const inPage = async (chosen: typeof options) =>
      (await (globalThis as unknown as InPage).axe.run(chosen)).violations;
    const violations = await this.page.evaluate(inPage, options);
    const found = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${id}: ${nodes.map(({ html, failureSummary }) => `${html.slice(0, 200)}: ${failureSummary}`).join(' | ')}`,
      );
    if (found.length > 0) throw new Error(`${name} can’t be used by everybody:\n${found.join('\n')}`);
  }
}
