import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A server that calls wait for only a short time; "partly" when it was late for some of them in the last minute. */
export interface StoreWait {
  readonly state: 'up' | 'partly' | 'down';
  /** How often it was done without, from the beginning. */
  readonly missed: number;
}

/** The gateway's Prometheus metrics, one registry per application. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly requests = new Counter({
    name: 'tokenhub_requests_total',
    help: 'Calls to model endpoints, by the status the client got',
    labelNames: ['status'],
    registers: [this.registry],
  });

  readonly addedSeconds = new Histogram({
    name: 'tokenhub_added_seconds',
    help: 'Time from the arrival of a call to its forwarding: authentication, admission and the durable hold',
    buckets: [0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
    registers: [this.registry],
  });

  readonly holds = new Counter({ name: 'tokenhub_holds_total', help: 'Holds placed', registers: [this.registry] });

  readonly charges = new Counter({ name: 'tokenhub_charges_total', help: 'Calls charged', registers: [this.registry] });

  readonly sweptHolds = new Counter({
    name: 'tokenhub_swept_holds_total',
    help: 'Holds released because nothing settled them',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  readonly unsettled: Gauge = new Gauge({
    name: 'tokenhub_unsettled_charges',
    help: 'Charges and releases that wait in this process for the ledger to be reachable',
    registers: [this.registry],
    collect: () => this.unsettled.set(this.countUnsettled()),
  });

  readonly unsettledEndings = new Counter({
    name: 'tokenhub_unsettled_endings_total',
    help: 'What became of charges and releases that had to wait; refused, dropped and abandoned ones are not in the ledger',
    labelNames: ['ending'],
    registers: [this.registry],
  });

  readonly appendEvents = new Histogram({
    name: 'tokenhub_append_events',
    help: 'Events per append to the event store',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers: [this.registry],
  });

  readonly appendSeconds = new Histogram({
    name: 'tokenhub_append_seconds',
    help: 'Time of an append until it is durable',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.registry],
  });

  readonly projectedEvents = new Counter({
    name: 'tokenhub_projected_events_total',
    help: 'Events that this gateway has taken into a projection',
    labelNames: ['projection'],
    registers: [this.registry],
  });

  readonly projectionLagSeconds = this.#projectionGauge(
    'tokenhub_projection_lag_seconds',
    'How long ago the oldest event was recorded that a projection has not seen; 0 when it has seen all',
  );

  readonly projectionProgress = this.#projectionGauge(
    'tokenhub_projection_progress',
    'How much of the event store a projection has seen, from 0 to 1',
  );

  readonly projectionStopped = this.#projectionGauge(
    'tokenhub_projection_stopped',
    '1 when a projection takes nothing in until someone helps',
  );

  /** Servers that calls wait for only a short time, and go on without when they are late. */
  readonly waits = new Map<string, StoreWait>();

  readonly missed: Counter<'of'> = new Counter({
    name: 'tokenhub_missed_waits_total',
    help: 'What this process did without because MongoDB was late or did not answer: common counts (rateLimits), snapshots of accounts (snapshots)',
    labelNames: ['of'],
    registers: [this.registry],
    collect: () => {
      this.missed.reset();
      for (const [of, { missed }] of this.waits) this.missed.inc({ of }, missed);
    },
  });

  /** Called at every scrape; whoever runs projections sets it. */
  measureProjections: () => Promise<void> = () => Promise.resolve();
  #measured: Promise<void> | undefined;

  readonly ledgerAhead: Gauge = new Gauge({
    name: 'tokenhub_ledger_ahead_seconds',
    help: 'How far an account that a call of the last minute met is ahead of the clock of this gateway: a clock is wrong, or was',
    registers: [this.registry],
    collect: () => this.ledgerAhead.set(this.measureClock()),
  });

  /** Called at every scrape; whoever watches the clock sets it. */
  measureClock: () => number = () => 0;

  /** Called at every scrape; whoever settles holds sets it. */
  countUnsettled: () => number = () => 0;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  #projectionGauge(name: string, help: string): Gauge<'projection'> {
    const collect = (): Promise<void> => this.#measure();
    return new Gauge({ name, help, labelNames: ['projection'], registers: [this.registry], collect });
  }

  /** Once for all gauges of a scrape. */
  #measure(): Promise<void> {
    this.#measured ??= this.measureProjections().finally(() => (this.#measured = undefined));
    return this.#measured;
  }
}
