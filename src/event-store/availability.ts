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
 * come to. A store that is down is asked now and then whether it takes appends, whenever somebody wants to know; when it does it counts as
 * up again, on trial: the next append that fails says that it is not.
 */
export class Availability {
  readonly #downAfterMs: number;
  readonly #probeEveryMs: number;
  #down = false;
  /** Why the last ask failed. */
  #reason: unknown;
  /** When the first of the asks that failed since the last success was made. */
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

  /** The store answered, if only with a refusal. A read proves nothing about appends. */
  answered(ask: Ask): void {
    this.#failingSince.delete(ask);
    if (ask === 'append') this.#answeredAt = performance.now();
    if (ask === 'append' || this.#failingSince.size === 0) this.#down = false;
  }

  /** The store did not answer, or could not do what it was asked for at `askedAt` (of `performance.now`). */
  failed(ask: Ask, askedAt: number, reason?: unknown): void {
    if (askedAt < this.#answeredAt) return; // it has answered another since
    this.#reason = reason;
    const since = Math.min(askedAt, this.#failingSince.get(ask) ?? askedAt);
    this.#failingSince.set(ask, since);
    if (performance.now() - since >= this.#downAfterMs) this.#down = true;
  }

  /** Returns at once while the store is not known to be down. @throws EventStoreUnavailable when it is, within a second. */
  async check(): Promise<void> {
    if (this.#down) await this.#askAgain();
  }

  /** The same, for who wants to be sure: a store that has taken nothing of this process yet is asked first. @throws EventStoreUnavailable */
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
