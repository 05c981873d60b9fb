/**
 * Limits how often a recurring message is reported: the first time, then at most once per interval of the process's own
 * clock.
 */
export class Seldom {
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param everyMs in milliseconds */
  constructor(private readonly everyMs: number) {}

  /** Whether to report now; if so, not again for the interval. */
  isDue(): boolean {
    const now = performance.now();
    if (now - this.#lastAt < this.everyMs) return false;
    this.#lastAt = now;
    return true;
  }

  /** The next time counts as the first again. */
  reset(): void {
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }
}
