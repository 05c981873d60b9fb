// The pages that mailed links open, in a browser.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../../support/browser/chromium.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { newPerson, PASSWORD, TestBrowser, TestPerson } from '../../support/gateway/person.js';

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

/** A page that fails the test when the browser complains about anything, such as the page's own policy. */
async function open(path: string, work: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${gateway.url}${path}`);
  await work(page);
  // A refused form answers with 400, which the browser says, too.
  expect(complaints.filter((text) => !text.includes('400 (Bad Request)') && !text.includes('favicon'))).toEqual([]);
  await context.close();
}

/** Every link of a page to a page of ours. */
const linksOf = (text: string): string[] => [...text.matchAll(/href="(\/[^"]*)"/g)].map(([, path = '']) => path);

it('no page links to what is not there, logged in or not', async () => {
  for (const visitor of [await newPerson(gateway), new TestBrowser(gateway.url)]) {
    for (const path of ['/', '/login', '/register', '/forgot']) {
      const { status, text } = await visitor.get(path);
      expect([path, status]).toEqual([path, 200]);
      for (const link of linksOf(text)) expect([link, (await visitor.get(link)).status]).toEqual([link, 200]);
    }
  }
});

it('pages of forms say what is wrong, and answer alike whether an address is known', async () => {
  const ada = await newPerson(gateway);
  const visitor = new TestBrowser(gateway.url);
  const send = (path: string, fields: Record<string, string>) =>
    visitor.send('POST', path, new URLSearchParams(fields).toString());
  const wrong = await send('/login', { email: ada.email, password: 'not the password' });
  expect([wrong.status, wrong.text.includes('The email address or the password is wrong.')]).toEqual([400, true]);
  expect((await send('/register', { email: 'nonsense', password: PASSWORD })).status).toBe(400);
  const answers = [ada.email, 'nobody@example.com'].map(async (email) =>
    (await send('/forgot', { email })).text.replaceAll(email, ''),
  );
  expect((await answers[0])?.length).toBeGreaterThan(100);
  expect(await answers[0]).toBe(await answers[1]);
});

it('a form from another site logs nobody in or out', async () => {
  const ada = await newPerson(gateway);
  for (const [path, fields] of [
    ['/login', `email=${ada.email}&password=${PASSWORD}`],
    ['/logout', ''],
  ] as const) {
    const reply = await ada.send('POST', path, fields, { origin: 'https://evil.example' });
    expect([path, reply.status]).toEqual([path, 403]);
  }
  expect((await ada.get('/api/me')).status).toBe(200);
});

describe.skipIf(!hasChromium)('in a browser', () => {
  it('the link of the verification mail confirms with a button, and logs in', async () => {
    const ada = new TestPerson(gateway, 'ada@example.com');
    await ada.register();
    await open(`/verify?token=${await ada.tokenFrom('Confirm your email address')}`, async (page) => {
      await page.getByRole('button', { name: 'Confirm' }).click();
      expect(await page.getByRole('heading').textContent()).toBe('Your address is confirmed');
      const me = await page.request.get(`${gateway.url}/api/me`);
      expect(await me.json()).toMatchObject({ email: 'ada@example.com' });
    });
  });

  it('one signs up, is told where to look, logs in and out', async () => {
    const ada = new TestPerson(gateway, 'grace@example.com');
    await open('/', async (page) => {
      await page.getByRole('link', { name: 'Sign up' }).click();
      await page.getByLabel('Email address').fill(ada.email);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign up' }).click();
      expect(await page.getByRole('heading').textContent()).toBe('Look into your mailbox');
      await page.goto(`${gateway.url}/verify?token=${await ada.tokenFrom('Confirm your email address')}`);
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByRole('link', { name: 'Continue to token-hub' }).click();
      expect(await page.textContent('main')).toContain(ada.email);
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByRole('link', { name: 'Log in' }).click();
      await page.getByLabel('Email address').fill(ada.email);
      await page.getByLabel('Password').fill('wrong password');
      await page.getByRole('button', { name: 'Log in' }).click();
      expect(await page.getByRole('alert').textContent()).toContain('is wrong');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
      expect(await page.getByRole('heading').textContent()).toBe('You are logged in');
    });
  });

  it('the link of the reset mail asks for a new password until it is good', async () => {
    const ada = await newPerson(gateway);
    await ada.post('/api/auth/forgot', { email: ada.email });
    await open(`/reset?token=${await ada.tokenFrom('Set a new password')}`, async (page) => {
      await page.getByLabel('New password').fill('password1234');
      await page.getByRole('button').click();
      expect(await page.getByRole('alert').textContent()).toContain('first that anyone tries');
      await page.getByLabel('New password').fill('staple in the hay');
      await page.getByRole('button').click();
      expect(await page.getByRole('heading').textContent()).toBe('Your password is changed');
    });
    ada.password = 'staple in the hay';
    expect((await ada.logIn()).status).toBe(200);
  });

  it('the link of a new address changes it', async () => {
    const ada = await newPerson(gateway);
    const email = `new-${ada.email}`;
    await ada.post('/api/me/email', { email, password: PASSWORD });
    ada.email = email;
    await open(`/confirm-email?token=${await ada.tokenFrom('Confirm your new email address')}`, async (page) => {
      await page.getByRole('button').click();
      expect(await page.textContent('main')).toContain(email);
    });
  });
});

describe('the page of a mailed link', () => {
  it.each(['/verify', '/confirm-email', '/second-factor'])(
    '%s runs nothing, loads nothing, and tells nobody',
    async (path) => {
      const { headers, text } = await new TestBrowser(gateway.url).get(`${path}?token=x`);
      const policy = headers.get('content-security-policy');
      expect(policy).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
      );
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(text).not.toMatch(/<script|https?:/);
    },
  );

  it('uses no link up by being looked at', async () => {
    const ada = new TestPerson(gateway, 'scanned@example.com');
    await ada.register();
    const token = await ada.tokenFrom('Confirm your email address');
    for (let time = 0; time < 3; time++) await new TestBrowser(gateway.url).get(`/verify?token=${token}`);
    expect((await ada.verify()).status).toBe(200);
  });

  it('shows what is put into its address as text', async () => {
    const { text } = await new TestBrowser(gateway.url).get(
      `/verify?token=${encodeURIComponent('"><script>alert(1)</script>')}`,
    );
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;');
  });

  it('says what is wrong with a link that was used', async () => {
    const ada = await newPerson(gateway);
    const form = `token=${await ada.tokenFrom('Confirm your email address')}`;
    const again = await new TestBrowser(gateway.url).send('POST', '/verify', form);
    expect(again.status).toBe(400);
    expect(again.text).toContain('was used already');
    expect((await new TestBrowser(gateway.url).get('/reset?token=x')).status).toBe(400);
  });
});
