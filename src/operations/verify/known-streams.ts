// What is known of every stream during a walk through the log. The streams used last are in memory; the others wait in a temporary database,
// which SQLite keeps in a file that nobody else sees and that goes with it (sqlite.org/inmemorydb.html, "Temporary Databases").
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ChainPoint } from '../../event-store/index.js';

export interface KnownStream {
  /** The last event that was checked. */
  readonly end: ChainPoint;
  /** The state after it; undefined for a kind of stream that has none, or where it must be folded again. */
  readonly state?: unknown;
  /** Why its later events can't be judged: the chain is broken, or an event is impossible. */
  readonly fault?: 'broken' | 'impossible' | undefined;
}

/** How states are kept as text. */
export interface StateFormat {
  /** Undefined for states that are folded again instead. */
  freeze(stream: string, state: unknown): string | undefined;
  thaw(stream: string, text: string): unknown;
}

/** How many are in memory. */
const LIMIT = 2_000;
/** What the database keeps of its file in memory, in KiB. */
const CACHE_KIB = 8_192;

type StreamRow = { revision: number; hash: string; fault: KnownStream['fault'] | null; state: string | null };

export class KnownStreams {
  /** The least recently used comes first. */
  readonly #recent = new Map<string, KnownStream>();
  #waiting: Waiting | undefined;
  #size = 0;

  constructor(
    private readonly format: StateFormat,
    private readonly limit = LIMIT,
  ) {}

  get size(): number {
    return this.#size;
  }

  get(stream: string): KnownStream | undefined {
    const recent = this.#recent.get(stream);
    if (recent !== undefined || this.#waiting === undefined) return recent;
    const row = this.#waiting.read.get(stream) as StreamRow | undefined;
    if (row === undefined) return undefined;
    const { revision, hash, fault, state } = row;
    return {
      end: { revision, hash },
      ...(fault !== null && { fault }),
      ...(state !== null && { state: this.format.thaw(stream, state) }),
    };
  }

  /** @param isNew whether `get` found nothing */
  set(stream: string, known: KnownStream, isNew: boolean): void {
    if (isNew) this.#size += 1;
    this.#recent.delete(stream);
    this.#recent.set(stream, known);
    if (this.#recent.size <= this.limit) return;
    const [oldest] = this.#recent;
    if (oldest !== undefined) this.#putAway(...oldest);
  }

  /** The names of all streams; nothing may be set meanwhile. */
  *names(): Generator<string> {
    if (this.#waiting === undefined) return yield* this.#recent.keys();
    for (const [stream, known] of this.#recent) this.#putAway(stream, known);
    for (const row of this.#waiting.names.iterate()) yield String(row['name']);
  }

  /** Removes the file, if there is one. */
  close(): void {
    this.#waiting?.database.close();
  }

  #putAway(stream: string, { end: { revision, hash }, fault, state }: KnownStream): void {
    const frozen = state === undefined ? undefined : this.format.freeze(stream, state);
    this.#waiting ??= openWaiting();
    this.#waiting.write.run(stream, revision, hash, fault ?? null, frozen ?? null);
    this.#recent.delete(stream);
  }
}

interface Waiting {
  readonly database: DatabaseSync;
  readonly read: StatementSync;
  readonly write: StatementSync;
  readonly names: StatementSync;
}

function openWaiting(): Waiting {
  const database = new DatabaseSync('');
  database.exec(`
    PRAGMA journal_mode = OFF;
    PRAGMA cache_size = -${CACHE_KIB};
    CREATE TABLE streams (name TEXT PRIMARY KEY, revision INTEGER, hash TEXT, fault TEXT, state TEXT) STRICT;
    BEGIN`);
  return {
    database,
    read: database.prepare('SELECT revision, hash, fault, state FROM streams WHERE name = ?'),
    write: database.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?, ?, ?)'),
    names: database.prepare('SELECT name FROM streams'),
  };
}
