/** For what may happen at any rate and is told now and then: the first time, and then once in so long by the process's own clock. */
export class Seldom {
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param everyMs in milliseconds */
  constructor(private readonly everyMs: number) {}

  /** Whether it is to be told now; if so, not again for that long. */
  isDue(): boolean {
    const now = performance.now();
    if (now - this.#lastAt < this.everyMs) return false;
    this.#lastAt = now;
    return true;
  }

  /** The next time is the first again. */
  reset(): void {
    this.#lastAt = Number.NEGATIVE_INFINITY;
  }
}
