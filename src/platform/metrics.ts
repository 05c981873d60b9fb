import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A server that calls wait for only briefly; "partly" when it was late for some of them in the last minute. */
export interface StoreWait {
  readonly state: 'up' | 'partly' | 'down';
  /** How often this process has gone on without it since it started. */
  readonly missed: number;
}

/** The longest that a scrape waits for what a store has to tell: Prometheus gives up after ten seconds or less, and then has no metric at all. */
export const SCRAPE_WAIT_MS = 2_000;

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

  readonly overloadRefusals = new Counter({
    name: 'tokenhub_overload_refusals_total',
    help: 'Calls that were refused, before their body was read, as this gateway had more to do than it can',
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

  readonly unsettledEndings = new Counter({
    name: 'tokenhub_unsettled_endings_total',
    help: 'How charges and releases that had to wait have ended; refused, dropped and abandoned ones are not in the ledger',
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

  /** Servers that calls wait for only briefly, and go on without when they are late. */
  readonly waits = new Map<string, StoreWait>();

  readonly missed: Counter<'of'> = new Counter({
    name: 'tokenhub_missed_waits_total',
    help: 'How often this process went on without MongoDB because it was late or did not answer: without common counts (rateLimits) or account snapshots (snapshots)',
    labelNames: ['of'],
    registers: [this.registry],
    collect: () => {
      this.missed.reset();
      for (const [of, { missed }] of this.waits) this.missed.inc({ of }, missed);
    },
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Adds a gauge that is measured at every scrape. */
  measure(name: string, help: string, value: () => number): void {
    const gauge: Gauge = new Gauge({ name, help, registers: [this.registry], collect: () => gauge.set(value()) });
  }
}
