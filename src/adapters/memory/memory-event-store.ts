import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import {
  appendBytes,
  AppendRefused,
  EventStore,
  EventStoreUnavailable,
  MAX_APPEND_BYTES,
  type NewEvent,
  NO_STREAM,
  recordedAtOf,
  type RecordedEvent,
  START,
  toAppend,
  WrongExpectedRevision,
} from '../../event-store/index.js';

/**
 * What goes wrong with one append:
 * - `fail-before-storing`: rejects with `EventStoreUnavailable`, nothing is stored;
 * - `lose-reply`: rejects with `EventStoreUnavailable` although the events are stored;
 * - `never-answer`: stores nothing and never settles;
 * - `store-and-never-answer`: stores the events and never settles.
 */
export const APPEND_FAULTS = ['fail-before-storing', 'lose-reply', 'store-and-never-answer', 'never-answer'] as const;
export type AppendFault = (typeof APPEND_FAULTS)[number];

export interface MemoryEventStoreOptions {
  /** One fault for each append, in this order; later appends succeed. */
  readonly faults?: readonly AppendFault[];
  /** How long every append takes before it is stored, in milliseconds. */
  readonly appendDelayMs?: number;
  /** The largest append in bytes, as on a server that is configured to take less. */
  readonly maxAppendBytes?: number;
}

const PAGE_SIZE = 500;

/** Events in memory, for tests, with faults on demand. Every read parses its own copy, so nothing leaks between callers. */
export class MemoryEventStore extends EventStore {
  /** May be added to and emptied at any time. */
  readonly faults: AppendFault[];
  appendDelayMs: number;
  /** How often `append` was called. */
  appends = 0;
  readonly #maxAppendBytes: number;
  readonly #log: string[] = [];
  readonly #streams = new Map<string, number[]>();
  readonly #commits = new EventEmitter().setMaxListeners(0);
  #closed = false;

  constructor({ faults = [], appendDelayMs = 0, maxAppendBytes = MAX_APPEND_BYTES }: MemoryEventStoreOptions = {}) {
    super();
    this.#maxAppendBytes = maxAppendBytes;
    this.faults = [...faults];
    this.appendDelayMs = appendDelayMs;
  }

  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    this.appends++;
    if (appendBytes(toAppend(stream, expected, events)) > this.#maxAppendBytes) {
      throw new AppendRefused(`an append to ${stream} has more than ${this.#maxAppendBytes} bytes`);
    }
    const fault = this.faults.shift();
    if (this.appendDelayMs > 0) await sleep(this.appendDelayMs);
    this.#assertOpen();
    if (fault === 'fail-before-storing') throw new EventStoreUnavailable('the append failed before it was stored');
    if (fault !== 'never-answer') this.#store(stream, expected, events);
    if (fault === 'lose-reply') throw new EventStoreUnavailable('the reply to the append was lost');
    if (fault !== undefined) await new Promise<never>(() => {});
  }

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    this.#assertOpen();
    const positions = this.#streams.get(stream)?.slice(from, from + limit) ?? [];
    return positions.map((position) => this.#event(position));
  }

  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    this.#assertOpen();
    return this.#page(after, limit);
  }

  override async *subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    let position = after;
    try {
      while (!signal.aborted && !this.#closed) {
        const page = this.#page(position, PAGE_SIZE);
        if (page.length > 0) {
          position += page.length;
          yield page;
          await nextTurn();
        } else {
          await once(this.#commits, 'commit', { signal });
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  override async head(): Promise<number> {
    this.#assertOpen();
    return START + this.#log.length;
  }

  override async probe(): Promise<void> {
    this.#assertOpen();
  }

  override async close(): Promise<void> {
    this.#closed = true;
    this.#commits.emit('commit');
  }

  #store(stream: string, expected: number, events: readonly NewEvent[]): void {
    const positions = this.#streams.get(stream) ?? [];
    const actual = NO_STREAM + positions.length;
    if (actual !== expected) {
      const stored = positions
        .slice(expected + 1, expected + 1 + events.length)
        .map((position) => this.#event(position).id);
      if (stored.length === events.length && stored.every((id, index) => id === events[index]?.id)) return;
      throw new WrongExpectedRevision(stream, expected, actual);
    }
    const written = new Date().toISOString();
    const texts = events.map(({ dataText: _text, ...event }, index) => {
      const recorded: RecordedEvent = {
        ...event,
        stream,
        revision: expected + 1 + index,
        position: this.#log.length + index,
        recordedAt: recordedAtOf(event.metadata, written),
      };
      return JSON.stringify(recorded);
    });
    positions.push(...texts.map((_, index) => this.#log.length + index));
    this.#log.push(...texts);
    this.#streams.set(stream, positions);
    this.#commits.emit('commit');
  }

  #page(after: number, limit: number): RecordedEvent[] {
    const from = after + 1;
    return this.#log.slice(from, from + limit).map((text) => JSON.parse(text) as RecordedEvent);
  }

  #event(position: number): RecordedEvent {
    return JSON.parse(this.#log[position] ?? 'null') as RecordedEvent;
  }

  #assertOpen(): void {
    if (this.#closed) throw new EventStoreUnavailable('the event store is closed');
  }
}
