// Modes: embedded, two-gateways. Two gateways run on servers, too.
import { OAuth2Server } from 'oauth2-mock-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { codeOf, newPerson, PASSWORD, type Reply, TestBrowser, TestPerson } from '../../support/gateway/person.js';

const google = new OAuth2Server();
let claims: Record<string, unknown>;
let gateway: TestGateway;
beforeAll(async () => {
  await google.issuer.keys.generate('RS256');
  await google.start(0, '127.0.0.1');
  google.service.on('beforeTokenSigning', (token: { payload: Record<string, unknown> }) => {
    Object.assign(token.payload, claims);
  });
  gateway = await startGateway({
    env: { GOOGLE_CLIENT_ID: 'client', GOOGLE_CLIENT_SECRET: 'secret', GOOGLE_ISSUER: google.issuer.url ?? '' },
  });
});
afterAll(async () => {
  await gateway.close();
  await google.stop();
});

let count = 0;
beforeEach(() => {
  count += 1;
  claims = { sub: `google-${count}`, email: `Grace${count}@gmail.example`, email_verified: true };
});

/** Goes to Google, which sends the browser back at once. */
async function atGoogle(url: string): Promise<string> {
  const { headers } = await fetch(url, { redirect: 'manual' });
  const { search, pathname } = new URL(headers.get('location') ?? '');
  return `${pathname}${search}`;
}

async function logIn(browser: TestBrowser, next = ''): Promise<Reply> {
  const begun = await browser.get(`/api/auth/google${next}`);
  expect(begun.status).toBe(303);
  return browser.get(await atGoogle(begun.headers.get('location') ?? ''));
}

async function link(person: TestPerson): Promise<Reply> {
  const begun = await person.post('/api/me/google', { password: PASSWORD });
  return person.get(await atGoogle(String(begun.body['url'])));
}

describe('logging in with Google', () => {
  it('registers someone new, whose address Google has verified', async () => {
    const grace = new TestBrowser(gateway.url);
    expect((await grace.get('/api/auth/methods')).body).toEqual({ password: true, google: true });
    const back = await logIn(grace);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/login']);
    const me = await grace.get('/api/me');
    expect(me.body).toMatchObject({
      email: `grace${count}@gmail.example`,
      email_verified: true,
      has_password: false,
      google: { email: `Grace${count}@gmail.example` },
    });
    const again = new TestBrowser(gateway.url);
    await logIn(again);
    expect((await again.get('/api/me')).body['user_id']).toBe(me.body['user_id']);
  });

  it('goes on to the path that it was begun for, in the language of the browser', async () => {
    const grace = new TestBrowser(gateway.url);
    const begun = await grace.get('/api/auth/google?next=/topup%3Famount%3D10');
    const path = await atGoogle(begun.headers.get('location') ?? '');
    const back = await grace.get(path, { 'accept-language': 'zh-CN,zh;q=0.9' });
    expect(back.headers.get('location')).toBe('/login?next=%2Ftopup%3Famount%3D10');
    expect((await grace.get('/api/me')).body['language']).toBe('zh');
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    'topup',
  ])('begins for no other site: %j', async (next) => {
    const begun = await new TestBrowser(gateway.url).get(`/api/auth/google?next=${encodeURIComponent(next)}`);
    expect(begun.status).toBe(400);
  });

  it('asks with PKCE, state and nonce', async () => {
    const begun = await new TestBrowser(gateway.url).get('/api/auth/google');
    const asked = new URL(begun.headers.get('location') ?? '').searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)).toMatch(/^[\w-]{43}$/);
    const cookie = begun.headers.getSetCookie().find((line) => line.startsWith('tokenhub_google='));
    expect(cookie).toMatch(/Max-Age=600; Path=\/api\/auth\/google; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain(asked.get('state'));
  });

  it.each([
    ['another state', (path: string) => path.replace(/state=[^&]+/, 'state=forged')],
    ['another code', (path: string) => path.replace(/code=[^&]+/, 'code=forged')],
    ['an error of Google’s', () => '/api/auth/google/callback?error=access_denied'],
    ['nothing', () => '/api/auth/google/callback'],
  ])('fails with %s', async (_what, forged) => {
    const browser = new TestBrowser(gateway.url);
    const begun = await browser.get('/api/auth/google');
    const back = await browser.get(forged(await atGoogle(begun.headers.get('location') ?? '')));
    expect(back.headers.get('location')).toMatch(/^\/login\?fault=google_(?:failed|login_expired)$/);
    expect((await browser.get('/api/me')).status).toBe(401);
  });

  it('fails in a browser that did not begin it, so nobody is logged in as someone else', async () => {
    const begun = await new TestBrowser(gateway.url).get('/api/auth/google');
    const victim = new TestBrowser(gateway.url);
    const back = await victim.get(await atGoogle(begun.headers.get('location') ?? ''));
    expect(back.headers.get('location')).toBe('/login?fault=google_login_expired');
    expect((await victim.get('/api/me')).status).toBe(401);
  });

  it('fails with another nonce', async () => {
    claims['nonce'] = 'another';
    const browser = new TestBrowser(gateway.url);
    expect((await logIn(browser)).headers.get('location')).toBe('/login?fault=google_failed');
  });

  it('refuses an address that Google has not verified', async () => {
    claims['email_verified'] = false;
    const back = await logIn(new TestBrowser(gateway.url));
    expect(back.headers.get('location')).toBe('/login?fault=google_email_not_verified');
  });
});

