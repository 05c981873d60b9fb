import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { withTimeout } from '../../event-store/index.js';
import { Metrics, SCRAPE_WAIT_MS } from '../../platform/index.js';
import { ProjectionRunner } from './projection-runner.js';

/** The progress of the read models, measured by their checkpoints at every scrape. So every gateway reports a view, whichever keeps it. */
@Injectable()
export class ProjectionGauges {
  readonly #lagSeconds: Gauge<'projection'>;
  readonly #progress: Gauge<'projection'>;
  readonly #stopped: Gauge<'projection'>;
  #measuring: Promise<void> | undefined;

  constructor(
    private readonly projections: ProjectionRunner,
    private readonly metrics: Metrics,
  ) {
    this.#lagSeconds = this.#gauge(
      'tokenhub_projection_lag_seconds',
      'How long ago the oldest event was recorded that a projection has not seen; 0 when it has seen all',
    );
    this.#progress = this.#gauge(
      'tokenhub_projection_progress',
      'How much of the event store a projection has seen, from 0 to 1',
    );
    this.#stopped = this.#gauge(
      'tokenhub_projection_stopped',
      '1 when a projection takes nothing in until someone helps',
    );
  }

  #gauge(name: string, help: string): Gauge<'projection'> {
    const collect = (): Promise<void> => this.#measureOnce();
    return new Gauge({ name, help, labelNames: ['projection'], registers: [this.metrics.registry], collect });
  }

  /** Once for all gauges of a scrape. */
  #measureOnce(): Promise<void> {
    this.#measuring ??= this.#measure().finally(() => (this.#measuring = undefined));
    return this.#measuring;
  }

  /** While a store is down or hangs, nothing is reported. */
  async #measure(): Promise<void> {
    const statuses = await withTimeout(this.projections.statuses(), SCRAPE_WAIT_MS).catch(() => []);
    for (const gauge of [this.#lagSeconds, this.#progress, this.#stopped]) gauge.reset();
    for (const { name: projection, state, lagSeconds, done } of statuses) {
      this.#lagSeconds.set({ projection }, lagSeconds);
      this.#progress.set({ projection }, done);
      this.#stopped.set({ projection }, state === 'stopped' ? 1 : 0);
    }
  }
}
