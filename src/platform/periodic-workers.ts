import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { inTime } from '../event-store/index.js';
import { pause } from '../kernel/index.js';
import { LOGGER } from './logger.js';
import { Outage } from './outage.js';

/** Work that a gateway does again and again, beside its calls. */
export interface PeriodicWork {
  /** What the work is, as the log names it: "the hold sweep". */
  readonly name: string;
  /** Milliseconds from the end of one turn to the start of the next. */
  readonly everyMs: number;
  /** Milliseconds before the first turn; 0 by default. */
  readonly firstAfterMs?: number;
  /** One turn. The signal aborts at shutdown: a long turn ends early then. */
  readonly turn: (signal: AbortSignal) => Promise<unknown>;
}

/** The longest that a shutdown waits for turns under way, in milliseconds. What they write happens once, however often it is tried. */
const STOP_WITHIN_MS = 5_000;

/**
 * Runs one piece of work in turns that never overlap. A turn that fails is logged (see `Outage`), and the next one comes all the same.
 * Waiting for a turn keeps no process alive.
 */
export class PeriodicWorker {
  readonly #stopping = new AbortController();
  readonly #outage: Outage;
  readonly #ended: Promise<void>;

  constructor(
    private readonly work: PeriodicWork,
    private readonly logger: Logger,
  ) {
    const { name } = work;
    this.#outage = new Outage(logger, { kind: name, level: 'error', overMsg: `${name} works again` });
    this.#ended = this.#run(this.#stopping.signal);
  }

  /** Resolves when the turn under way has ended, or after five seconds. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const late = new Error(`${this.work.name} did not end within ${STOP_WITHIN_MS / 1_000} s; the shutdown goes on`);
    await inTime(this.#ended, STOP_WITHIN_MS, (reject) => reject(late)).catch(({ message: msg }: Error) =>
      this.logger.warn({ msg }),
    );
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { everyMs, firstAfterMs = 0 } = this.work;
    if (firstAfterMs > 0) await pause(firstAfterMs, signal, { ref: false });
    while (!signal.aborted) {
      await this.#turn(signal);
      await pause(everyMs, signal, { ref: false });
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const { name, turn } = this.work;
    try {
      await turn(signal);
      this.#outage.works(name);
    } catch (error) {
      if (!signal.aborted) this.#outage.failed(name, error, { msg: `${name} failed; it runs again` });
    }
  }
}

/** Starts the periodic work of all features, and stops it when calls have ended and before stores close. */
@Injectable()
export class PeriodicWorkers implements OnApplicationShutdown {
  readonly #workers: PeriodicWorker[] = [];

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  start(work: PeriodicWork): PeriodicWorker {
    const worker = new PeriodicWorker(work, this.logger);
    this.#workers.push(worker);
    return worker;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.stop()));
  }
}
