import { EventStoreUnavailable } from './event-store.js';
import { withTimeout } from './with-timeout.js';

export type Ask = 'append' | 'read';

export interface AvailabilitySettings {
  /** How long appends, or reads, must have failed without one that succeeded for the store to count as down, in milliseconds. */
  readonly downAfterMs?: number;
  /** How often a store that is down is asked whether it is back, in milliseconds. */
  readonly probeEveryMs?: number;
}

const DOWN_AFTER_MS = 2_000;
const PROBE_EVERY_MS = 500;
/** What the caller that comes just when the store is to be asked again waits for its answer, at most. */
const PROBE_WAIT_MS = 1_000;

/**
 * Whether the event store is known to be down, so that who can be refused need not wait for it. It is judged by what appends and reads
 * come to. A store that is down is asked for its head now and then, whenever somebody wants to know; when it answers it counts as up
 * again, on trial: the next append that fails says that it is not.
 */
export class Availability {
  readonly #downAfterMs: number;
  readonly #probeEveryMs: number;
  #down = false;
  /** When the first of the asks that failed since the last success was made. */
  readonly #failingSince = new Map<Ask, number>();
  #answeredAt = Number.NEGATIVE_INFINITY;
  #probedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: { head(): Promise<unknown> },
    { downAfterMs = DOWN_AFTER_MS, probeEveryMs = PROBE_EVERY_MS }: AvailabilitySettings = {},
  ) {
    this.#downAfterMs = downAfterMs;
    this.#probeEveryMs = probeEveryMs;
  }

  /** The store answered, if only with a refusal. A read proves nothing about appends. */
  answered(ask: Ask): void {
    this.#failingSince.delete(ask);
    if (ask === 'append') this.#answeredAt = performance.now();
    if (ask === 'append' || this.#failingSince.size === 0) this.#down = false;
  }

  /** The store did not answer, or could not do what it was asked for at `askedAt` (of `performance.now`). */
  failed(ask: Ask, askedAt: number): void {
    if (askedAt < this.#answeredAt) return; // it has answered another since
    const since = Math.min(askedAt, this.#failingSince.get(ask) ?? askedAt);
    this.#failingSince.set(ask, since);
    if (performance.now() - since >= this.#downAfterMs) this.#down = true;
  }

  /** Returns at once while the store is not known to be down. @throws EventStoreUnavailable when it is, within a second. */
  async check(): Promise<void> {
    if (!this.#down) return;
    const now = performance.now();
    if (now - this.#probedAt >= this.#probeEveryMs) {
      this.#probedAt = now;
      await withTimeout(this.#probe(), PROBE_WAIT_MS).catch(() => undefined);
    }
    if (this.#down) throw new EventStoreUnavailable('the event store is down; it is asked again every half second');
  }

  async #probe(): Promise<void> {
    await this.store.head();
    this.#answeredAt = performance.now();
    this.#failingSince.delete('read');
    this.#down = false;
  }
}
