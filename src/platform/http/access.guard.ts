import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { HttpArgumentsHost } from '@nestjs/common/interfaces/index.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refused, refuse } from '../../kernel/index.js';
import { type Audience, audienceOf, isKeyAudience, type KeyAudience } from './access.js';
import { Authenticator } from './authenticator.js';
import type { Principal, Role } from './principal.js';
import { isSafe } from './same-site.js';

/** The guard of every route: lets in whom `@Access` names, and nobody where a route names nobody. */
@Injectable()
export class AccessGuard implements CanActivate {
  readonly #audiences = new Map<Type, Map<() => unknown, Audience | undefined>>();

  constructor(private readonly authenticator: Authenticator) {}

  /** @throws Refused `cross_site_request`, `role_required`, `second_factor_required`, or what the strategy of the audience refuses */
  canActivate(context: ExecutionContext): Promise<boolean> {
    const audience = this.#audienceOf(context);
    if (isKeyAudience(audience)) return this.authenticator.run(audience, context.switchToHttp().getRequest());
    return this.#isOpenTo(audience, context.switchToHttp());
  }

  async #isOpenTo(audience: PeopleAudience | undefined, http: HttpArgumentsHost): Promise<true> {
    const request = http.getRequest<FastifyRequest>();
    // An answer to one person must not be kept in a cache (RFC 9111, section 5.2.2.5).
    void http.getResponse<FastifyReply>().header('cache-control', 'no-store');
    if (audience === undefined) throw new Refused(closed);
    if (!isSafe(request)) throw new Refused(crossSite);
    if (audience === 'anyone' || audience === 'session') return true;
    await this.authenticator.run('session', request);
    if (audience !== 'customer') checkRole(audience, request.principal);
    return true;
  }

  /** Looked up once per route: reading metadata costs more than running a strategy. Controllers that inherit a handler have audiences of their own. */
  #audienceOf(context: ExecutionContext): Audience | undefined {
    const [controller, handler] = [context.getClass(), context.getHandler() as () => unknown];
    const known = this.#audiences.get(controller) ?? new Map<() => unknown, Audience | undefined>();
    if (known.size === 0) this.#audiences.set(controller, known);
    if (!known.has(handler)) known.set(handler, audienceOf(handler, controller));
    return known.get(handler);
  }
}

type PeopleAudience = Exclude<Audience, KeyAudience>;

function checkRole(role: Role, { roles, secondFactor }: Principal): void {
  if (!roles.includes(role)) {
    throw new Refused(
      refuse('forbidden', 'role_required', `Only users with the role ${role} may do this. Ask an operator for it.`),
    );
  }
  if (!secondFactor) {
    const message = `The role ${role} needs a second factor. Set one up, then log in with it.`;
    throw new Refused(refuse('forbidden', 'second_factor_required', message));
  }
}

const closed = refuse('forbidden', 'role_required', 'Nobody may call this route.');
const crossSite = refuse(
  'forbidden',
  'cross_site_request',
  'This request comes from another site. Send it from the pages of this gateway, or without a browser.',
);
