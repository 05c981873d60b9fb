import { originalPosition, type RecordedEvent } from '../../event-store/index.js';

/** How many events are remembered, and how many are named. */
const REMEMBERED = 5_000;
const NAMED = 5;

type Seen = Pick<RecordedEvent, 'stream' | 'revision' | 'recordedAt' | 'type'> & {
  readonly index: number;
  readonly position: number;
  /** Whether another store wrote it first: its position is from there. */
  readonly isMoved: boolean;
};

const nameOf = ({ revision, stream, type }: Seen): string => `revision ${revision} of ${stream} (${type})`;

/** The events since the last checkpoint that matched: when the next one does not, one of them differs. */
export class Unsealed {
  #events: Seen[] = [];
  #count = 0;
  #before: Seen | undefined;
  /** Whether positions count up by one, as in a ledger that is a file. Then a gap shows what is gone. */
  #isDense = true;
  /** Whether sealed events of this store itself have shown that. */
  #isKnownDense = false;

  add(event: RecordedEvent, index: number): void {
    const { stream, revision, recordedAt, type } = event;
    this.#count++;
    const position = originalPosition(event);
    this.#events.push({ stream, revision, recordedAt, type, index, position, isMoved: position !== event.position });
    if (this.#events.length > REMEMBERED) this.#events.shift();
  }

  clear(): void {
    const { gaps } = this.#oddities();
    if (gaps.length > 0)
      this.#isDense = false; // of this store
    else if (this.#events.filter(({ isMoved }) => !isMoved).length > 1) this.#isKnownDense = true;
    this.#before = this.#events.at(-1) ?? this.#before;
    this.#events = [];
    this.#count = 0;
  }

  /** Where events are missing from a log that is too short, in a sentence. */
  whatIsGone(): string {
    const last = this.#events.at(-1) ?? this.#before;
    return this.#missing() ?? (last === undefined ? 'There is none.' : `The last that is there is ${nameOf(last)}.`);
  }

  /** A sentence about positions that no event since the last checkpoint has, where such a gap can only be a removal. */
  missingAmongNew(): string | undefined {
    const isOurs = this.#before?.isMoved === false && this.#events.every(({ isMoved }) => !isMoved);
    return this.#isKnownDense && isOurs ? this.#missing() : undefined;
  }

  /** Which events may be those that differ, in sentences. */
  suspects(): string {
    const [first, last] = [this.#events[0], this.#events.at(-1)];
    if (first === undefined || last === undefined) return 'An event before them was removed.';
    const range =
      this.#count === 1
        ? `The event that was altered, or stands in the place of one that was removed, is ${nameOf(first)}.`
        : `Among the ${this.#count} events from ${nameOf(first)} to ${nameOf(last)}, one was altered, moved, added or removed.`;
    const odd = this.#oddities()
      .backwards.slice(0, NAMED)
      .map((each) => `The time or the position of ${nameOf(each)} does not fit between its neighbours.`);
    return [range, this.#missing() ?? [], ...odd].flat().join(' ');
  }

  /** A sentence about positions that no event has; undefined without any, or where the store leaves gaps. */
  #missing(): string | undefined {
    const { gaps } = this.#oddities();
    return this.#isDense && gaps.length > 0 ? `No event has position ${gaps.slice(0, NAMED).join(', ')}.` : undefined;
  }

  #oddities(): { readonly gaps: readonly string[]; readonly backwards: readonly Seen[] } {
    const gaps: string[] = [];
    const backwards: Seen[] = [];
    let before = this.#before;
    for (const event of this.#events) {
      if (before !== undefined) {
        const [from, to] = [before.position + 1, event.position - 1];
        if (from <= to) gaps.push(from === to ? String(from) : `${from} to ${to}`);
        if (event.position < from || event.recordedAt < before.recordedAt) backwards.push(event);
      }
      before = event;
    }
    return { gaps, backwards };
  }
}
