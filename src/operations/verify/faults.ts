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

/** At most so many of all sentences, in their order: the first of every kind, then the second of each, so that many of one hide no other. */
export function someOfEach(kinds: readonly (readonly string[])[], most: number): string[] {
  const all = kinds.flatMap((said) => said.map((sentence, nth) => ({ sentence, nth })));
  const some = new Set(all.toSorted((a, b) => a.nth - b.nth).slice(0, most));
  return all.filter((one) => some.has(one)).map(({ sentence }) => sentence);
}
