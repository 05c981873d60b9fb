import type { FastifyRequest } from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, IdentityDesk, refusalOf } from '../../../test/support/identity/desk.js';
import { CSRF_HEADER, type OpenedSession, SESSION_COOKIE } from './sessions.js';
import type { Person } from '../users/user.js';

let desk: IdentityDesk;
let ada: Person;
beforeEach(async () => {
  desk = new IdentityDesk();
  ada = await desk.person();
});

const requestWith = (cookie: string | undefined, method = 'GET', csrf?: string) =>
  ({ method, cookies: { [SESSION_COOKIE]: cookie }, headers: { [CSRF_HEADER]: csrf } }) as unknown as FastifyRequest;
const outcomeOf = ({ cookie }: OpenedSession) => refusalOf(desk.session.authenticated(requestWith(cookie)));

describe('a session', () => {
  it('is known by its cookie', async () => {
    const { cookie } = await desk.sessions.open(ada, false, 'Firefox');
    expect(cookie).toMatch(/^[\w-]{43}$/);
    const { userId, accountId, secondFactor } = await desk.session.authenticated(requestWith(cookie));
    expect({ userId, accountId, secondFactor }).toEqual({
      userId: ada.userId,
      accountId: ada.user.accountId,
      secondFactor: false,
    });
  });

  it.each([undefined, '', 'x', 'A'.repeat(43)])('is not known by %j', async (cookie) =>
    expect(await refusalOf(desk.session.authenticated(requestWith(cookie)))).toBe('not_logged_in'),
  );

  it('ends after two weeks that nobody used it', async () => {
    const opened = await desk.sessions.open(ada, false, 'Firefox');
    desk.clock.time += 14 * DAY_MS - 1;
    expect(await outcomeOf(opened)).toBe('nothing refused');
    desk.clock.time += 14 * DAY_MS;
    expect(await outcomeOf(opened)).toBe('not_logged_in');
  });

  it('is listed while it is one of the hundred that were used last', async () => {
    for (let nth = 0; nth < 150; nth++) {
      await desk.sessions.open(ada, false, `program ${nth}`);
      desk.clock.time += 1;
    }
    const clients = (await desk.sessions.list(ada)).map(({ doc }) => doc.client);
    expect(clients).toEqual(Array.from({ length: 100 }, (_, n) => `program ${149 - n}`));
  });

  it('ends after ninety days, however much it is used', async () => {
    const opened = await desk.sessions.open(ada, false, 'Firefox');
    const outcomes: string[] = [];
    for (let day = 0; day <= 90; day++) {
      outcomes.push(await outcomeOf(opened));
      desk.clock.time += DAY_MS;
    }
    expect(outcomes.indexOf('not_logged_in')).toBe(90);
  });

  it('that is asked about lasts no longer for that, and is known to have ended', async () => {
    await desk.sessions.open(ada, false, 'Firefox');
    const [session] = await desk.sessions.list(ada);
    const isValid = () => desk.sessions.isValid(ada.userId, session?.id ?? '');
    desk.clock.time += 14 * DAY_MS - 1;
    expect(await isValid()).toBe(true);
    expect(await desk.sessions.isValid('somebody else', session?.id ?? '')).toBe(false);
    desk.clock.time += 1;
    expect(await isValid()).toBe(false);
  });

  it('ends with its generation, even where it is still stored', async () => {
    const opened = await desk.sessions.open(ada, false, 'Firefox');
    const [session] = await desk.sessions.list(ada);
    await desk.users.change(ada.userId, (user) => ({ ...user, generation: user.generation + 1 }));
    expect(await outcomeOf(opened)).toBe('not_logged_in');
    expect(await desk.sessions.isValid(ada.userId, session?.id ?? '')).toBe(false);
  });

  it('ends with its person', async () => {
    const opened = await desk.sessions.open(ada, false, 'Firefox');
    await desk.users.remove(ada.userId);
    expect(await outcomeOf(opened)).toBe('not_logged_in');
  });

  it('is ended by its own person only', async () => {
    const opened = await desk.sessions.open(ada, false, 'Firefox');
    const [listed] = await desk.sessions.list(ada);
    expect(await desk.sessions.close('someone else', listed?.id ?? '')).toBe(false);
    expect(await outcomeOf(opened)).toBe('nothing refused');
    expect(await desk.sessions.close(ada.userId, listed?.id ?? '')).toBe(true);
    expect(await outcomeOf(opened)).toBe('not_logged_in');
  });

  it('changes nothing without its own CSRF token', async () => {
    const { cookie, csrfToken } = await desk.sessions.open(ada, false, 'Firefox');
    const other = await desk.sessions.open(ada, false, 'Chrome');
    const outcome = (csrf?: string) => refusalOf(desk.session.authenticated(requestWith(cookie, 'POST', csrf)));
    expect(await outcome()).toBe('invalid_csrf_token');
    expect(await outcome('')).toBe('invalid_csrf_token');
    expect(await outcome(other.csrfToken)).toBe('invalid_csrf_token');
    expect(await outcome(csrfToken)).toBe('nothing refused');
  });

  it('needs the second factor of a person who has one', async () => {
    const before = await desk.sessions.open(ada, false, 'Firefox');
    const totp = { secret: 'sealed', confirmedAt: '2026-03-04T12:00:00.000Z', lastStep: 0, recoveryCodes: [] };
    const now = await desk.users.change(ada.userId, (user) => ({ ...user, totp }));
    expect(await outcomeOf(before)).toBe('code_required');
    expect(await outcomeOf(await desk.sessions.open(now, true, 'Firefox'))).toBe('nothing refused');
  });

  it('is swept away once it has expired', async () => {
    await desk.sessions.open(ada, false, 'Firefox');
    desk.clock.time += 15 * DAY_MS;
    const alive = await desk.sessions.open(ada, false, 'Chrome');
    expect(await desk.sessions.removeExpired()).toBe(1);
    expect(await outcomeOf(alive)).toBe('nothing refused');
  });
});
