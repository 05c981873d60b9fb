import type { RecordedEvent } from './event-store.js';

export interface WindowLimits {
  readonly events: number;
  /** Approximate size of the events in memory. */
  readonly bytes: number;
}

interface Batch {
  readonly events: readonly RecordedEvent[];
  readonly newest: number;
  readonly bytes: number;
}

/** The newest events of the log, without a gap. The oldest are dropped once they are done with, or exceed the limits. */
export class EventWindow {
  readonly #batches: Batch[] = [];
  #floor: number;
  #newest: number;
  #events = 0;
  #bytes = 0;

  constructor(
    after: number,
    private readonly limits: WindowLimits,
  ) {
    this.#floor = this.#newest = after;
  }

  /** The position of its last event, or the position it starts after. */
  get newest(): number {
    return this.#newest;
  }

  /** Number of events. */
  get size(): number {
    return this.#events;
  }

  /** Adds the next events of the log. */
  push(events: readonly RecordedEvent[]): void {
    const last = events.at(-1);
    if (last === undefined) return;
    const bytes = events.reduce((sum, { data, metadata }) => sum + sizeOf(data) + sizeOf(metadata), 0);
    this.#batches.push({ events, newest: last.position, bytes });
    this.#newest = last.position;
    this.#events += events.length;
    this.#bytes += bytes;
    while (this.#events > this.limits.events || this.#bytes > this.limits.bytes) this.#dropOldest();
  }

  /** Up to `limit` events after a position; undefined when not all of them are here. */
  after(position: number, limit: number): readonly RecordedEvent[] | undefined {
    if (position < this.#floor) return undefined;
    const first = this.#batches.findLastIndex(({ newest }) => newest <= position) + 1;
    const next = this.#batches[first]?.events ?? [];
    const isLast = first >= this.#batches.length - 1;
    if (isLast && next.length <= limit && (next[0]?.position ?? Infinity) > position) return next;
    const found: RecordedEvent[] = [];
    for (let index = first; index < this.#batches.length && found.length < limit; index++) {
      for (const event of this.#batches[index]?.events ?? []) if (event.position > position) found.push(event);
    }
    return found.length > limit ? found.slice(0, limit) : found;
  }

  /** Drops the batches that end at a position or before it. */
  dropUpTo(position: number): void {
    while ((this.#batches[0]?.newest ?? Infinity) <= position) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#batches.shift();
    if (oldest === undefined) return;
    this.#floor = oldest.newest;
    this.#events -= oldest.events.length;
    this.#bytes -= oldest.bytes;
  }
}

/** The memory a value and its slot take: near enough for a limit, and far cheaper than measuring its JSON text. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 16 + value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let bytes = 32;
  for (const each of Object.values(value)) bytes += 8 + sizeOf(each);
  return bytes;
}
