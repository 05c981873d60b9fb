/** The pauses between tries: each is twice as long as the one before, up to the longest. */
export class Backoff {
  #nextMs: number;

  /** @param firstMs the first pause, in milliseconds @param longestMs the longest, in milliseconds */
  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
  ) {
    this.#nextMs = firstMs;
  }

  /** The next pause, in milliseconds. */
  next(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(2 * ms, this.longestMs);
    return ms;
  }

  /** After a success: the next pause is the first again. */
  reset(): void {
    this.#nextMs = this.firstMs;
  }
}
