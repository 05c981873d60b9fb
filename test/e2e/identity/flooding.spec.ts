// Floods of logins and mails.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { mailsTo } from '../../support/gateway/mailbox.js';
import { codeOf, newPerson, PASSWORD, TestBrowser } from '../../support/gateway/person.js';

let gateway: TestGateway;
beforeAll(async () => {
  // A count that is late is made without the other gateway, and then allows more.
  gateway = await startGateway({ env: { LOGIN_ATTEMPTS_PER_ADDRESS: '40', RATE_LIMIT_TIMEOUT_MS: '10000' } });
});
afterAll(() => gateway.close());

it('a flood of logins to one address ends, and its owner can still set a new password and be in', async () => {
  const ada = await newPerson(gateway);
  const browser = new TestBrowser(gateway.url);
  const outcomes: (string | undefined)[] = [];
  for (let guess = 0; guess < 12; guess++) {
    outcomes.push(codeOf(await browser.post('/api/auth/login', { email: ada.email, password: `guess ${guess}` })));
  }
  expect(outcomes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'invalid_credentials'));
  expect(outcomes.slice(10)).toEqual(['rate_limit_exceeded', 'rate_limit_exceeded']);
  const refused = await ada.logIn();
  expect(refused).toMatchObject({ status: 429, body: { error: { type: 'rate_limit_exceeded' } } });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  await ada.post('/api/auth/forgot', { email: ada.email });
  const reset = { token: await ada.tokenFrom('Set a new password'), password: 'staple in the hay' };
  expect((await ada.post('/api/auth/reset', reset)).status).toBe(200);
  expect((await ada.get('/api/me')).status).toBe(200);
});

it('such a flood keeps out nobody else', async () => {
  const bob = await newPerson(gateway);
  expect((await bob.logIn()).status).toBe(200);
});

it('a flood of mails to one address ends', async () => {
  const browser = new TestBrowser(gateway.url);
  const email = 'flooded@example.com';
  const answers = [];
  for (let time = 0; time < 7; time++)
    answers.push(await browser.post('/api/auth/register', { email, password: PASSWORD }));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202, 429, 429]);
  expect((await mailsTo(gateway, email)).length).toBeLessThanOrEqual(5);
});

it('an address that tries many people is stopped', async () => {
  const browser = new TestBrowser(gateway.url);
  let answer = await browser.post('/api/auth/forgot', { email: 'first@example.com' });
  for (let person = 0; person < 40 && answer.status === 202; person++) {
    answer = await browser.post('/api/auth/forgot', { email: `${person}@example.com` });
  }
  expect(codeOf(answer)).toBe('rate_limit_exceeded');
});
