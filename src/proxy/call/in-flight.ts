import { setTimeout as delay } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config } from '../../platform/config.js';
import { Refused, refuse } from '../../kernel/index.js';
import { Lifecycle, LOGGER } from '../../platform/index.js';
import { Settler } from '../billing/settler.js';
import { UpstreamFailure, UpstreamTimeout } from '../providers/upstream.js';
import { Admissions } from './admissions.js';
import type { Admission } from './overload.js';

const POLL_MS = 20;
/** Settlements that wait for the ledger get the time that calls leave of the shutdown's limit, and at least a quarter of the limit. */
const LEAST_SHARE_OF_SETTLER = 4;

/** The calls in flight in this process. Each has a deadline, and shutdown waits until all have settled. */
@Injectable()
export class InFlight implements BeforeApplicationShutdown {
  readonly #calls = new Set<AbortController>();

  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly settler: Settler,
    private readonly admissions: Admissions,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  get count(): number {
    return this.#calls.size;
  }

  /** Runs a call of an account under its deadline. @throws Refused `shutting_down`. */
  async run<T>(accountId: string, call: (controller: AbortController, admission: Admission) => Promise<T>): Promise<T> {
    if (this.lifecycle.draining)
      throw new Refused(
        refuse('unavailable', 'shutting_down', 'This gateway is shutting down. Send the request again.'),
      );
    const controller = new AbortController();
    const { REQUEST_TIMEOUT_MS: limitMs } = this.config;
    const timer = setTimeout(
      () => controller.abort(new UpstreamTimeout(`no whole answer within ${limitMs} ms`)),
      limitMs,
    );
    this.#calls.add(controller);
    const admission = this.admissions.enter(accountId);
    try {
      return await call(controller, admission);
    } finally {
      admission.over();
      clearTimeout(timer);
      this.#calls.delete(controller);
    }
  }

  /** Lets streams finish, cuts off those that take too long, and waits until all have settled or are left to the settler. */
  async beforeApplicationShutdown(): Promise<void> {
    this.lifecycle.draining = true;
    const { SHUTDOWN_TIMEOUT_MS: limitMs } = this.config;
    this.logger.info({ calls: this.count, limitMs, msg: 'shutting down: calls under way may finish' });
    const deadline = performance.now() + limitMs;
    while (this.#calls.size > 0 && performance.now() < deadline) await delay(POLL_MS);
    for (const controller of this.#calls) controller.abort(new UpstreamFailure('this gateway is shutting down'));
    while (this.#calls.size > 0) await delay(POLL_MS);
    await this.settler.drain(Math.max(deadline - performance.now(), limitMs / LEAST_SHARE_OF_SETTLER));
  }
}
