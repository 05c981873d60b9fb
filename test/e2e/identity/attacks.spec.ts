// Modes: embedded, two-gateways. Two gateways run on servers, too.
// What people try on a login.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Background } from '../../../src/identity/defences/background.js';
import { SESSION_COOKIE } from '../../../src/identity/index.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { mailsTo, mailTo } from '../../support/gateway/mailbox.js';
import { codeOf, newPerson, PASSWORD, TestBrowser, TestPerson } from '../../support/gateway/person.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

/** What goes on after an answer must not slow the next one down. */
const quiet = () => Promise.all(gateway.apps.map((app) => app.get(Background).idle()));

const stranger = (): TestBrowser => new TestBrowser(gateway.url);

/** What a stranger sees of an answer. */
const seen = ({ status, text, headers }: Awaited<ReturnType<TestBrowser['post']>>) => ({
  status,
  text,
  headers: [...headers.keys()].toSorted(),
});

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const LEAST_ROUNDS = 9;
const MOST_ROUNDS = 36;

describe('who is registered', () => {
  it.each(['/api/auth/register', '/api/auth/forgot', '/api/auth/login'])('is not told by %s', async (path) => {
    const ada = await newPerson(gateway);
    const body = { password: 'a wrong password' };
    const known = await stranger().post(path, { ...body, email: ada.email });
    const unknown = await stranger().post(path, { ...body, email: `no-${ada.email}` });
    expect(seen(known)).toEqual(seen(unknown));
  });

  it.each(['/api/auth/login', '/api/auth/register', '/api/auth/forgot'])(
    'is not told by the time of %s',
    async (path) => {
      const times = { known: [] as number[], unknown: [] as number[] };
      const isTold = (): boolean => {
        const [known, unknown] = [Math.min(...times.known), Math.min(...times.unknown)];
        return Math.abs(known - unknown) >= Math.max(10, unknown / 2);
      };
      // Other programs only ever make an answer later, so the soonest ones are compared, of as many as that takes. A password that is hashed for
      // one of them only, or a letter that is waited for, makes every answer later by more than that.
      for (let round = 0; round < MOST_ROUNDS && (round < LEAST_ROUNDS || isTold()); round += 3) {
        const { email } = await newPerson(gateway);
        for (let turn = round; turn < round + 3; turn++) {
          const asked = [['known', email] as const, ['unknown', `x${turn}-${email}`] as const];
          for (const [who, address] of turn % 2 === 0 ? asked : asked.toReversed()) {
            await quiet();
            const body = { email: address, password: 'a wrong password' };
            times[who].push(await msOf(() => stranger().post(path, body)));
          }
        }
      }
      expect(isTold(), JSON.stringify(times)).toBe(false);
    },
  );
});

