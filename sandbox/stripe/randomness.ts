import { createHash } from 'node:crypto';

/** Pseudo-random numbers, the same for the same seed. */
export class Randomness {
  #drawn = 0;

  constructor(readonly seed: number) {}

  /** A whole number from 0 up to, but excluding, the bound. */
  below(bound: number): number {
    this.#drawn += 1;
    return createHash('sha256').update(`${this.seed}/${this.#drawn}`).digest().readUInt32BE() % bound;
  }
}
