import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock, countOf, Refused, Seldom } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { LOGGER, Metrics } from '../../platform/index.js';

const REPEAT_EVERY_MS = 10 * 60_000;
/** How long an account that is ahead is reported after a call met it. */
const REPORTED_FOR_MS = 60_000;

/** Reports when an event in the ledger is ahead of this gateway's clock: some clock is wrong, or was. */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap {
  #ahead = 0;
  #metAt = -Infinity;
  readonly #repeat = new Seldom(REPEAT_EVERY_MS);

  constructor(
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.accounts.observe({ metAhead: (accountId, aheadMs) => this.#met(accountId, aheadMs) });
    this.metrics.measure(
      'tokenhub_ledger_ahead_seconds',
      'How far an account that a call of the last minute met is ahead of the clock of this gateway: a clock is wrong, or was',
      () => this.#seconds,
    );
  }

  /** A clause for operators; undefined while no account is ahead. */
  get fault(): string | undefined {
    if (this.#seconds === 0) return undefined;
    return `an account of the ledger is ${countOf(this.#seconds, 'second')} ahead of this gateway: a clock is wrong, or was`;
  }

  /** @throws Refused `clock_ahead` when this gateway's clock is ahead of the clock of a server. */
  async check(): Promise<void> {
    const fault = await this.accounts.clockFault(this.clock.now());
    if (fault !== undefined) throw new Refused(fault);
  }

  get #seconds(): number {
    return performance.now() - this.#metAt < REPORTED_FOR_MS ? Math.round(this.#ahead / 1_000) : 0;
  }

  #met(accountId: string, aheadMs: number): void {
    this.#ahead = aheadMs;
    this.#metAt = performance.now();
    if (!this.#repeat.isDue()) return;
    this.logger.error({
      accountId,
      aheadSeconds: Math.round(aheadMs / 1_000),
      msg: 'an account of the ledger is ahead of this gateway’s clock: calls go on by this clock. Compare it with the others (NTP); if this one is right, another was ahead: see "When a clock was wrong" in docs/operating.md',
    });
  }
}