describe('another site', () => {
  it.each([
    ['a cross-site request', { 'sec-fetch-site': 'cross-site' }],
    ['a request of a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['another Origin', { origin: 'https://evil.example' }],
    ['a hidden Origin', { origin: 'null' }],
  ])('can’t log a browser in: %s', async (_what, headers) => {
    const ada = await newPerson(gateway);
    const login = { email: ada.email, password: PASSWORD };
    expect(codeOf(await stranger().post('/api/auth/login', login, headers))).toBe('cross_site_request');
  });

  it('can’t change anything with the cookie alone', async () => {
    const ada = await newPerson(gateway);
    const csrf = ada.csrfToken ?? '';
    ada.csrfToken = undefined;
    for (const path of ['/api/me/password', '/api/me/email', '/api/auth/logout', '/api/auth/logout-everywhere']) {
      expect(codeOf(await ada.post(path, { password: PASSWORD }))).toMatch(/^invalid_(csrf_token|request)$/);
    }
    expect(codeOf(await ada.delete('/api/me', { password: PASSWORD, confirm: true }))).toBe('invalid_csrf_token');
    expect((await ada.get('/api/me')).status).toBe(200);
    expect((await ada.post('/api/auth/logout', {}, { 'x-csrf-token': csrf })).status).toBe(204);
  });

  it('can’t use a mailed link, nor log anybody out', async () => {
    const ada = new TestPerson(gateway, 'links@example.com');
    await ada.register();
    const from = { origin: 'https://evil.example' };
    const token = await ada.tokenFrom('Confirm your email address');
    expect(codeOf(await ada.post('/api/auth/verify', { token }, from))).toBe('cross_site_request');
    expect((await ada.verify()).status).toBe(200);
    expect(codeOf(await ada.post('/api/auth/logout', {}, from))).toBe('cross_site_request');
    expect((await ada.get('/api/me')).status).toBe(200);
  });

  it('of programs that look through mail use no link up', async () => {
    const ada = new TestPerson(gateway, 'scanned@example.com');
    await ada.register();
    const page = `/verify?token=${await ada.tokenFrom('Confirm your email address')}`;
    for (let time = 0; time < 3; time++) {
      const shown = await new TestBrowser(gateway.url).get(page, { accept: 'text/html' });
      expect(shown).toMatchObject({ status: 200 });
      expect(shown.headers.get('referrer-policy')).toBe('same-origin');
      expect(shown.headers.get('cache-control')).toBe('no-store');
    }
    expect((await ada.verify()).status).toBe(200);
  });
});

describe('a session', () => {
  it('is in a cookie that scripts and other sites do not get', async () => {
    const ada = await newPerson(gateway);
    const [cookie = ''] = (await ada.logIn()).headers.getSetCookie();
    expect(cookie).toMatch(
      new RegExp(`^${SESSION_COOKIE}=[\\w-]{43}; Max-Age=7776000; Path=/; HttpOnly; SameSite=Lax$`),
    );
  });

  it('is in a cookie for HTTPS only, where people come by HTTPS', async () => {
    const secure = await startGateway({ env: { PUBLIC_URL: 'https://tokens.localhost' } });
    const ada = await newPerson(secure);
    const [cookie] = (await ada.logIn()).headers.getSetCookie();
    const { text } = await mailTo(secure, ada.email, 'Confirm your email address');
    await secure.close();
    expect(cookie).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
    expect(text).toContain('https://tokens.localhost/verify?token=');
  });

  it('is a new one at every login, and the one before has ended', async () => {
    const ada = await newPerson(gateway);
    const before = ada.cookies.get(SESSION_COOKIE) ?? '';
    await ada.logIn();
    expect(ada.cookies.get(SESSION_COOKIE)).not.toBe(before);
    ada.cookies.set(SESSION_COOKIE, before);
    expect(codeOf(await ada.get('/api/me'))).toBe('not_logged_in');
  });

  it('is never the one that an attacker put into the browser', async () => {
    const ada = await newPerson(gateway);
    const planted = 'A'.repeat(43);
    ada.cookies.set(SESSION_COOKIE, planted);
    await ada.logIn();
    expect(ada.cookies.get(SESSION_COOKIE)).not.toBe(planted);
    const attacker = stranger();
    attacker.cookies.set(SESSION_COOKIE, planted);
    expect(codeOf(await attacker.get('/api/me'))).toBe('not_logged_in');
  });

  it('is over after logging out, changing the password, and deletion', async () => {
    const endings = [
      (ada: TestPerson) => ada.post('/api/auth/logout'),
      (ada: TestPerson) => ada.post('/api/me/password', { current_password: PASSWORD, new_password: 'staple in hay' }),
      (ada: TestPerson) => ada.delete('/api/me', { password: PASSWORD, confirm: true }),
    ];
    for (const end of endings) {
      const ada = await newPerson(gateway);
      const stolen = stranger();
      stolen.cookies.set(SESSION_COOKIE, ada.cookies.get(SESSION_COOKIE) ?? '');
      expect((await stolen.get('/api/me')).status).toBe(200);
      expect((await end(ada)).status).toBeLessThan(300);
      expect(codeOf(await stolen.get('/api/me'))).toBe('not_logged_in');
    }
  });
});

describe('a role', () => {
  it('can’t be asked for', async () => {
    const ada = new TestPerson(gateway, 'mass@example.com');
    const extra = { roles: ['operator'], role: 'operator', emailVerified: true, unverifiedSince: null, accountId: 'x' };
    const registration = { email: ada.email, password: PASSWORD };
    expect((await ada.post('/api/auth/register', { ...registration, ...extra })).status).toBe(400);
    await ada.post('/api/auth/register', registration);
    await mailTo(gateway, ada.email, 'Confirm your email address');
    expect(codeOf(await ada.logIn())).toBe('email_not_verified');
    await ada.verify();
    const change = { current_password: PASSWORD, new_password: 'staple in hay' };
    expect((await ada.post('/api/me/password', { ...change, ...extra })).status).toBe(400);
    expect((await ada.get('/api/me')).body).toMatchObject({ roles: [] });
  });
});

describe('a mail', () => {
  it('goes to one address, whatever is put into it', async () => {
    for (const email of [
      'eve@example.com\r\nBcc: all@example.com',
      'eve@example.com, all@example.com',
      'eve@example.com\n',
    ]) {
      const answer = await stranger().post('/api/auth/register', { email, password: PASSWORD });
      expect([202, 400]).toContain(answer.status); // a line break at the end is trimmed, like a space
    }
    expect(await mailsTo(gateway, 'all@example.com')).toEqual([]);
  });
});
