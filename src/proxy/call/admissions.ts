import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../../platform/config.js';
import { LOGGER, Metrics } from '../../platform/index.js';
import { type Admission, Overload, TICK_MS } from './overload.js';

/** Lets calls in, once it is known who makes them, and before their bodies are read. */
@Injectable()
export class Admissions implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #overload: Overload;
  #ticking: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) { OVERLOAD_DELAY_MS }: Config,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const overload = new Overload(OVERLOAD_DELAY_MS, readLoop);
    this.#overload = overload;
    metrics.measure('tokenhub_waiting_calls', 'Calls that wait for their hold', () => overload.waiting);
    metrics.measure('tokenhub_waiting_calls_limit', 'How many calls may wait for their hold', () => overload.limit);
    metrics.measure(
      'tokenhub_loop_turn_seconds',
      'Mean length of a turn of the event loop lately; a call takes about eleven',
      () => overload.turnMs / 1_000,
    );
  }

  onApplicationBootstrap(): void {
    this.#ticking = setInterval(() => this.#overload.tick(), TICK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#ticking);
  }

  /** @throws ApiError 503 `server_overloaded` */
  check({ id, caller }: FastifyRequest): void {
    try {
      this.#overload.check(caller.accountId);
    } catch (error) {
      this.metrics.overloadRefusals.inc();
      this.metrics.requests.inc({ status: '503' });
      const { limit, turnMs } = this.#overload;
      this.logger.warn({ outage: 'overload', requestId: id, limit, turnMs, msg: 'calls are refused: too much to do' });
      throw error;
    }
  }

  enter(accountId: string): Admission {
    return this.#overload.enter(accountId);
  }
}

const readLoop = () => ({
  turns: performance.nodeTiming.uvMetricsInfo.loopCount,
  busyMs: performance.eventLoopUtilization().active,
});
