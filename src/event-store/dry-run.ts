import { EventStore, type NewEvent, NO_STREAM, type RecordedEvent, WrongExpectedRevision } from './event-store.js';
import { ForwardingEventStore } from './forwarding-event-store.js';
import {
  type Batch,
  type LoadOptions,
  type Mark,
  type Query,
  ReadModelStore,
  type Row,
  type ViewDefinition,
} from './read-model-store.js';

/**
 * A ledger on which one can try what would be appended: reads what is stored, and keeps appends to itself. So a decision can be shown, made by
 * the same code that will make it.
 */
export class DryRunStore extends EventStore {
  /** What would have been appended, in order. */
  readonly appended: RecordedEvent[] = [];

  constructor(private readonly stored: EventStore) {
    super();
  }

  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    const actual = await this.#revision(stream, expected);
    if (actual !== expected) throw new WrongExpectedRevision(stream, expected, actual);
    const last = await this.head();
    for (const [index, event] of events.entries()) {
      const [revision, position] = [expected + 1 + index, last + 1 + index];
      this.appended.push({ ...event, stream, revision, position, recordedAt: new Date(0).toISOString() });
    }
  }

  /** The revision that the stream is at, if it is the expected one; otherwise some other one. */
  async #revision(stream: string, expected: number): Promise<number> {
    const last = this.appended.findLast((event) => event.stream === stream);
    if (last !== undefined) return last.revision;
    const from = expected === NO_STREAM ? 0 : expected;
    return (await this.stored.readStream(stream, from, 2)).at(-1)?.revision ?? NO_STREAM;
  }

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    const stored = await this.stored.readStream(stream, from, limit);
    const later = this.appended.filter((event) => event.stream === stream && event.revision >= from);
    return [...stored, ...later].slice(0, limit);
  }

  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    const stored = await this.stored.readAll(after, limit);
    return [...stored, ...this.appended.filter(({ position }) => position > after)].slice(0, limit);
  }

  /** @throws Error: nothing waits for what never happens */
  override subscribe(): AsyncIterable<readonly RecordedEvent[]> {
    throw new Error('a dry run has no subscribers');
  }

  override async head(): Promise<number> {
    return this.appended.at(-1)?.position ?? (await this.stored.head());
  }

  override probe(): Promise<void> {
    return this.stored.probe();
  }

  override async close(): Promise<void> {}
}

/** A ledger that notes what was appended through it. */
export class NotedAppends extends ForwardingEventStore {
  /** In order; also what may have been stored, where the store did not say. */
  readonly appended: RecordedEvent[] = [];

  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    try {
      await super.append(stream, expected, events);
    } catch (error) {
      if (!(error instanceof WrongExpectedRevision)) this.#note(stream, expected, events);
      throw error;
    }
    this.#note(stream, expected, events);
  }

  #note(stream: string, expected: number, events: readonly NewEvent[]): void {
    for (const [index, event] of events.entries()) {
      const isNoted = this.appended.some(({ id }) => id === event.id);
      const place = { stream, revision: expected + 1 + index, position: -1, recordedAt: '' };
      if (!isNoted) this.appended.push({ ...event, ...place });
    }
  }

  /** The store behind it is of others, too. */
  override async close(): Promise<void> {}
}

/** Read models that are only read: no snapshot of what never happened is left behind. */
export class ReadOnlyReadModels extends ReadModelStore {
  constructor(private readonly stored: ReadModelStore) {
    super();
  }

  override checkpoint(view: ViewDefinition): Promise<number> {
    return this.stored.checkpoint(view);
  }

  override mark(view: ViewDefinition): Promise<Mark | undefined> {
    return this.stored.mark(view);
  }

  override load(
    view: ViewDefinition,
    ids: readonly string[],
    options?: LoadOptions,
  ): Promise<ReadonlyMap<string, Row>> {
    return this.stored.load(view, ids, options);
  }

  override find(view: ViewDefinition, query: Query): Promise<readonly Row[]> {
    return this.stored.find(view, query);
  }

  override async apply(_view: ViewDefinition, _batch: Batch): Promise<boolean> {
    return false;
  }

  override async replace(): Promise<boolean> {
    return false;
  }

  override async close(): Promise<void> {}
}
