import { EventStoreUnavailable } from './event-store.js';
import { withTimeout } from './with-timeout.js';

export type Ask = 'append' | 'read';

export interface AvailabilitySettings {
  /** The store counts as down when appends, or reads, have failed for this long without a success, in milliseconds. */
  readonly downAfterMs?: number;
  /** How often a store that is down is probed, in milliseconds. */
  readonly probeEveryMs?: number;
}

const DOWN_AFTER_MS = 2_000;
const PROBE_EVERY_MS = 500;
/** The longest that a caller waits for the result of a probe. */
const PROBE_WAIT_MS = 1_000;

/**
 * Knows whether the event store is down, so that new calls can be refused without waiting. Appends and reads report
 * their results here. While the store is down, a caller's check probes it at intervals. If the probe succeeds, the
 * store counts as up on trial: one more failed append marks it as down again.
 */
export class Availability {
  readonly #downAfterMs: number;
  readonly #probeEveryMs: number;
  #down = false;
  /** Why the last operation failed. */
  #reason: unknown;
  /** Per operation: when the first failure since the last success began. */
  readonly #failingSince = new Map<Ask, number>();
  #answeredAt = Number.NEGATIVE_INFINITY;
  #probedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly store: { probe(): Promise<void> },
    { downAfterMs = DOWN_AFTER_MS, probeEveryMs = PROBE_EVERY_MS }: AvailabilitySettings = {},
  ) {
    this.#downAfterMs = downAfterMs;
    this.#probeEveryMs = probeEveryMs;
  }

  /** The store answered, even if it refused. A read proves nothing about appends. */
  answered(ask: Ask): void {
    this.#failingSince.delete(ask);
    if (ask === 'append') this.#answeredAt = performance.now();
    if (ask === 'append' || this.#failingSince.size === 0) this.#down = false;
  }

  /** The store did not answer, or failed an operation that began at `askedAt` (of `performance.now`). */
  failed(ask: Ask, askedAt: number, reason?: unknown): void {
    if (askedAt < this.#answeredAt) return; // it has answered a later one since
    this.#reason = reason;
    const since = Math.min(askedAt, this.#failingSince.get(ask) ?? askedAt);
    this.#failingSince.set(ask, since);
    if (performance.now() - since >= this.#downAfterMs) this.#down = true;
  }

  /**
   * Returns at once unless the store is known to be down.
   * @throws EventStoreUnavailable when it is down, within a second.
   */
  async check(): Promise<void> {
    if (this.#down) await this.#askAgain();
  }

  /**
   * Like `check`, but probes a store that has not yet taken an append from this process.
   * @throws EventStoreUnavailable
   */
  async confirm(): Promise<void> {
    if (this.#down || this.#answeredAt === Number.NEGATIVE_INFINITY) await this.#askAgain();
  }

  async #askAgain(): Promise<void> {
    const now = performance.now();
    if (now - this.#probedAt >= this.#probeEveryMs) {
      this.#probedAt = now;
      await withTimeout(this.#probe(), PROBE_WAIT_MS).catch((error: unknown) => {
        this.#down = true;
        this.#reason = error;
      });
    }
    if (!this.#down) return;
    const reason = this.#reason instanceof Error ? `: ${this.#reason.message}` : '';
    throw new EventStoreUnavailable(`the event store is down${reason}`, { cause: this.#reason });
  }

  async #probe(): Promise<void> {
    await this.store.probe();
    this.#answeredAt = performance.now();
    this.#failingSince.delete('read');
    this.#down = false;
  }
}
