import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import passport from 'passport';

/** How a request is authenticated: by the cookie of a session, or by an API key. */
export type Scheme = 'session' | 'api-key' | 'api-key-with-hold';

/**
 * A passport strategy for Fastify's requests. It notes on the request who makes it.
 * passport runs an object whose prototype is the strategy, so a strategy has no `#private` members.
 */
export abstract class RequestStrategy extends passport.Strategy {
  /** Returns who makes the request. @throws Refused or ApiError when it may not be made */
  abstract authenticated(request: FastifyRequest): Promise<object>;

  override authenticate(request: unknown): void {
    this.authenticated(request as FastifyRequest).then(
      (user) => this.success(user),
      (error: unknown) => this.error(error),
    );
  }
}

/** The strategies of one gateway. Two gateways in a process must not share them: each has its own users and keys. */
@Injectable()
export class Authenticator {
  readonly #strategies = new Map<Scheme, RequestStrategy>();

  use(scheme: Scheme, strategy: RequestStrategy): void {
    this.#strategies.set(scheme, strategy);
  }

  /**
   * Runs the strategy of a scheme as passport's `authenticate` does, without what that adds to a request for Express (ADR 10).
   * @throws what the strategy throws
   */
  run(scheme: Scheme, request: FastifyRequest): Promise<true> {
    const strategy = this.#strategies.get(scheme);
    if (strategy === undefined) throw new Error(`No module of this application brings the strategy ${scheme}.`);
    return new Promise((resolve, reject) => {
      const attempt = Object.create(strategy) as RequestStrategy;
      Object.assign(attempt, { success: () => resolve(true), error: reject });
      attempt.authenticate(request);
    });
  }
}
