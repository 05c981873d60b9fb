// What people do about their login: from signing up to leaving, in both languages.
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openBrowser } from '../support/browser/chromium.js';
import { Visit } from '../support/browser/visit.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { mailTo, tokenIn } from '../support/gateway/mailbox.js';
import { newPerson, newPersonWithRole, PASSWORD, TestBrowser } from '../support/gateway/person.js';

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

const NEXT_PASSWORD = 'staple in the hay';
/** The console's word on an answer that the page then explains. */
const REFUSED = /status of 4\d\d/;

const at = (page: Page, path: string) => page.waitForURL((url) => url.pathname === path);
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

describe.skipIf(!hasChromium)('somebody new', () => {
  it('signs up, opens the mailed link, and comes back to it after a login', async () => {
    const email = `${randomUUID()}@example.com`;
    const visit = await Visit.begin(browser, { url: gateway.url, expected: REFUSED });
    const { page } = visit;
    await visit.open('/account');
    await at(page, '/login');
    await visit.inspect('login');
    await page.getByRole('link', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Sign up' }).waitFor();
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel(/^Password/).fill('password123');
    await press(page, 'Sign up');
    await page.getByRole('alert').getByText('one of the first that anyone tries').waitFor();
    await visit.inspect('register');
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await press(page, 'Sign up');
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    expect(await page.getByRole('button', { name: /^Send the email again \(in \d+ s\)$/ }).isDisabled()).toBe(true);

    const token = tokenIn(await mailTo(gateway, email, 'Confirm your email address'));
    await visit.open(`/verify?token=${token}`);
    await visit.inspect('verify');
    await press(page, 'Confirm my address');
    await at(page, '/overview');
    await press(page, 'Who is logged in');
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await at(page, '/');

    // A link that was used says so; a page that was asked for is where the login leads.
    await visit.open(`/verify?token=${token}`);
    await press(page, 'Confirm my address');
    await page.getByRole('alert').getByText('This link has been used already').waitFor();
    await visit.open('/account?from=mail');
    await at(page, '/login');
    await page.getByLabel('Email address').fill(email);
    await page.getByLabel(/^Password/).fill('not the password');
    await press(page, 'Log in');
    await page.getByRole('alert').getByText('The email address or the password is wrong').waitFor();
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await press(page, 'Log in');
    await at(page, '/account');
    await visit.close();
  });

  it('is led to no other site after a login', async () => {
    const ada = await newPerson(gateway);
    const visit = await Visit.begin(browser, { url: gateway.url });
    await visit.open('/login?next=//evil.example/login');
    await visit.page.getByLabel('Email address').fill(ada.email);
    await visit.page.getByLabel(/^Password/).fill(PASSWORD);
    await press(visit.page, 'Log in');
    await at(visit.page, '/overview');
    expect(new URL(visit.page.url()).origin).toBe(new URL(gateway.url).origin);
    await visit.close();
  });
});

describe.skipIf(!hasChromium)('somebody with an account', () => {
  it('sets a second factor up, logs in with it, and sets a forgotten password anew', async () => {
    const ada = await newPerson(gateway);
    const visit = await Visit.begin(browser, { url: gateway.url, as: ada, expected: REFUSED });
    const { page } = visit;
    await visit.open('/account');
    await visit.inspect('account');
    const factor = page.getByRole('region', { name: 'Second factor' });
    await factor.getByLabel(/^Password/).fill(PASSWORD);
    await press(page, 'Set up a second factor');
    await factor.getByRole('img', { name: 'QR code for an authenticator app' }).waitFor();
    const secret = (await factor.locator('pre').textContent()) ?? '';
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    await factor.getByLabel('Enter the code that the app shows').fill(code);
    await press(page, 'Turn it on');
    const codes = factor.getByRole('region', { name: 'Your recovery codes' }).locator('pre');
    const [recoveryCode = ''] = ((await codes.textContent()) ?? '').split('\n');
    expect(recoveryCode).toMatch(/^(?:\w{4}-){3}\w{4}$/);
    await visit.inspect('account-recovery-codes');
    await press(page, 'I have kept them');
    await press(page, 'Who is logged in');
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await at(page, '/');

    await visit.open('/forgot');
    await visit.inspect('forgot');
    await page.getByLabel('Email address').fill(ada.email);
    await press(page, 'Send me a link');
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    await visit.open(`/reset?token=${tokenIn(await mailTo(gateway, ada.email, 'Set a new password'))}`);
    await page.getByLabel('New password').fill(NEXT_PASSWORD);
    await press(page, 'Set the password');
    await page.getByText('Your account has a second factor').waitFor();
    await visit.inspect('reset');
    await page.getByLabel(/^Code/).fill(recoveryCode);
    await press(page, 'Set the password');
    await at(page, '/overview');
    await visit.close();
  });

  it('enters the code that a session still lacks, and takes a new address', async () => {
    const ada = await newPerson(gateway);
    const other = new TestBrowser(gateway.url);
    await other.post('/api/auth/login', { email: ada.email, password: PASSWORD });
    await ada.setUpSecondFactor();
    const visit = await Visit.begin(browser, { url: gateway.url, as: other });
    const { page } = visit;
    await page.goto('/keys');
    await at(page, '/second-factor');
    await visit.inspect('second-factor');
    await page.getByLabel(/^Code/).fill(await ada.code());
    await press(page, 'Log in');
    await at(page, '/keys');
    const email = `${randomUUID()}@example.com`;
    await ada.post('/api/me/email', { email, password: PASSWORD });
    await visit.open(`/confirm-email?token=${tokenIn(await mailTo(gateway, email, 'Confirm your new email address'))}`);
    await visit.inspect('confirm-email');
    await press(page, 'Use this address');
    await page.getByRole('heading', { name: 'Your address is changed' }).waitFor();
    expect((await ada.get('/api/me')).body['email']).toBe(email);
    await visit.close();
  });

  it('sees the work of their role first, and looks after people', async () => {
    const [olga, fred] = [await newPersonWithRole(gateway, 'operator'), await newPerson(gateway)];
    const visit = await Visit.begin(browser, { url: gateway.url, as: olga });
    const { page } = visit;
    await page.goto('/login');
    await at(page, '/operator');
    await visit.open('/operator/people');
    await visit.inspect('operator-people');
    await page.getByLabel('Address or id').fill(fred.email);
    await press(page, 'Find');
    await page.getByRole('link', { name: fred.email }).click();
    await press(page, 'Give the role: Finance');
    await page.getByRole('dialog').getByLabel('Why').fill('joins the team');
    await page.getByRole('dialog').getByRole('button', { name: 'Give the role: Finance' }).click();
    await page.getByText('joins the team').waitFor();
    await visit.inspect('operator-person');
    expect((await fred.get('/api/me')).body['roles']).toEqual(['finance']);
    await visit.close();
  });
});

describe.skipIf(!hasChromium)('in Chinese', () => {
  it('one signs up, is written to, and looks after an account', async () => {
    const email = `${randomUUID()}@example.com`;
    const visit = await Visit.begin(browser, { url: gateway.url, language: 'zh' });
    const { page } = visit;
    await visit.open('/register');
    await visit.inspect('register');
    await page.getByLabel('邮箱').fill(email);
    await page.getByLabel(/^密码/).fill(PASSWORD);
    await press(page, '注册');
    await page.getByRole('heading', { name: '请查收邮件' }).waitFor();
    await visit.open(`/verify?token=${tokenIn(await mailTo(gateway, email, '请确认您的邮箱'))}`);
    await press(page, '确认邮箱');
    await at(page, '/overview');
    await visit.open('/account');
    await visit.inspect('account');
    const kept = page.waitForResponse((response) => response.request().method() === 'PATCH');
    await page.getByLabel('语言', { exact: true }).selectOption('English');
    await kept;
    await page.getByRole('heading', { name: 'My account' }).waitFor();
    const session = await page.request.get('/api/auth/session');
    expect(await session.json()).toMatchObject({ language: 'en' });
    await visit.close();
  });
});
