const LIMIT = 100;

/** What is wrong, a sentence each: the first ones are kept, all are counted, as a ledger may be wrong in millions of places. */
export class Faults {
  readonly #said: string[] = [];
  #count = 0;

  constructor(private readonly limit = LIMIT) {}

  get said(): readonly string[] {
    return this.#said;
  }

  get count(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#said.length >= this.limit;
  }

  push(...sentences: readonly string[]): void {
    for (const sentence of sentences) {
      this.#count += 1;
      if (!this.isFull) this.#said.push(sentence);
    }
  }
}
