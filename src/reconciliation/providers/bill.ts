// A provider's bill: what it says was used and what that costs, for each model and UTC day.
import { DAY_MS, dayOf, fromInstant, toInstant } from '../../kernel/index.js';

export const BILL_FORMATS = ['openai', 'anthropic', 'csv'] as const;
export type BillFormat = (typeof BILL_FORMATS)[number];

/** The counts that are compared; those of the prompt and the completion include their parts. */
export const TOKEN_KINDS = ['prompt', 'cached', 'cacheWrite', 'completion'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];
export type Tokens = Readonly<Partial<Record<TokenKind, number>>>;

/** How a model on a day compares. `accepted`: it differs as it did when it was decided to keep what was booked. */
export const LINE_STATUSES = ['matched', 'differs', 'ours_only', 'theirs_only', 'accepted'] as const;
export type LineStatus = (typeof LINE_STATUSES)[number];

export interface BillRow {
  /** UTC, such as `2026-03-01`. */
  readonly day: string;
  /** As the provider names it. */
  readonly model: string;
  readonly tokens?: Tokens;
  /** In 10^-60 USD; negative for a credit. */
  readonly cost?: bigint;
}

export interface BillLine {
  readonly day: string;
  readonly model: string;
  readonly tokens: Tokens;
  readonly cost: bigint;
}

/** What lines are compared by. */
export interface LineKey {
  readonly day: string;
  readonly model: string;
}

const DAY_LENGTH = '2026-03-01'.length;

/** A key of a line as the key of a map, and back. */
export const lineKey = ({ day, model }: LineKey): string => `${day} ${model}`;
export const lineOfKey = (key: string): LineKey => ({
  day: key.slice(0, DAY_LENGTH),
  model: key.slice(DAY_LENGTH + 1),
});

/** What can't be read as a bill, in a sentence for whoever imports it. */
export class UnreadableBill extends Error {
  override readonly name = 'UnreadableBill';
}

/** Adds up the rows of a bill. It holds one line for each model and day, however many rows there are. */
export class Bill {
  readonly #lines = new Map<string, BillLine>();
  readonly #kinds = new Set<TokenKind>();
  #costs = false;
  #from: string | undefined;
  #to: string | undefined;

  add(row: BillRow): void {
    this.cover(row.day);
    const key = lineKey(row);
    const line = this.#lines.get(key) ?? { day: row.day, model: row.model, tokens: {}, cost: 0n };
    const { tokens = {}, cost = 0n } = row;
    if (row.cost !== undefined) this.#costs = true;
    for (const kind of Object.keys(tokens) as TokenKind[]) this.#kinds.add(kind);
    this.#lines.set(key, { ...line, tokens: addTokens(line.tokens, tokens), cost: line.cost + cost });
  }

  /** The bill speaks of this day, even if it has no row for it. */
  cover(day: string): void {
    if (this.#from === undefined || day < this.#from) this.#from = day;
    if (this.#to === undefined || day > this.#to) this.#to = day;
  }

  get lines(): readonly BillLine[] {
    return [...this.#lines.values()];
  }

  /** Whether it has costs at all: usage reports have none. A bill without a row says that nothing was used. */
  get hasCosts(): boolean {
    return this.#costs || this.#lines.size === 0;
  }

  /** The kinds of tokens that it counts. */
  get kinds(): readonly TokenKind[] {
    return TOKEN_KINDS.filter((kind) => this.#kinds.has(kind));
  }

  /** Its first and last day. @throws UnreadableBill for one without any */
  get period(): { readonly from: string; readonly to: string } {
    if (this.#from === undefined || this.#to === undefined) throw new UnreadableBill('The bill has no day in it.');
    return { from: this.#from, to: this.#to };
  }
}

export function addTokens(a: Tokens, b: Tokens): Tokens {
  const sum: Partial<Record<TokenKind, number>> = { ...a };
  for (const kind of Object.keys(b) as TokenKind[]) sum[kind] = (sum[kind] ?? 0) + (b[kind] ?? 0);
  return sum;
}

/** The UTC day of a bucket. @throws UnreadableBill for one that is longer than its day */
export function dayOfBucket(startMs: number, endMs: number): string {
  const day = dayOf(toInstant(startMs));
  if (endMs <= startMs || endMs > fromInstant(`${day}T00:00:00.000Z`) + DAY_MS)
    throw new UnreadableBill(
      `A bucket from ${toInstant(startMs)} to ${toInstant(endMs)} is not within one UTC day. Export it with buckets of a day or less.`,
    );
  return day;
}