describe('a Google account with the address of a person', () => {
  it('does not let in, until they have logged in and linked it', async () => {
    const ada = await newPerson(gateway);
    claims['email'] = ada.email;
    const stranger = new TestBrowser(gateway.url);
    expect((await logIn(stranger)).headers.get('location')).toBe('/login?fault=email_in_use');
    expect((await stranger.get('/api/me')).status).toBe(401);
    expect((await link(ada)).status).toBe(303);
    expect((await ada.get('/api/me')).body['google']).toEqual({ email: ada.email });
    await logIn(stranger);
    expect((await stranger.get('/api/me')).body['user_id']).toBe(ada.userId);
  });

  it('takes the place of a registration that nobody verified', async () => {
    const attacker = new TestPerson(gateway, `grace${count}@gmail.example`);
    await attacker.register();
    const token = await attacker.tokenFrom('Confirm your email address');
    const grace = new TestBrowser(gateway.url);
    await logIn(grace);
    expect((await grace.get('/api/me')).body).toMatchObject({ has_password: false });
    expect(codeOf(await attacker.logIn())).toBe('invalid_credentials');
    expect(codeOf(await attacker.post('/api/auth/verify', { token }))).toBe('invalid_token');
  });
});

describe('linking', () => {
  it('needs the password', async () => {
    const ada = await newPerson(gateway);
    expect(codeOf(await ada.post('/api/me/google', {}))).toBe('wrong_password');
  });

  it('fails when the person has logged out in the meantime', async () => {
    const ada = await newPerson(gateway);
    const begun = await ada.post('/api/me/google', { password: PASSWORD });
    await ada.post('/api/auth/logout');
    const back = await ada.get(await atGoogle(String(begun.body['url'])));
    expect(back.headers.get('location')).toBe('/login?fault=google_login_expired');
  });

  it('of the Google account of someone else is refused', async () => {
    await logIn(new TestBrowser(gateway.url));
    const ada = await newPerson(gateway);
    expect((await link(ada)).headers.get('location')).toBe('/account?fault=google_in_use');
    expect((await ada.get('/api/me')).body['google']).toBeNull();
  });

  it('ends, where there is a password', async () => {
    const ada = await newPerson(gateway);
    await link(ada);
    expect((await ada.delete('/api/me/google')).status).toBe(204);
    expect((await ada.get('/api/me')).body['google']).toBeNull();
    const grace = new TestBrowser(gateway.url);
    claims = { ...claims, sub: `other-${count}` };
    await logIn(grace);
    await grace.get('/api/me');
    expect(codeOf(await grace.delete('/api/me/google'))).toBe('password_needed');
  });
});

describe('a person with a second factor', () => {
  it('shows it after Google, too', async () => {
    const ada = await newPerson(gateway);
    await link(ada);
    await ada.setUpSecondFactor();
    const browser = new TestBrowser(gateway.url);
    expect((await logIn(browser)).headers.get('location')).toBe('/second-factor');
    expect(codeOf(await browser.get('/api/me'))).toBe('code_required');
    await browser.get('/api/auth/session');
    expect((await browser.post('/api/auth/second-factor', { totp: await ada.code() })).status).toBe(200);
    expect((await browser.get('/api/me')).status).toBe(200);
  });
});

describe('without Google', () => {
  it('says so', async () => {
    const plain = await startGateway();
    const browser = new TestBrowser(plain.url);
    expect((await browser.get('/api/auth/methods')).body).toEqual({ password: true, google: false });
    const begun = await browser.get('/api/auth/google?next=/keys');
    expect(begun.headers.get('location')).toBe('/login?next=%2Fkeys&fault=google_not_configured');
    await plain.close();
  });
});
