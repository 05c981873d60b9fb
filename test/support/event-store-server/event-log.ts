import { EventEmitter } from 'node:events';

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredEvent extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** Commit and prepare position in one: like those of a real server they grow by the size of what is written. */
  readonly position: number;
  readonly createdMs: number;
}

/** A revision, or what else an append may ask of the stream. */
export type Expectation = number | 'no-stream' | 'any' | 'stream-exists';

/** An append that was found right and is not durable yet. What comes after it to its stream counts on it. */
export interface Accepted {
  /** Makes it durable, and what was accepted before it to its stream. Undefined when it was dropped. */
  commit(): StoredEvent | undefined;
  /** The server is killed: it is lost, and what was accepted after it to its stream. */
  drop(): void;
}

interface Entry {
  readonly events: readonly ProposedEvent[];
  /** The last of them, once they are durable. */
  last: StoredEvent | undefined;
}

/** `not-ready`: the same append is accepted and not durable yet. The server drops this one without a word. */
export type Taken = Accepted | 'not-ready' | { readonly last: StoredEvent } | { readonly wrongAt: number };

const NONE = -1;
const RECORD_OVERHEAD = 120;
/** A real server writes events of its own between those of its users. */
const SYSTEM_EVENT_EVERY = 5;

/**
 * The log of the stand-in: decides on revisions and repeated ids as IndexWriter.CheckCommit of EventStoreDB 23.10 does, and
 * StorageWriterService.ActOnCommitCheckFailure with what it decides (both in src/EventStore.Core/Services/Storage of EventStore/EventStore).
 * Where a rule was seen on a real server, the contract of the event stores says so.
 */
export class EventLog extends EventEmitter<{ commit: [readonly StoredEvent[]] }> {
  readonly #log: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  /** What is accepted of each stream and not durable yet, in order. */
  readonly #accepted = new Map<string, Entry[]>();
  /** Lost at a restart. Only appends that expect nothing depend on it. */
  readonly #recentIds = new Map<string, StoredEvent>();
  #appends = 0;
  #end = 0;

  constructor() {
    super();
    this.setMaxListeners(0);
    this.writeSystemEvent();
  }

  forgetRecentIds(): void {
    this.#recentIds.clear();
  }

  take(stream: string, expected: Expectation, events: readonly ProposedEvent[]): Taken {
    const decided = this.#check(stream, expected, events);
    if (decided !== undefined) return decided;
    const queue = this.#accepted.get(stream) ?? [];
    this.#accepted.set(stream, queue);
    const entry: Entry = { events, last: undefined };
    queue.push(entry);
    return {
      commit: () => {
        const behind = queue.indexOf(entry) + 1;
        for (const earlier of queue.splice(0, behind)) earlier.last = this.#append(stream, earlier.events);
        return entry.last;
      },
      drop: () => {
        const before = queue.indexOf(entry);
        if (before >= 0) queue.splice(before);
      },
    };
  }

  writeSystemEvent(): void {
    const data = new TextEncoder().encode('{"proc-cpu":0}');
    const type = '$statsCollected';
    this.#write('$stats-127.0.0.1:2113', [
      { id: crypto.randomUUID(), type, contentType: 'application/json', data, metadata: new Uint8Array() },
    ]);
  }

  readStream(stream: string): readonly StoredEvent[] | undefined {
    return this.#streams.get(stream);
  }

  /** Events from a position on, which is included. */
  forwards(from: number, count: number): readonly StoredEvent[] {
    const index = this.#indexOf(from);
    return this.#log.slice(index, index + count);
  }

  /** Events before a position, which is not included: backwards, a position stands for the gap before its event. */
  backwards(before: number, count: number): readonly StoredEvent[] {
    const index = this.#indexOf(before);
    return this.#log.slice(Math.max(0, index - count), index).toReversed();
  }

  /** What the append comes to without being written: refused, or stored before, or about to be. */
  #check(stream: string, expected: Expectation, events: readonly ProposedEvent[]): Taken | undefined {
    const stored = this.#streams.get(stream) ?? [];
    const accepted = this.#accepted.get(stream)?.flatMap(({ events: each }) => each) ?? [];
    const current = stored.length + accepted.length - 1;
    if (expected === 'any') return this.#knownByIds(stream, events);
    if (expected === 'stream-exists') return current === NONE ? { wrongAt: current } : undefined;
    const revision = expected === 'no-stream' ? NONE : expected;
    if (revision === current) return undefined; // at the head, older ids are not looked at
    if (revision > current) return { wrongAt: current };
    const [from, end] = [revision + 1, revision + 1 + events.length];
    const inQueue = (index: number): number => Math.max(0, index - stored.length);
    const there = [...stored.slice(from, end), ...accepted.slice(inQueue(from), inQueue(end))];
    const same = there.length === events.length && there.every(({ id }, index) => id === events[index]?.id);
    if (!same) return { wrongAt: current };
    const last = stored[end - 1];
    return last === undefined ? 'not-ready' : { last };
  }

  #knownByIds(stream: string, events: readonly ProposedEvent[]): Taken | undefined {
    const known = events.map(({ id }) => this.#recentIds.get(id));
    const last = known.at(-1);
    return last !== undefined && known.every((event) => event?.stream === stream) ? { last } : undefined;
  }

  #append(stream: string, events: readonly ProposedEvent[]): StoredEvent {
    if (this.#appends++ % SYSTEM_EVENT_EVERY === 0) this.writeSystemEvent();
    return this.#write(stream, events);
  }

  #write(stream: string, events: readonly ProposedEvent[]): StoredEvent {
    const stored = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, stored);
    const written = events.map((event) => {
      const record = { ...event, stream, revision: stored.length, position: this.#end, createdMs: Date.now() };
      this.#end += RECORD_OVERHEAD + event.data.length + event.metadata.length;
      stored.push(record);
      this.#recentIds.set(event.id, record);
      return record;
    });
    this.#log.push(...written);
    this.emit('commit', written);
    const last = written.at(-1);
    if (last === undefined) throw new Error('an append without events');
    return last;
  }

  /** The index of the first event at or after a position. */
  #indexOf(position: number): number {
    let [low, high] = [0, this.#log.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
