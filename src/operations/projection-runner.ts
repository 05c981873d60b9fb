import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { CONFIG, type Config, isEmbedded } from '../config.js';
import { EventStore, Lease, Projector, ReadModelStore } from '../event-store/index.js';
import { Clock, newId } from '../kernel/index.js';
import { Accounts } from '../ledger/index.js';
import { LOGGER } from './logger.js';
import { Metrics } from './metrics.js';
import { PROJECTIONS } from './projections.js';

const LEASE_MS = 6_000;
const RENEW_MS = 2_000;

/** Keeps the read models up to date while the gateway runs. Of several gateways one does it, and another takes over when it is gone. */
@Injectable()
export class ProjectionRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #projectors: readonly Projector[];
  readonly #lease: Lease;
  #running: Promise<void> = Promise.resolve();
  #leads = false;

  constructor(
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly metrics: Metrics,
    private readonly accounts: Accounts,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) config: Config,
  ) {
    this.#projectors = PROJECTIONS.map((projection) => new Projector(store, readModels, projection));
    // An embedded ledger has one gateway: after a crash it is its own successor and waits for no one.
    this.#lease = new Lease(readModels, 'projections', isEmbedded(config) ? 'the gateway' : newId(), LEASE_MS);
  }

  onApplicationBootstrap(): void {
    this.#running = this.#lead();
    this.accounts.onAppend = (events, milliseconds) => {
      this.metrics.appendEvents.observe(events);
      this.metrics.appendSeconds.observe(milliseconds / 1_000);
    };
    this.metrics.measureLag = () => this.#measure();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#leads) await this.#lease.release().catch(() => undefined); // else it runs out
  }

  /** The projections that stopped, by name, with the reason. */
  failures(): { name: string; reason: string }[] {
    return this.#projectors.flatMap(({ name, failure }) => (failure ? [{ name, reason: failure.message }] : []));
  }

  /** Runs the projections for as long as the lease is this gateway's, and waits for it otherwise. */
  async #lead(): Promise<void> {
    const { signal } = this.#stop;
    let term: { readonly end: AbortController; readonly done: Promise<unknown> } | undefined;
    while (!signal.aborted) {
      this.#leads = await this.#acquire();
      if (this.#leads && term === undefined) {
        const end = new AbortController();
        term = { end, done: Promise.all(this.#projectors.map((projector) => this.#run(projector, end.signal))) };
      } else if (!this.#leads && term !== undefined) {
        term.end.abort();
        await term.done;
        term = undefined;
      }
      await delay(RENEW_MS, undefined, { signal }).catch(() => undefined);
    }
    term?.end.abort();
    await term?.done;
  }

  async #acquire(): Promise<boolean> {
    try {
      return await this.#lease.acquire(this.clock.now());
    } catch (error) {
      this.logger.warn({ err: error, msg: 'the read models can’t be reached; calls go on without them' });
      return false;
    }
  }

  /** A projection that fails stops alone, loudly: calls go on without it. */
  async #run(projector: Projector, signal: AbortSignal): Promise<void> {
    if (projector.failure !== undefined) return;
    try {
      await projector.run(signal, (error) => {
        this.logger.warn({ err: error, projection: projector.name, msg: 'a projection waits for its store' });
      });
    } catch (error) {
      this.logger.error({
        err: error,
        projection: projector.name,
        msg: 'a projection stopped; calls go on without it',
      });
    }
  }

  /** By the checkpoints, so that a gateway that does not lead tells the lag, too. */
  async #measure(): Promise<void> {
    const head = await this.store.head();
    for (const { view } of PROJECTIONS) {
      const lag = Math.max(0, head - (await this.readModels.checkpoint(view)));
      this.metrics.projectionLag.set({ projection: view.name }, lag);
    }
  }
}
