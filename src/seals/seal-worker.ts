import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { inTime, Lease, ReadModelStore } from '../event-store/index.js';
import { Clock, newId, Seldom } from '../kernel/index.js';
import { CONFIG, type Config } from '../platform/config.js';
import { LOGGER, Metrics, type PeriodicWorker, PeriodicWorkers } from '../platform/index.js';
import { LogAltered, Sealer } from './sealer.js';
import { Seals } from './seals.js';

const REPEAT_EVERY_MS = 10 * 60_000;
/** Longer than a turn over a long log takes between two renewals. */
const LEASE_MS = 30_000;
const LAST_SEAL_MS = 5_000;

/** Seals the log now and then, and when the gateway shuts down. Of several gateways on one ledger, the one with the lease does. */
@Injectable()
export class SealWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  #worker: PeriodicWorker | undefined;
  #fault: string | undefined;
  #size = 0;
  readonly #repeat = new Seldom(REPEAT_EVERY_MS);
  readonly #lease: Lease;

  constructor(
    private readonly sealer: Sealer,
    private readonly seals: Seals,
    private readonly workers: PeriodicWorkers,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    readModels: ReadModelStore,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.#lease = new Lease(readModels, 'sealer', newId(), LEASE_MS);
  }

  /** Why the newest events are not sealed, or not everywhere, as a clause; undefined while all is well. */
  get fault(): string | undefined {
    return this.#fault;
  }

  onApplicationBootstrap(): void {
    this.metrics.measure('tokenhub_sealed_events', 'How many events the newest checkpoint seals', () => this.#size);
    this.metrics.measure(
      'tokenhub_seal_fault',
      '1 while the log can’t be sealed, or a checkpoint can’t be written to every place',
      () => (this.#fault === undefined ? 0 : 1),
    );
    if (this.seals.keys === undefined) {
      this.logger.warn({
        msg: 'the ledger is not sealed: LEDGER_KEY_FILE names no key, so nothing shows that events were cut off or forged (docs/audit.md)',
      });
      return;
    }
    const everyMs = this.config.SEAL_EVERY_SECONDS * 1_000;
    this.#worker = this.workers.start({ name: 'sealing the ledger', everyMs, turn: (signal) => this.#turn(signal) });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.#worker === undefined) return;
    await this.#worker.stop();
    const late = new Error('the last checkpoint was not signed in time; the next start makes it');
    await inTime(this.#seal(), LAST_SEAL_MS, (reject) => reject(late)).catch((error: Error) =>
      this.logger.warn({ msg: error.message }),
    );
    await this.#lease.release(this.clock.now()).catch(() => undefined); // it expires
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (await this.#lease.acquire(this.clock.now())) return this.#seal(signal);
    await this.#look();
  }

  async #seal(signal?: AbortSignal): Promise<void> {
    const report = await this.#unlessAltered(() => this.sealer.seal(signal));
    if (report === undefined) return;
    const failures = [...report.failures].map(([place, reason]) => `${place}: ${reason}`);
    this.#tell(failures.length === 0 ? undefined : `checkpoints can’t be written to ${failures.join('; ')}`);
    this.#size = report.checkpoint?.size ?? 0;
  }

  /** Another gateway seals. Whoever has other keys than it authenticates events with them, which are forged to everybody else. */
  async #look(): Promise<void> {
    const newest = await this.#unlessAltered(() => this.sealer.newest());
    if (newest === undefined) return;
    this.#tell(undefined);
    this.#size = newest.size;
  }

  /** Tells of a log that can't be sealed; undefined then. */
  async #unlessAltered<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LogAltered)) throw error;
      this.#tell(`nothing is signed: ${error.message}`);
      return undefined;
    }
  }

  #tell(fault: string | undefined): void {
    if (fault === undefined && this.#fault !== undefined) this.logger.info({ msg: 'the ledger is sealed again' });
    if (fault !== this.#fault) this.#repeat.reset();
    this.#fault = fault;
    if (fault !== undefined && this.#repeat.isDue()) {
      this.logger.error({ outage: 'seals', msg: `${fault} (docs/audit.md, "When verify fails")` });
    }
  }
}
