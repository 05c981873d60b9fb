// Who may call what of /api. Every route says it with @Access; one that says nothing is refused to everybody.
import { type CanActivate, type ExecutionContext, Injectable, SetMetadata, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refused, refuse } from '../../kernel/index.js';
import type { Principal, Role } from './principal.js';
import { isSafe, Sessions } from './sessions.js';

/**
 * `anyone`: also without a session. `session`: whoever has one, also while it lacks the second factor; the route itself looks at it.
 * `customer`: everyone who is logged in and verified.
 */
export type Audience = 'anyone' | 'session' | 'customer' | Role;

const AUDIENCE = 'audience';

/** Who may call a route, or all routes of a controller. */
export const Access = (audience: Audience): MethodDecorator & ClassDecorator => SetMetadata(AUDIENCE, audience);

const reflector = new Reflector();

type Handler = (...args: never[]) => unknown;

/** Whom `@Access` lets in; undefined for a route that says nothing. */
export const audienceOf = (handler: Handler, controller: Type): Audience | undefined =>
  reflector.getAllAndOverride<Audience | undefined>(AUDIENCE, [handler, controller]);

/** Lets in whom `@Access` says: by the session's cookie, and for requests that change something also its CSRF token. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  /** @throws Refused `cross_site_request`, `not_logged_in`, `invalid_csrf_token`, `role_required`, `second_factor_required` */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    // What is told to one person is for nobody's cache (RFC 9111, section 5.2.2.5).
    void http.getResponse<FastifyReply>().header('cache-control', 'no-store');
    const audience = audienceOf(context.getHandler() as Handler, context.getClass());
    if (audience === undefined) throw new Refused(refuse('forbidden', 'role_required', 'Nobody may call this route.'));
    if (!isSafe(request))
      throw new Refused(refuse('forbidden', 'cross_site_request', 'This request comes from another site.'));
    if (audience === 'anyone' || audience === 'session') return true;
    request.principal = await this.sessions.principalOf(request);
    checkRole(audience, request.principal);
    return true;
  }
}

function checkRole(audience: Exclude<Audience, 'anyone' | 'session'>, { roles, secondFactor }: Principal): void {
  if (audience === 'customer') return;
  if (!roles.includes(audience)) {
    throw new Refused(refuse('forbidden', 'role_required', `Only people with the role ${audience} may do this.`));
  }
  if (!secondFactor) {
    const message = `The role ${audience} needs a second factor: set one up, then log in with it.`;
    throw new Refused(refuse('forbidden', 'second_factor_required', message));
  }
}
