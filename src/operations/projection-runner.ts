import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { EventStore, Projector, ReadModelStore } from '../event-store/index.js';
import { Accounts } from '../ledger/index.js';
import { LOGGER } from './logger.js';
import { Metrics } from './metrics.js';
import { PROJECTIONS } from './projections.js';

/** Keeps the read models up to date while the gateway runs. */
@Injectable()
export class ProjectionRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #stop = new AbortController();
  readonly #projectors: readonly Projector[];
  #running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: EventStore,
    readModels: ReadModelStore,
    private readonly metrics: Metrics,
    private readonly accounts: Accounts,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.#projectors = PROJECTIONS.map((projection) => new Projector(store, readModels, projection));
  }

  onApplicationBootstrap(): void {
    this.#running = Promise.all(this.#projectors.map((projector) => this.#run(projector)));
    this.accounts.onAppend = (events, milliseconds) => {
      this.metrics.appendEvents.observe(events);
      this.metrics.appendSeconds.observe(milliseconds / 1_000);
    };
    this.metrics.measureLag = () => this.#measure();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** The projections that stopped, by name, with the reason. */
  failures(): { name: string; reason: string }[] {
    return this.#projectors.flatMap(({ name, failure }) => (failure ? [{ name, reason: failure.message }] : []));
  }

  /** A projection that fails stops alone, loudly: calls go on without it. */
  async #run(projector: Projector): Promise<void> {
    try {
      await projector.run(this.#stop.signal, (error) => {
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

  async #measure(): Promise<void> {
    const head = await this.store.head();
    for (const { name, position } of this.#projectors)
      this.metrics.projectionLag.set({ projection: name }, Math.max(0, head - position));
  }
}
