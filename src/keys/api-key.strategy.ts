import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../platform/config.js';
import { withTimeout } from '../event-store/index.js';
import { Rejection } from '../kernel/index.js';
import { Authentication, type Caller } from './authentication.js';
import { presentedKey } from './presented-key.js';
import { Authenticator, errorOf, RequestStrategy } from '../platform/http/index.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set for routes of /v1. */
    caller: Caller;
    /** When the request is refused if it has no hold by then, as `performance.now` counts. */
    giveUpAt: number;
  }
}

/**
 * Authenticates a request by its API key, sent as a Bearer token or, as Anthropic's clients do, in `x-api-key`. It reads the newest state, so
 * a key that any process has revoked is refused at once.
 */
@Injectable()
export class ApiKeyStrategy extends RequestStrategy {
  protected readonly fresh: boolean = true;

  constructor(
    private readonly authentication: Authentication,
    @Inject(CONFIG) private readonly config: Config,
    authenticator: Authenticator,
  ) {
    super();
    this.register(authenticator);
  }

  protected register(authenticator: Authenticator): void {
    authenticator.use('api-key', this);
  }

  override async authenticated(request: FastifyRequest): Promise<Caller> {
    const { headers, ip } = request;
    const { HOLD_TIMEOUT_MS: limitMs } = this.config;
    request.giveUpAt = performance.now() + limitMs;
    const key = presentedKey(headers);
    if (key instanceof Rejection) throw errorOf(key);
    const found = this.authentication.authenticate(key, ip, { fresh: this.fresh });
    const caller = found instanceof Promise ? await withTimeout(found, limitMs) : found;
    if (caller instanceof Rejection) throw errorOf(caller);
    return (request.caller = caller);
  }
}

/** The same for calls that place a hold. It goes by what this process knows, because the hold is decided on the newest state. */
@Injectable()
export class ApiKeyWithHoldStrategy extends ApiKeyStrategy {
  protected override readonly fresh = false;

  protected override register(authenticator: Authenticator): void {
    authenticator.use('api-key-with-hold', this);
  }
}
