import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type EventEnvelope,
  EventStore,
  EventStoreUnavailable,
  type EventText,
  type NewEvent,
  recordedAtOf,
  type RecordedEvent,
  START,
  toAppend,
  UnreadableEvent,
  WrongExpectedRevision,
} from '../../event-store/index.js';
import { isOwnCopy, type JsonObject } from '../../kernel/index.js';
import { SQLITE } from './result-codes.js';
import { prepareFile, RESTORE, type FileKind } from './sqlite-file.js';
import { orUnavailable } from './sqlite-outage.js';
import { closeFile, SqliteReader } from './sqlite-reader.js';
import { SqliteFailure, SqliteThread, type SqlValue, type Statement } from './sqlite-thread.js';
import { SqliteTail } from './sqlite-tail.js';

// Positions are allotted inside the write transaction, so their order is the order of commits. That a stream has no gap
// and that an event never changes is the database's own rule, whichever program writes to it.
const EVENT_STORE: FileKind = {
  what: 'event store',
  applicationId: 0x746b6576, // "tkev"
  version: 1,
  schema: `
    CREATE TABLE events (
      position INTEGER PRIMARY KEY,
      stream TEXT NOT NULL,
      revision INTEGER NOT NULL,
      id TEXT NOT NULL,
      type TEXT NOT NULL,
      data TEXT NOT NULL,
      metadata TEXT NOT NULL,
      recorded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
      UNIQUE (stream, revision)
    ) STRICT;
    CREATE TRIGGER events_follow_each_other BEFORE INSERT ON events
    WHEN NEW.revision <> (SELECT coalesce(max(revision), -1) + 1 FROM events WHERE stream = NEW.stream)
    BEGIN SELECT RAISE(ABORT, 'wrong expected revision'); END;
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
    CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
  `,
  remedy: RESTORE,
};

const POLL_INTERVAL_MS = 50;

const INSERT =
  'INSERT INTO events (stream, revision, id, type, data, metadata) VALUES (?, ?, ?, ?, ?, ?) RETURNING position, recorded_at';
const SELECT = 'SELECT position, stream, revision, id, type, data, metadata, recorded_at FROM events';
const READ_STREAM = `${SELECT} WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`;
const READ_ALL = `${SELECT} WHERE position > ? ORDER BY position LIMIT ?`;
const READ_ENVELOPES = READ_ALL.replace(' data,', " '{}',");
const READ_HIDDEN = `${SELECT} WHERE position <= ${START} AND (?1 IS NULL OR stream = ?1) ORDER BY position LIMIT ?2`;
const READ_TEXTS = 'SELECT position, data, metadata FROM events WHERE position IN (SELECT value FROM json_each(?))';
const READ_IDS = 'SELECT id FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?';
const STREAM_HEAD = 'SELECT coalesce(max(revision), -1) FROM events WHERE stream = ?';
const HEAD = 'SELECT coalesce(max(position), -1) FROM events';

/**
 * What a probe writes: 16 pages, which an append needs less of, so that a store that passed it has room for the next. Pages that a
 * transaction gives back before its commit are never written (sqlite.org/wal.html), hence two of them.
 */
const NO_PROBE = 'DROP TABLE IF EXISTS probe';
const PROBE = 'CREATE TABLE probe AS SELECT zeroblob(65536) AS room';

/** What an append wrote, and the position and the time of each event, in turn. */
interface Committed {
  readonly events: readonly NewEvent[];
  readonly texts: readonly EventText[];
  readonly returned: readonly SqlValue[];
}

type EventRow = [number, string, number, string, string, string, string, string];

/**
 * The events in one SQLite file, which several processes may open. Writes are committed on a thread of their own. Subscribers get
 * events that this process appends as the very objects it appended, which must not change any more.
 */
export class SqliteEventStore extends EventStore {
  readonly #tails = new Set<SqliteTail>();
  #poll: NodeJS.Timeout | undefined;
  #dataVersion = -1;
  #closed = false;

