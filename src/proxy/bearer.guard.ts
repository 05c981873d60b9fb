import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Rejection } from '../kernel/index.js';
import { Authentication, type Caller } from '../keys/index.js';
import { errorOf } from './api-error.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the guard of /v1. */
    caller: Caller;
  }
}

/**
 * Lets a request in with a valid API key only, as a Bearer token or, as Anthropic's clients send it, in `x-api-key`. Reads see at once what any process revoked; a call that will place a hold goes by what
 * this process knows, because the hold itself is decided on the newest state.
 */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(private readonly authentication: Authentication) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { headers, ip, method } = request;
    const anthropicKey = headers['x-api-key'];
    const authorization =
      headers.authorization ?? (typeof anthropicKey === 'string' ? `Bearer ${anthropicKey}` : undefined);
    const caller = await this.authentication.authenticate(authorization, ip, { fresh: method === 'GET' });
    if (caller instanceof Rejection) throw errorOf(caller);
    request.caller = caller;
    return true;
  }
}
