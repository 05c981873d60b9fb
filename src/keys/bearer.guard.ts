import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../platform/config.js';
import { withTimeout } from '../event-store/index.js';
import { Rejection } from '../kernel/index.js';
import { Authentication, type Caller } from './authentication.js';
import { errorOf } from '../platform/http/index.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of /v1. */
    caller: Caller;
    /** When it is refused if it has no hold by then; of `performance.now`. */
    giveUpAt: number;
  }
}

/**
 * Lets a request in with a valid API key only, as a Bearer token or, as Anthropic's clients send it, in `x-api-key`. For calls that place a
 * hold: goes by what this process knows, because the hold itself is decided on the newest state.
 */
@Injectable()
export class BearerGuard implements CanActivate {
  protected readonly fresh: boolean = false;

  constructor(
    private readonly authentication: Authentication,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { headers, ip } = request;
    const anthropicKey = headers['x-api-key'];
    const authorization =
      headers.authorization ?? (typeof anthropicKey === 'string' ? `Bearer ${anthropicKey}` : undefined);
    const { HOLD_TIMEOUT_MS: limitMs } = this.config;
    request.giveUpAt = performance.now() + limitMs;
    const authenticating = this.authentication.authenticate(authorization, ip, { fresh: this.fresh });
    const caller = await withTimeout(authenticating, limitMs);
    if (caller instanceof Rejection) throw errorOf(caller);
    request.caller = caller;
    return true;
  }
}

/** The same for what places no hold: sees at once what any process revoked. */
@Injectable()
export class FreshBearerGuard extends BearerGuard {
  protected override readonly fresh = true;
}
