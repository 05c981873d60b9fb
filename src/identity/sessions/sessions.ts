import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Collection, DocumentStore, type Stored } from '../../platform/documents/index.js';
import { Clock, DAY_MS, fromInstant, refuse, Refused, toInstant } from '../../kernel/index.js';
import { hashOf, isSame, newToken } from './secret-token.js';
import type { Person } from '../users/user.js';
import { Users } from '../users/users.js';
import { isRead } from '../../platform/http/index.js';

/** The name of the session's cookie. */
export const SESSION_COOKIE = 'tokenhub_session';
/** The header that carries the session's CSRF token with every request that changes something. */
export const CSRF_HEADER = 'x-csrf-token';

const HOUR_MS = 3_600_000;
/** A session that nobody uses ends after this; one in use after `LONGEST_MS`. */
const IDLE_MS = 14 * DAY_MS;
/** In milliseconds; the cookie's Max-Age, too. */
export const LONGEST_MS = 90 * DAY_MS;
/** How often a session in use is noted, at most. */
const SEEN_EVERY_MS = HOUR_MS;
const MOST_SHOWN = 100;

/** Its id is the hash of the cookie's value. */
export type Session = {
  readonly userId: string;
  readonly generation: number;
  readonly secondFactor: boolean;
  /** What the user sees in the list of sessions, such as `Firefox`. */
  readonly client: string;
  /** Instants in ISO 8601. */
  readonly startedAt: string;
  readonly seenAt: string;
  readonly expiresAt: string;
};

const sessions: Collection<Session> = { name: 'sessions-1', unique: [], indexes: ['userId', 'expiresAt'] };

/** A session with its user. */
export interface CurrentSession extends Person {
  readonly sessionId: string;
  readonly session: Session;
  readonly csrfToken: string;
}

/** What the browser of a new session gets. */
export interface OpenedSession {
  readonly cookie: string;
  readonly csrfToken: string;
}

/** Sessions in the store of documents. A cookie's value is never kept, only its hash. */
@Injectable()
export class Sessions {
  constructor(
    private readonly documents: DocumentStore,
    private readonly users: Users,
    private readonly clock: Clock,
  ) {}

  /** The session of a request's cookie, even without its second factor. */
  async currentOf(request: FastifyRequest): Promise<CurrentSession | undefined> {
    const token = request.cookies[SESSION_COOKIE];
    if (token === undefined || token === '') return undefined;
    const stored = await this.documents.get(sessions, hashOf(token));
    if (stored === undefined || stored.doc.expiresAt <= toInstant(this.clock.now())) return undefined;
    const person = await this.users.byId(stored.doc.userId);
    if (person === undefined || person.user.generation !== stored.doc.generation) return undefined;
    await this.#see(stored);
    return { ...person, sessionId: stored.id, session: stored.doc, csrfToken: csrfTokenOf(token) };
  }

  /** Opens a session, always under a new id. */
  async open({ userId, user }: Person, secondFactor: boolean, client: string): Promise<OpenedSession> {
    const token = newToken();
    const now = this.clock.now();
    const at = toInstant(now);
    const times = { startedAt: at, seenAt: at, expiresAt: toInstant(now + IDLE_MS) };
    await this.documents.insert(sessions, hashOf(token), {
      userId,
      generation: user.generation,
      secondFactor,
      client,
      ...times,
    });
    return { cookie: token, csrfToken: csrfTokenOf(token) };
  }

  /** The sessions of a user, those that were seen last first. */
  async list({ userId, user }: Person): Promise<readonly Stored<Session>[]> {
    const where = { userId, generation: user.generation };
    const found = await this.documents.find(sessions, {
      where,
      orderBy: 'expiresAt',
      descending: true,
      limit: MOST_SHOWN,
    });
    const now = toInstant(this.clock.now());
    return found.filter(({ doc }) => doc.expiresAt > now).toSorted((a, b) => (a.doc.seenAt < b.doc.seenAt ? 1 : -1));
  }

  /** Whether a session that was found before is still valid. Asking is not using it: it does not last longer for that. */
  async isValid(userId: string, sessionId: string): Promise<boolean> {
    const [stored, person] = await Promise.all([this.documents.get(sessions, sessionId), this.users.byId(userId)]);
    if (stored === undefined || person?.user.generation !== stored.doc.generation) return false;
    return stored.doc.userId === userId && stored.doc.expiresAt > toInstant(this.clock.now());
  }

  /** When a session was opened, as an ISO 8601 instant. */
  async startOf(sessionId: string): Promise<string | undefined> {
    return (await this.documents.get(sessions, sessionId))?.doc.startedAt;
  }

  /** False if the user has no such session. */
  async close(userId: string, sessionId: string): Promise<boolean> {
    return (await this.documents.remove(sessions, { where: { id: sessionId, userId } })) > 0;
  }

  /** Logs a user out everywhere. */
  async endAll(userId: string): Promise<void> {
    await this.users.change(userId, (user) => ({ ...user, generation: user.generation + 1 }));
    await this.removeOf(userId);
  }

  /** Deletes what is left of a user's sessions. They ended before, with the user or with their generation. */
  async removeOf(userId: string): Promise<void> {
    await this.documents.remove(sessions, { where: { userId } });
  }

  removeExpired(): Promise<number> {
    return this.documents.remove(sessions, { below: { expiresAt: toInstant(this.clock.now()) } });
  }

  /** Another request may do the same at the same time; one of them writes. */
  async #see(stored: Stored<Session>): Promise<void> {
    const now = this.clock.now();
    if (now - fromInstant(stored.doc.seenAt) < SEEN_EVERY_MS) return;
    const expiresAt = toInstant(Math.min(now + IDLE_MS, fromInstant(stored.doc.startedAt) + LONGEST_MS));
    await this.documents.replace(sessions, stored, { ...stored.doc, seenAt: toInstant(now), expiresAt });
  }
}

export const notLoggedIn = refuse(
  'unauthenticated',
  'not_logged_in',
  'You are not logged in. Log in with POST /api/auth/login.',
);
/** Derived from the cookie's value, which other sites can't read; so it need not be stored. */
const csrfTokenOf = (token: string): string => createHmac('sha256', token).update('csrf').digest('base64url');

/** @throws Refused `invalid_csrf_token` for a request that changes something and lacks its session's token */
export function checkCsrf(request: FastifyRequest, { csrfToken }: CurrentSession): void {
  if (isRead(request)) return;
  const given = request.headers[CSRF_HEADER];
  if (typeof given === 'string' && isSame(given, csrfToken)) return;
  const message = `The header ${CSRF_HEADER} must carry the session’s token: GET /api/auth/session returns it.`;
  throw new Refused(refuse('forbidden', 'invalid_csrf_token', message));
}
