// Who people are is in no event and no log line, whatever happens; and nowhere at all once they have left.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from '../../../sandbox/provider/index.js';
import { channel, channelsFile, newFolder } from '../../support/gateway/gateway.js';
import { RunningGateways } from '../../support/gateway/gateway-process.js';
import { tokenIn } from '../../support/gateway/mailbox.js';
import { codeOf, TestBrowser } from '../../support/gateway/person.js';
import { until } from '../../support/gateway/until.js';
import { startSmtpServer, type TestSmtpServer } from '../../support/mail/smtp-server.js';

const EMAIL = 'marker-email-3c9d@example.com';
const NEW_EMAIL = 'marker-new-email-8a1f@example.com';
/** The mail server takes nothing for it, and says so with the message in its answer. */
const REFUSED_EMAIL = 'marker-refused-email-2b7c@example.com';
const PASSWORD = 'marker-password-5d4e';
const NEW_PASSWORD = 'marker-new-password-9f6a';
const USER_AGENT = 'Marker-Agent-1c8b/7.0 Firefox/140.0';
const ADDRESSES = [EMAIL, NEW_EMAIL, REFUSED_EMAIL];
const SECRETS = [PASSWORD, NEW_PASSWORD, USER_AGENT];

let files: Awaited<ReturnType<typeof newFolder>>;
let sandbox: SandboxProvider;
let smtp: TestSmtpServer;
let gateways: RunningGateways;
let browser: TestBrowser;
const tokens: string[] = [];

beforeAll(async () => {
  files = await newFolder();
  sandbox = await startSandboxProvider();
  smtp = await startSmtpServer(({ to }) => to === REFUSED_EMAIL);
  const routing = await channelsFile(files.folder, [channel('sandbox', sandbox.url)]);
  const env = { ...files.env, ...routing, SMTP_URL: smtp.url, LOG_LEVEL: 'trace', NODE_ENV: 'production' };
  const secrets = {
    PEOPLE_SECRET: 'k'.repeat(40),
    STRIPE_SECRET_KEY: 'sk_test_none',
    STRIPE_WEBHOOK_SECRET: 'whsec_none',
  };
  gateways = await RunningGateways.start({ ...env, ...secrets });
  browser = new TestBrowser(gateways.url);
});
afterAll(async () => {
  await gateways.kill('SIGKILL');
  await smtp.close();
  await sandbox.close();
  await files.close();
});

async function tokenTo(to: string, subject: string): Promise<string> {
  const mail = await until(`"${subject}" to ${to}`, () =>
    smtp.mails.find((sent) => sent.to === to && sent.subject === subject),
  );
  tokens.push(tokenIn(mail));
  return tokenIn(mail);
}

const post = (path: string, body: Record<string, string | boolean>) =>
  browser.post(path, body, { 'user-agent': USER_AGENT });

function expectNothingOf(markers: readonly string[], text: string, where: string): void {
  for (const marker of markers) expect(text.includes(marker), `${marker} in ${where}`).toBe(false);
}

it('a person registers, errs, and changes everything', async () => {
  await post('/api/auth/register', { email: REFUSED_EMAIL, password: PASSWORD });
  await post('/api/auth/register', { email: EMAIL, password: PASSWORD });
  await post('/api/auth/verify', { token: await tokenTo(EMAIL, 'Confirm your email address') });
  await post('/api/auth/register', { email: EMAIL, password: PASSWORD });
  expect(codeOf(await post('/api/auth/login', { email: EMAIL, password: NEW_PASSWORD }))).toBe('invalid_credentials');
  expect((await post('/api/auth/login', { email: EMAIL, password: PASSWORD })).status).toBe(200);
  await post('/api/me/email', { email: NEW_EMAIL, password: PASSWORD });
  await post('/api/auth/confirm-email', { token: await tokenTo(NEW_EMAIL, 'Confirm your new email address') });
  await post('/api/auth/forgot', { email: NEW_EMAIL });
  const token = await tokenTo(NEW_EMAIL, 'Set a new password');
  expect((await post('/api/auth/reset', { token, password: NEW_PASSWORD })).status).toBe(200);
  await browser.get(`/verify?token=${token}`);
  await browser.get(`/api/me?email=${NEW_EMAIL}`);
  expect((await browser.get('/api/me')).body).toMatchObject({ email: NEW_EMAIL });
  expect((await browser.get('/api/me/sessions')).body['data']).toMatchObject([{ client: 'Firefox' }]);
});

it('neither events nor logs know them; passwords and links are nowhere', async () => {
  await until('the mail that could not be sent', () => gateways.output.includes('sending a mail failed'));
  expectNothingOf([...ADDRESSES, ...SECRETS, ...tokens], gateways.output, 'the output');
  const stored = await files.contents();
  expectNothingOf(ADDRESSES, stored.get('events') ?? '', 'events');
  for (const [name, text] of stored) expectNothingOf([...SECRETS, ...tokens], text, name);
  expect([...stored.values()].join('').includes(NEW_EMAIL), 'what is stored can be found').toBe(true);
});

it('when they have left, nothing of them is in any store', async () => {
  const left = await browser.delete('/api/me', { password: NEW_PASSWORD, confirm: true });
  expect(left.status).toBe(204);
  await until('the last mail', () => smtp.mails.some(({ subject }) => subject === 'Your account was deleted'));
  for (const { program } of gateways.gateways) program.signal('SIGTERM');
  await Promise.all(gateways.gateways.map(({ program }) => program.end()));
  for (const [name, text] of await files.contents()) expectNothingOf([EMAIL, NEW_EMAIL], text, name);
  expectNothingOf(ADDRESSES, gateways.output, 'the output');
});
