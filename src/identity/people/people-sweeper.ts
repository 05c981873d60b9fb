import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock, toInstant } from '../../kernel/index.js';
import { failing, LOGGER } from '../../platform/index.js';
import { MailTokens } from '../registration/mail-tokens.js';
import { StoredSessions } from '../sessions/stored-sessions.js';
import { Users } from './users.js';

const SWEEP_EVERY_MS = 10 * 60_000;
/** So long an address may stay unverified before its registration is forgotten. */
export const UNVERIFIED_MS = 7 * 24 * 3_600_000;

/** Forgets what has expired: sessions, mailed links, and registrations that nobody verified. What it has not come to yet does not work either. */
@Injectable()
export class PeopleSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly users: Users,
    private readonly sessions: StoredSessions,
    private readonly tokens: MailTokens,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#sweepOrLog(), SWEEP_EVERY_MS);
    this.#timer.unref();
    void this.#sweepOrLog();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Several gateways may do it at the same moment. */
  async sweep(): Promise<void> {
    await this.sessions.removeExpired();
    await this.tokens.removeExpired();
    await this.users.removeUnverified(toInstant(this.clock.now() - UNVERIFIED_MS));
  }

  async #sweepOrLog(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      const msg = 'forgetting what has expired failed; it runs again';
      this.logger.error({ ...failing('forgetting what has expired', error), msg });
    }
  }
}
