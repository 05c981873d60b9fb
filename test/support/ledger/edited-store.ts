import { EventStore, type NewEvent, type RecordedEvent, START } from '../../../src/event-store/index.js';
import { chainHash, GENESIS } from '../../../src/kernel/index.js';

/** A store that shows these events, as if somebody had edited it on disk. Appends come after them. */
export class EditedStore extends EventStore {
  readonly #log: RecordedEvent[];
  readonly #streams = new Map<string, RecordedEvent[]>();

  constructor(events: readonly RecordedEvent[]) {
    super();
    this.#log = events.toSorted((a, b) => a.position - b.position);
    for (const event of this.#log) this.#streamOf(event.stream).push(event);
    for (const stream of this.#streams.values()) stream.sort((a, b) => a.revision - b.revision);
  }

  override append(_stream: string, _expected: number, _events: readonly NewEvent[]): Promise<void> {
    return Promise.reject(new Error('an edited store takes no appends'));
  }

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    const events = this.#streams.get(stream) ?? [];
    const first = events.findIndex(({ revision }) => revision >= from);
    return first < 0 ? [] : events.slice(first, first + limit);
  }

  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    const first = this.#log.findIndex(({ position }) => position > after);
    return first < 0 ? [] : this.#log.slice(first, first + limit);
  }

  override async readHidden(limit: number, only?: string): Promise<readonly RecordedEvent[]> {
    const hidden = this.#log.filter(({ position, stream }) => position <= START && stream === (only ?? stream));
    return hidden.slice(0, limit);
  }

  override async *subscribe(): AsyncGenerator<readonly RecordedEvent[]> {}

  override async head(): Promise<number> {
    return this.#log.at(-1)?.position ?? START;
  }

  override async probe(): Promise<void> {}

  override async close(): Promise<void> {}

  #streamOf(stream: string): RecordedEvent[] {
    const known = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, known);
    return known;
  }
}

/** What an insider of the store does who knows how hashes are made: numbers each stream anew and gives every event its right hash. */
export function rehashed(events: readonly RecordedEvent[]): RecordedEvent[] {
  const ends = new Map<string, { revision: number; hash: string }>();
  return events.map((event) => {
    const end = ends.get(event.stream) ?? { revision: -1, hash: GENESIS };
    const next = { ...event, revision: end.revision + 1 };
    const hash = chainHash(end.hash, next);
    ends.set(event.stream, { revision: next.revision, hash });
    return { ...next, metadata: { ...event.metadata, hash } };
  });
}
