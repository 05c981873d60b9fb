import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Refused, refuse } from '../../kernel/index.js';
import { Authenticator, type Principal, RequestStrategy } from '../../platform/http/index.js';
import { checkCsrf, notLoggedIn, Sessions } from './sessions.js';
import { hasSecondFactor } from '../users/user.js';

/** Authenticates a request by the cookie of its session and, where it changes something, by the session's CSRF token. */
@Injectable()
export class SessionStrategy extends RequestStrategy {
  constructor(
    private readonly sessions: Sessions,
    authenticator: Authenticator,
  ) {
    super();
    authenticator.use('session', this);
  }

  /** @throws Refused `not_logged_in`, `invalid_csrf_token`, `code_required` */
  override async authenticated(request: FastifyRequest): Promise<Principal> {
    const current = await this.sessions.currentOf(request);
    if (current === undefined) throw new Refused(notLoggedIn);
    checkCsrf(request, current);
    const { userId, user, sessionId, session } = current;
    if (hasSecondFactor(user) && !session.secondFactor) throw new Refused(codeMissing);
    const { accountId, roles } = user;
    const secondFactor = session.secondFactor && hasSecondFactor(user);
    return (request.principal = { userId, accountId, roles, sessionId, secondFactor });
  }
}

const codeMissing = refuse(
  'unauthenticated',
  'code_required',
  'This session needs its second factor: POST /api/auth/second-factor with a code of your app.',
);
