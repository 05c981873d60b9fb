import { beforeEach, describe, expect, it } from 'vitest';
import { IdentityDesk, IP, refusalOf } from '../../../test/support/identity/desk.js';
import type { Person } from '../users/user.js';
import type { Principal } from '../../platform/http/index.js';

const EMAIL = 'ada@example.com';
const [OLD, NEW] = ['correct horse battery', 'staple in the hay'];
let desk: IdentityDesk;
let ada: Person;
beforeEach(async () => {
  desk = new IdentityDesk();
  ada = await desk.person(EMAIL, OLD);
});

const logIn = (password: string) => refusalOf(desk.logins.withPassword({ email: EMAIL, password }, IP));
const principalOf = ({ userId, user }: Person): Principal => ({
  userId,
  accountId: user.accountId,
  roles: [],
  sessionId: 'unknown',
  secondFactor: false,
});

describe('a forgotten password', () => {
  it('is set anew by a mailed link, once, and ends all sessions', async () => {
    await desk.sessions.open(ada, false, 'Firefox');
    await desk.passwords.askReset(EMAIL, IP);
    const token = await desk.newestSecretTo(EMAIL);
    const after = await desk.passwords.reset({ token, password: NEW }, IP);
    expect(await desk.sessions.list(after)).toEqual([]);
    expect([await logIn(OLD), await logIn(NEW)]).toEqual(['invalid_credentials', 'nothing refused']);
    expect(await refusalOf(desk.passwords.reset({ token, password: OLD }, IP))).toBe('invalid_token');
    expect((await desk.mailsTo(EMAIL)).at(-1)?.subject).toBe('Your password was changed');
  });

  it('is set by one of two who use the link at once', async () => {
    await desk.passwords.askReset(EMAIL, IP);
    const token = await desk.newestSecretTo(EMAIL);
    const outcomes = await Promise.all([1, 2].map(() => refusalOf(desk.passwords.reset({ token, password: NEW }, IP))));
    expect(outcomes.toSorted()).toEqual(['invalid_token', 'nothing refused']);
  });

  it('voids earlier links when it is set', async () => {
    await desk.passwords.askReset(EMAIL, IP);
    await desk.passwords.askReset(EMAIL, IP);
    const [first = '', second = ''] = await desk.secretsTo(EMAIL).then((secrets) => secrets.slice(-2));
    await desk.passwords.reset({ token: first, password: NEW }, IP);
    expect(await refusalOf(desk.passwords.ofLink(second, IP))).toBe('invalid_token');
  });

  it('sends nothing to who is unknown or never verified', async () => {
    await desk.passwords.askReset('nobody@example.com', IP);
    await desk.registration.begin({ email: 'new@example.com', password: OLD }, IP);
    await desk.mailsTo('new@example.com');
    await desk.passwords.askReset('new@example.com', IP);
    expect(await desk.mailsTo('nobody@example.com')).toEqual([]);
    expect(await desk.mailsTo('new@example.com')).toHaveLength(1);
  });

  it('leaves the link as it is when the new one is weak', async () => {
    await desk.passwords.askReset(EMAIL, IP);
    const token = await desk.newestSecretTo(EMAIL);
    expect(await refusalOf(desk.passwords.reset({ token, password: 'password1234' }, IP))).toBe('weak_password');
    expect(await refusalOf(desk.passwords.reset({ token, password: NEW }, IP))).toBe('nothing refused');
  });
});

describe('changing the password', () => {
  it('needs the one there is', async () => {
    const wrong = desk.passwords.change(principalOf(ada), { now: NEW, next: NEW }, IP);
    expect(await refusalOf(wrong)).toBe('wrong_password');
    await desk.passwords.change(principalOf(ada), { now: OLD, next: NEW }, IP);
    expect([await logIn(OLD), await logIn(NEW)]).toEqual(['invalid_credentials', 'nothing refused']);
  });

  it('wins over a login that is under way with the old one', async () => {
    const before = await desk.logins.withPassword({ email: EMAIL, password: OLD }, IP);
    const after = await desk.passwords.change(principalOf(ada), { now: OLD, next: NEW }, IP);
    await desk.sessions.open(before, false, 'Firefox');
    expect(await desk.sessions.list(after)).toEqual([]);
  });
});

describe('changing the address', () => {
  const ask = (email: string, password = OLD) => desk.emailChange.ask(principalOf(ada), { email, password }, IP);

  it('is confirmed from the new one; the old one is told', async () => {
    await ask('ada@new.example');
    const token = await desk.newestSecretTo('ada@new.example');
    expect(await desk.users.by('email', EMAIL)).toBeDefined();
    await desk.emailChange.confirm(token, IP);
    expect((await desk.users.by('email', 'ada@new.example'))?.userId).toBe(ada.userId);
    expect(await desk.users.by('email', EMAIL)).toBeUndefined();
    const subjects = (await desk.mailsTo(EMAIL)).map(({ subject }) => subject);
    expect(subjects).toEqual(
      expect.arrayContaining(['Your email address is about to change', 'Your email address was changed']),
    );
    expect(await refusalOf(desk.emailChange.confirm(token, IP))).toBe('invalid_token');
  });

  it('needs the password', async () => expect(await refusalOf(ask('ada@new.example', NEW))).toBe('wrong_password'));

  it('to that of someone else sends no link there, and answers alike', async () => {
    await desk.person('bob@example.com', OLD);
    expect(await refusalOf(ask('bob@example.com'))).toBe('nothing refused');
    expect((await desk.mailsTo('bob@example.com')).at(-1)?.subject).toBe('You have an account already');
  });

  it('is not kept from its owner by a registration that nobody verified', async () => {
    await ask('ada@new.example');
    const token = await desk.newestSecretTo('ada@new.example');
    await desk.registration.begin({ email: 'ada@new.example', password: 'of an attacker' }, IP);
    await desk.mailsTo('ada@new.example');
    await desk.emailChange.confirm(token, IP);
    expect((await desk.users.by('email', 'ada@new.example'))?.userId).toBe(ada.userId);
  });

  it('voids links that were mailed to the old one', async () => {
    await desk.passwords.askReset(EMAIL, IP);
    const reset = await desk.newestSecretTo(EMAIL);
    await ask('ada@new.example');
    await desk.emailChange.confirm(await desk.newestSecretTo('ada@new.example'), IP);
    expect(await refusalOf(desk.passwords.ofLink(reset, IP))).toBe('invalid_token');
  });
});
