import { beforeEach, describe, expect, it } from 'vitest';
import { mailTokens } from '../emails/mail-tokens.js';
import { DAY_MS, HOUR_MS, IdentityDesk, IP, refusalOf } from '../../../test/support/identity/desk.js';

const EMAIL = 'ada@example.com';
const PASSWORD = 'correct horse battery';
let desk: IdentityDesk;
beforeEach(() => {
  desk = new IdentityDesk();
});

const logIn = (password: string) => refusalOf(desk.logins.withPassword({ email: EMAIL, password }, IP));

describe('a registration', () => {
  it('opens the account that it was promised, once it is verified', async () => {
    await desk.registration.begin({ email: EMAIL, password: PASSWORD }, IP);
    const secret = await desk.newestSecretTo(EMAIL);
    const promised = (await desk.users.by('email', EMAIL))?.user.accountId ?? '';
    expect(desk.accounts).not.toContain(promised);
    expect(await logIn(PASSWORD)).toBe('email_not_verified');
    await desk.registration.verify(secret, IP);
    expect([...desk.accounts]).toEqual([promised]);
    expect(await logIn(PASSWORD)).toBe('nothing refused');
  });

  it('has its account opened again at the next login, when the ledger was restored from before it', async () => {
    const { user } = await desk.person(EMAIL, PASSWORD);
    desk.accounts.clear();
    expect(await logIn('not this one')).toBe('invalid_credentials');
    await desk.background.beforeApplicationShutdown();
    expect(desk.accounts.size).toBe(0);
    expect(await logIn(PASSWORD)).toBe('nothing refused');
    await desk.background.beforeApplicationShutdown();
    expect([...desk.accounts]).toEqual([user.accountId]);
  });

  it('is verified once', async () => {
    await desk.registration.begin({ email: EMAIL, password: PASSWORD }, IP);
    const secret = await desk.newestSecretTo(EMAIL);
    const outcomes = await Promise.all([1, 2, 3].map(() => refusalOf(desk.registration.verify(secret, IP))));
    expect(outcomes.toSorted()).toEqual(['invalid_token', 'invalid_token', 'nothing refused']);
  });

  it('is verified within a day', async () => {
    await desk.registration.begin({ email: EMAIL, password: PASSWORD }, IP);
    const secret = await desk.newestSecretTo(EMAIL);
    desk.clock.time += DAY_MS;
    expect(await refusalOf(desk.registration.verify(secret, IP))).toBe('invalid_token');
  });

  it('of a known address changes nothing, and tells its owner', async () => {
    await desk.person(EMAIL, PASSWORD);
    await desk.registration.begin({ email: EMAIL, password: 'another password' }, IP);
    const [, mail] = await desk.mailsTo(EMAIL);
    expect(mail).toMatchObject({ subject: 'You have an account already' });
    expect(mail?.text).not.toContain('token=');
    expect(await logIn('another password')).toBe('invalid_credentials');
    expect(await logIn(PASSWORD)).toBe('nothing refused');
  });

  it('has the password of the link that was opened, whoever else registered the address', async () => {
    await desk.registration.begin({ email: EMAIL, password: PASSWORD }, IP);
    const mine = await desk.newestSecretTo(EMAIL);
    await desk.registration.begin({ email: EMAIL, password: 'of an attacker' }, IP);
    expect(await desk.secretsTo(EMAIL)).toHaveLength(2);
    await desk.registration.verify(mine, IP);
    expect(await logIn('of an attacker')).toBe('invalid_credentials');
    expect(await logIn(PASSWORD)).toBe('nothing refused');
    const theirs = await desk.newestSecretTo(EMAIL);
    expect(await refusalOf(desk.registration.verify(theirs, IP))).toBe('invalid_token');
  });

  it('that nobody verified is forgotten after a week', async () => {
    await desk.registration.begin({ email: EMAIL, password: PASSWORD }, IP);
    await desk.mailsTo(EMAIL);
    desk.clock.time += 7 * DAY_MS;
    await desk.sweeper.sweep();
    expect(await desk.users.by('email', EMAIL)).toBeDefined();
    desk.clock.time += 1;
    await desk.sweeper.sweep();
    expect(await desk.users.by('email', EMAIL)).toBeUndefined();
  });
});

describe('the secrets of links', () => {
  it('are not in the store', async () => {
    await desk.registration.begin({ email: EMAIL, password: PASSWORD }, IP);
    const secret = await desk.newestSecretTo(EMAIL);
    expect(secret).toMatch(/^[\w-]{43}$/);
    const stored = await desk.documents.find(mailTokens, {});
    expect(stored).toHaveLength(1);
    expect(JSON.stringify(stored)).not.toContain(secret);
  });

  it('serve no other purpose', async () => {
    await desk.person(EMAIL, PASSWORD);
    await desk.passwords.askReset(EMAIL, IP);
    const reset = await desk.newestSecretTo(EMAIL);
    expect(await refusalOf(desk.registration.verify(reset, IP))).toBe('invalid_token');
    expect(await refusalOf(desk.emailChange.confirm(reset, IP))).toBe('invalid_token');
    expect(await refusalOf(desk.passwords.ofLink(reset, IP))).toBe('nothing refused');
    desk.clock.time += HOUR_MS;
    expect(await refusalOf(desk.passwords.ofLink(reset, IP))).toBe('invalid_token');
  });
});
