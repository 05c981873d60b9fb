import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PublicUrl } from '../../platform/mail/index.js';
import { LONGEST_MS, SESSION_COOKIE, Sessions } from './sessions.js';
import type { Person } from '../users/user.js';

/** The answer to a login. */
export interface LoggedIn {
  readonly user_id: string;
  readonly csrf_token: string;
}

/** Carries a session to its browser and back. */
@Injectable()
export class SessionCookie {
  constructor(
    private readonly sessions: Sessions,
    private readonly publicUrl: PublicUrl,
  ) {}

  /** Logs a browser in, under a new session id, and ends the session that it had. */
  async logIn(person: Person, secondFactor: boolean, request: FastifyRequest, reply: FastifyReply): Promise<LoggedIn> {
    await this.#end(request);
    const client = clientOf(request.headers['user-agent'] ?? '');
    const { cookie, csrfToken } = await this.sessions.open(person, secondFactor, client);
    void reply.setCookie(SESSION_COOKIE, cookie, { ...this.attributes('/'), maxAge: LONGEST_MS / 1_000 });
    return { user_id: person.userId, csrf_token: csrfToken };
  }

  /** Ends the session of a browser, if it has one. */
  async logOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.#end(request);
    this.forget(reply);
  }

  /** Deletes the cookie of a session that has ended. */
  forget(reply: FastifyReply): void {
    void reply.clearCookie(SESSION_COOKIE, this.attributes('/'));
  }

  /** The attributes of every cookie: hidden from scripts, not sent with requests of other sites, and not sent over plain HTTP where there is HTTPS. */
  attributes(path: string) {
    const secure = this.publicUrl.link('/').startsWith('https:');
    return { path, httpOnly: true, sameSite: 'lax', secure } as const;
  }

  async #end(request: FastifyRequest): Promise<void> {
    const current = await this.sessions.currentOf(request);
    if (current !== undefined) await this.sessions.close(current.userId, current.sessionId);
  }
}

const BROWSERS = [
  [/\bEdg/, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\bChrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

/** The name of a browser in the list of sessions. Nothing else about it is kept. */
const clientOf = (userAgent: string): string =>
  BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'another client';