  private constructor(
    private readonly thread: SqliteThread,
    private readonly reader: SqliteReader,
  ) {
    super();
  }

  /** Opens the file, creating it and its folder when there is none. @throws Error when it is not an event store of ours. */
  static async open(path: string): Promise<SqliteEventStore> {
    prepareFile(path, EVENT_STORE);
    const thread = await SqliteThread.open(path);
    return new SqliteEventStore(thread, new SqliteReader(path));
  }

  override async append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    const texts = toAppend(stream, expected, events);
    const unit = texts.map(({ id, type, data, metadata }, index) => ({
      sql: INSERT,
      params: [stream, expected + 1 + index, id, type, data, metadata],
      returns: 2,
    }));
    let returned: readonly SqlValue[];
    try {
      returned = await this.thread.run(unit);
    } catch (error) {
      await this.#explain(stream, expected, events, error as Error);
      return this.#compare();
    }
    // Whoever appended goes on first: a call waits for its hold, and nobody for a read model this very moment.
    if (this.#tails.size > 0) setImmediate(() => this.#hand(stream, expected, { events, texts, returned }));
  }

  override async readStream(stream: string, from: number, limit: number): Promise<readonly RecordedEvent[]> {
    return (await this.#rows<EventRow>(READ_STREAM, stream, from, limit)).map(toEvent);
  }

  override async readAll(after: number, limit: number): Promise<readonly RecordedEvent[]> {
    return (await this.#rows<EventRow>(READ_ALL, after, limit)).map(toEvent);
  }

  override async readEnvelopes(after: number, limit: number): Promise<readonly EventEnvelope[]> {
    return (await this.#rows<EventRow>(READ_ENVELOPES, after, limit)).map(toEvent);
  }

  override async readHidden(limit: number, stream?: string): Promise<readonly RecordedEvent[]> {
    return (await this.#rows<EventRow>(READ_HIDDEN, stream ?? null, limit)).map(toEvent);
  }

  override async rewritten(read: readonly RecordedEvent[]): Promise<readonly RecordedEvent[]> {
    const positions = JSON.stringify(read.map(({ position }) => position));
    const rows = await this.#rows<[number, string, string]>(READ_TEXTS, positions);
    const texts = new Map(rows.map(([position, ...text]) => [position, text]));
    return read.filter(({ position, data, metadata }) => {
      const [dataText, metadataText] = texts.get(position) ?? [];
      return JSON.stringify(data) !== dataText || JSON.stringify(metadata) !== metadataText;
    });
  }

  override async *subscribe(after: number, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    const tail = new SqliteTail(after, (position, limit) =>
      this.reader.rows<EventRow>(READ_ALL, position, limit).map(toEvent),
    );
    this.#tails.add(tail);
    this.#watch();
    signal.addEventListener('abort', tail.wake);
    try {
      while (!signal.aborted && !this.#closed) {
        const page = tail.take();
        if (page.length === 0) {
          await tail.news();
          continue;
        }
        yield page;
        await nextTurn();
      }
    } finally {
      signal.removeEventListener('abort', tail.wake);
      this.#tails.delete(tail);
      this.#watch();
    }
  }

  /** Fails when the store can only be read, so that a health check reports it. */
  override async head(): Promise<number> {
    if (this.thread.stopped !== undefined) throw new EventStoreUnavailable(this.thread.stopped.message);
    return (await this.#rows<[number]>(HEAD))[0]?.[0] ?? -1;
  }

  /** Writes and rolls back: a readable file may be on a full disk, or on one that has become read-only. */
  override async probe(): Promise<void> {
    try {
      await this.thread.run([statement(NO_PROBE), statement(PROBE)]);
      await this.thread.run([statement(NO_PROBE)]);
    } catch (error) {
      throw new EventStoreUnavailable((error as Error).message, { cause: error });
    }
  }

  override async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const tail of this.#tails) tail.wake();
    await closeFile(this.reader, this.thread);
  }

  #rows<R extends readonly SqlValue[]>(text: string, ...params: readonly SqlValue[]): Promise<R[]> {
    return orUnavailable(EventStoreUnavailable, EVENT_STORE, () => this.#read().rows<R>(text, ...params));
  }

  #read(): SqliteReader {
    if (this.#closed) throw new EventStoreUnavailable('the event store is closed');
    return this.reader;
  }

  /** Hands subscribers the events of an append, which is committed. */
  #hand(stream: string, expected: number, { events, texts, returned }: Committed): void {
    const recorded = events.map((event, index): RecordedEvent => {
      const { id, type, data: dataText, metadata: metadataText } = texts[index] as EventText;
      const data = asStored(event.data, dataText);
      const metadata = asStored(event.metadata, metadataText);
      const position = returned[2 * index] as number;
      const recordedAt = recordedAtOf(metadata, returned[2 * index + 1] as string);
      return { stream, revision: expected + 1 + index, position, id, type, data, metadata, recordedAt };
    });
    for (const tail of this.#tails) tail.hand(recorded);
  }

  /** Returns when the events of a refused append are stored already; otherwise throws the error that the refusal means. */
  async #explain(stream: string, expected: number, events: readonly NewEvent[], error: Error): Promise<void> {
    // The only trigger that an insert meets checks the revision.
    if (!(error instanceof SqliteFailure) || error.errcode !== SQLITE.CONSTRAINT_TRIGGER) {
      throw new EventStoreUnavailable(`the outcome of an append is unknown: ${error.message}`, { cause: error });
    }
    const stored = this.#read().rows<[string]>(READ_IDS, stream, expected, events.length);
    if (stored.length === events.length && stored.every(([id], index) => id === events[index]?.id)) return;
    const actual = this.#read().rows<[number]>(STREAM_HEAD, stream)[0]?.[0] ?? -1;
    // The append was ahead of the stream, which has caught up in the meantime.
    if (actual === expected) return this.append(stream, expected, events);
    throw new WrongExpectedRevision(stream, expected, actual);
  }

  /** While there are subscribers, shows them commits of other processes. */
  #watch(): void {
    if (this.#tails.size === 0) {
      clearInterval(this.#poll);
      this.#poll = undefined;
    }
    if (this.#tails.size === 0 || this.#poll) return;
    this.#poll = setInterval(() => {
      if (this.#closed) return;
      const dataVersion = this.reader.dataVersion();
      if (dataVersion !== this.#dataVersion) this.#compare();
      this.#dataVersion = dataVersion;
    }, POLL_INTERVAL_MS).unref();
  }

  /** Shows subscribers what the file has beyond what was handed to them. */
  #compare(): void {
    if (this.#tails.size === 0 || this.#closed) return;
    const head = this.reader.rows<[number]>(HEAD)[0]?.[0] ?? -1;
    for (const tail of this.#tails) tail.compare(head);
  }
}

const statement = (sql: string): Statement => ({ sql, params: [] });

/** @throws UnreadableEvent */
function toEvent([position, stream, revision, id, type, data, metadataText, written]: EventRow): RecordedEvent {
  try {
    const metadata = JSON.parse(metadataText) as JsonObject;
    const recordedAt = recordedAtOf(metadata, written);
    return { stream, revision, position, id, type, data: JSON.parse(data), metadata, recordedAt };
  } catch (cause) {
    const where = `Revision ${revision} of ${stream} (${type}) at position ${position}`;
    throw new UnreadableEvent(`${where} can’t be read: its text is not what was written. ${String(cause)}`, { cause });
  }
}

/** A value as reading back its text gives it. */
const asStored = (value: JsonObject, text: string): JsonObject =>
  isOwnCopy(value) ? value : (JSON.parse(text) as JsonObject);
