// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, newPersonWithRole, PASSWORD, TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

/** The same person at another browser. */
const elsewhere = (person: TestPerson): TestPerson =>
  Object.assign(new TestPerson(gateway, person.email), { password: person.password });

describe('a second factor', () => {
  it('is asked for at every login, once it is confirmed', async () => {
    const ada = await newPerson(gateway);
    expect(codeOf(await ada.post('/api/me/second-factor', { password: 'wrong' }))).toBe('wrong_password');
    await ada.post('/api/me/second-factor', { password: PASSWORD });
    expect((await elsewhere(ada).logIn()).status).toBe(200); // begun, not confirmed
    expect(await ada.setUpSecondFactor()).toHaveLength(10);
    expect((await ada.get('/api/me')).body).toMatchObject({
      second_factor: { enabled: true, required: false, recovery_codes_left: 10 },
    });
    expect(codeOf(await elsewhere(ada).logIn())).toBe('code_required');
    expect((await ada.logIn()).status).toBe(200);
  });

  it('is asked for in sessions that were opened before, too', async () => {
    const ada = await newPerson(gateway);
    const phone = elsewhere(ada);
    await phone.logIn();
    await ada.setUpSecondFactor();
    expect(codeOf(await phone.get('/api/me'))).toBe('code_required');
    const session = await phone.get('/api/auth/session');
    expect(session.body).toEqual({
      logged_in: false,
      code_required: true,
      csrf_token: phone.csrfToken,
      language: 'en',
    });
    expect((await phone.post('/api/auth/second-factor', { totp: await ada.code() })).status).toBe(200);
    expect((await phone.get('/api/me')).status).toBe(200);
  });

  it('takes no code twice', async () => {
    const ada = await newPerson(gateway);
    await ada.setUpSecondFactor();
    const login = { email: ada.email, password: PASSWORD, totp: await ada.code() };
    const [first, second] = [elsewhere(ada), elsewhere(ada)];
    const outcomes = await Promise.all([first, second].map((browser) => browser.post('/api/auth/login', login)));
    expect(outcomes.map(({ status }) => String(status)).toSorted()).toEqual(['200', '401']);
    expect(codeOf(await elsewhere(ada).post('/api/auth/login', login))).toBe('invalid_code');
  });

  it('takes each recovery code once, and new ones void the old', async () => {
    const ada = await newPerson(gateway);
    const [code = '', other = ''] = await ada.setUpSecondFactor();
    const logIn = (totp: string) =>
      elsewhere(ada).post('/api/auth/login', { email: ada.email, password: PASSWORD, totp });
    expect([(await logIn(code)).status, (await logIn(code)).status]).toEqual([200, 401]);
    const renewed = await ada.post('/api/me/second-factor/recovery-codes', { totp: await ada.code() });
    const [fresh = ''] = renewed.body['recovery_codes'] as string[];
    expect([(await logIn(other)).status, (await logIn(fresh)).status]).toEqual([401, 200]);
  });

  it('can’t be guessed: tries end soon', async () => {
    const ada = await newPerson(gateway);
    await ada.setUpSecondFactor();
    const outcomes: (string | undefined)[] = [];
    for (let guess = 0; guess < 12; guess++) {
      const totp = String(100_000 + guess);
      outcomes.push(
        codeOf(await elsewhere(ada).post('/api/auth/login', { email: ada.email, password: PASSWORD, totp })),
      );
    }
    expect(outcomes.at(-1)).toBe('rate_limit_exceeded');
    expect(outcomes.filter((code) => code === 'invalid_code').length).toBeLessThan(10);
  });

  it('is needed to set a forgotten password, which leaves the link as it is without', async () => {
    const ada = await newPerson(gateway);
    await ada.setUpSecondFactor();
    await ada.post('/api/auth/forgot', { email: ada.email });
    const reset = { token: await ada.tokenFrom('Set a new password'), password: 'staple in the hay' };
    expect(codeOf(await elsewhere(ada).post('/api/auth/reset', reset))).toBe('code_required');
    expect((await ada.post('/api/auth/reset', { ...reset, totp: await ada.code() })).status).toBe(200);
    expect((await ada.get('/api/me')).status).toBe(200);
  });

  it('ends with a code', async () => {
    const ada = await newPerson(gateway);
    await ada.setUpSecondFactor();
    expect(codeOf(await ada.delete('/api/me/second-factor', { totp: '000000' }))).toBe('invalid_code');
    expect((await ada.delete('/api/me/second-factor', { totp: await ada.code() })).status).toBe(204);
    expect((await elsewhere(ada).logIn()).status).toBe(200);
  });

  it('that was confirmed in a session lets its role in there at once', async () => {
    const finance = await newPersonWithRole(gateway, 'finance');
    expect((await finance.get('/api/me')).body).toMatchObject({
      roles: ['finance'],
      second_factor: { enabled: true, required: true },
    });
  });
});
