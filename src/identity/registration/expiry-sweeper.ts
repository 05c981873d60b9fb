import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, toInstant } from '../../kernel/index.js';
import { PeriodicWorkers } from '../../platform/index.js';
import { MailTokens } from '../emails/mail-tokens.js';
import { Sessions } from '../sessions/sessions.js';
import { Users } from '../users/users.js';

const SWEEP_EVERY_MS = 10 * 60_000;
/** How long an address may stay unverified before its registration is deleted. */
const UNVERIFIED_MS = 7 * 24 * 3_600_000;

/** Deletes what has expired: sessions, links, and registrations that nobody verified. None of them works after its expiry, deleted or not. */
@Injectable()
export class ExpirySweeper implements OnApplicationBootstrap {
  constructor(
    private readonly users: Users,
    private readonly sessions: Sessions,
    private readonly tokens: MailTokens,
    private readonly clock: Clock,
    private readonly workers: PeriodicWorkers,
  ) {}

  onApplicationBootstrap(): void {
    this.workers.start({ name: 'forgetting what has expired', everyMs: SWEEP_EVERY_MS, turn: () => this.sweep() });
  }

  /** Several gateways may do this at the same time. */
  async sweep(): Promise<void> {
    await this.sessions.removeExpired();
    await this.tokens.removeExpired();
    await this.users.removeUnverified(toInstant(this.clock.now() - UNVERIFIED_MS));
  }
}
