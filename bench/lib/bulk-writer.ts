// Writes made events: to a file without waiting for the disk, many in a transaction, as nothing is lost that can't be made again; to a server
// by appends.
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { EventStore, NewEvent } from '../../src/event-store/index.js';
import type { MadeEvent } from './made-calls.ts';
import { eventsInFile, openEventStore } from './stores.ts';

export interface BulkWriter {
  /** Writes the next events of a stream. */
  write(events: readonly MadeEvent[]): Promise<void>;
  close(): Promise<void>;
}

export const openBulkWriter = async (folder: string): Promise<BulkWriter> => {
  const store = await openEventStore(folder);
  if (!eventsInFile) return new ServerWriter(store);
  await store.close(); // which has made the file
  return new FileWriter(join(folder, 'events.db'));
};

class ServerWriter implements BulkWriter {
  readonly #store: EventStore;

  constructor(store: EventStore) {
    this.#store = store;
  }

  async write(events: readonly MadeEvent[]): Promise<void> {
    const [first] = events;
    if (first !== undefined) await this.#store.append(first.stream, first.revision - 1, events.map(newEvent));
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}

const newEvent = ({ id, type, data, metadata }: MadeEvent): NewEvent => ({
  id,
  type,
  data: JSON.parse(data),
  metadata: JSON.parse(metadata),
});

const IN_A_TRANSACTION = 50_000;
const FOLLOW = 'events_follow_each_other';
const INSERT =
  'INSERT INTO events (stream, revision, id, type, data, metadata, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)';

/** The rule that no stream has a gap is checked once, at the end. */
class FileWriter implements BulkWriter {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #rule: string;
  #written = 0;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(
      'PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000',
    );
    const rule = this.#database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(FOLLOW);
    this.#rule = String(rule?.['sql']);
    this.#database.exec(`DROP TRIGGER ${FOLLOW}; BEGIN`);
    this.#insert = this.#database.prepare(INSERT);
  }

  write(events: readonly MadeEvent[]): Promise<void> {
    for (const { stream, revision, id, type, data, metadata, recordedAt } of events) {
      this.#insert.run(stream, revision, id, type, data, metadata, recordedAt);
    }
    this.#written += events.length;
    if (this.#written >= IN_A_TRANSACTION) {
      this.#database.exec('COMMIT; BEGIN');
      this.#written = 0;
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#database.exec(`COMMIT; ${this.#rule}`);
    const gap = this.#database
      .prepare('SELECT stream FROM events GROUP BY stream HAVING max(revision) <> count(*) - 1')
      .get();
    this.#database.close();
    if (gap !== undefined) throw new Error(`${String(gap['stream'])} was made with a gap`);
    return Promise.resolve();
  }
}
