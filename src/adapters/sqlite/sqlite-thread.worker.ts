// The worker side of SqliteThread: owns the write connection of each file that it is given, and commits each batch of units in one transaction.
// Node runs this file by itself (as .ts under vitest, through type stripping), so it imports only node: modules and types.
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';
import type {
  BatchMessage,
  BatchReply,
  Failure,
  OpenMessage,
  Opened,
  OpenReply,
  SqlValue,
} from './sqlite-thread.messages.js';

const SYNCHRONOUS = { NORMAL: 1, FULL: 2 } as const;
const BUSY_TIMEOUT_MS = 5_000;
/** Deleted data also stays in the log until that is overwritten. Where it must go, the log is emptied after a pause in the writes. */
const EMPTY_LOG_AFTER_MS = 1_000;

interface WireStatement {
  readonly number: number;
  /** Negative: any number. */
  readonly changes: number;
  readonly returns: number;
  readonly params: readonly SqlValue[];
}

/** The write connection of one file. */
class WriteConnection {
  readonly #settings: OpenMessage;
  readonly #database: DatabaseSync;
  /** Statements by the number the main side gave their text. */
  readonly #statements: StatementSync[] = [];
  readonly #texts: string[] = [];
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #savepoint: StatementSync;
  readonly #release: StatementSync;
  readonly #file: string;
  #emptying: NodeJS.Timeout | undefined;

  constructor(settings: OpenMessage) {
    this.#settings = settings;
    this.#database = openDatabase(settings);
    this.#file = this.#fileAtPath();
    this.#begin = this.#database.prepare('BEGIN IMMEDIATE');
    this.#commit = this.#database.prepare('COMMIT');
    this.#savepoint = this.#database.prepare('SAVEPOINT unit');
    this.#release = this.#database.prepare('RELEASE unit');
    settings.port.on('message', (message: BatchMessage | null) => {
      clearTimeout(this.#emptying);
      if (message === null) this.#close();
      else this.#answer(message);
    });
  }

  /** @throws Error when the file system does not let it be written as it must */
  opened(): Opened {
    const opened = {
      journalMode: String(this.#pragma('journal_mode')),
      synchronous: Number(this.#pragma('synchronous')),
    };
    const { path, synchronous } = this.#settings;
    if (opened.journalMode === 'wal' && opened.synchronous === SYNCHRONOUS[synchronous]) return opened;
    this.#database.close();
    throw new Error(
      `${path} can't be written durably here: ${JSON.stringify(opened)} instead of WAL with ${synchronous}`,
    );
  }

  #pragma(name: string): unknown {
    return Object.values(this.#database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  }

  /** A deleted or moved file can still be written to while it is open, but all of that is lost when it is closed. */
  #fileAtPath(): string {
    const { dev, ino } = statSync(this.#settings.path);
    return `${dev}:${ino}`;
  }

  #answer(message: BatchMessage): void {
    this.#texts.push(...message.texts);
    const { port, secureDelete } = this.#settings;
    port.postMessage(this.#runBatch(unitsOf(message)));
    if (secureDelete) this.#emptyLogLater();
  }

  #runBatch(units: readonly (readonly WireStatement[])[]): BatchReply {
    const failures: [number, Failure][] = [];
    const returned: SqlValue[] = [];
    try {
      if (this.#fileAtPath() !== this.#file) throw new Error(`${this.#settings.path} is not the file that was opened`);
      this.#begin.run();
      for (const [index, unit] of units.entries()) {
        const result = this.#runUnit(unit, units.length === 1);
        if ('message' in result) failures.push([index, result]);
        else returned.push(...result);
      }
      this.#commit.run();
    } catch (error) {
      // After a failed rollback nothing can be trusted: the error ends this thread, and with it every later unit.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      return { failures: [], failed: describe(error), returned: [] };
    }
    return { failures, failed: null, returned };
  }

  /** Runs a unit inside the batch's transaction, and returns what its statements do. Takes back what it wrote when it fails. */
  #runUnit(unit: readonly WireStatement[], alone: boolean): readonly SqlValue[] | Failure {
    // A single statement that fails has written nothing, and a unit alone in its batch goes with the whole transaction.
    const guarded = !alone && (unit.length > 1 || (unit[0]?.changes ?? 0) >= 0);
    const returned: SqlValue[] = [];
    if (guarded) this.#savepoint.run();
    try {
      for (const statement of unit) returned.push(...this.#runStatement(statement));
    } catch (error) {
      // SQLite itself ends the transaction on some errors, such as a full disk.
      if (alone || !this.#database.isTransaction) throw error;
      if (guarded) this.#database.exec('ROLLBACK TO unit; RELEASE unit');
      return describe(error);
    }
    if (guarded) this.#release.run();
    return returned;
  }

  #runStatement({ number, changes, returns, params }: WireStatement): readonly SqlValue[] {
    const text = this.#texts[number] ?? '';
    const statement = (this.#statements[number] ??= this.#prepare(text));
    if (returns > 0) return statement.get(...params) as unknown as SqlValue[];
    const result = statement.run(...params);
    if (changes >= 0 && result.changes !== changes) {
      throw new Error(`changed ${result.changes} rows instead of ${changes}: ${text}`, { cause: 'changes' });
    }
    return [];
  }

  #prepare(text: string): StatementSync {
    const statement = this.#database.prepare(text);
    statement.setReturnArrays(true);
    return statement;
  }

  #close(): void {
    if (this.#settings.secureDelete) this.#emptyLog();
    clearTimeout(this.#emptying);
    this.#database.close();
    this.#settings.port.close();
  }

  /**
   * Not while someone reads (sqlite.org/pragma.html#pragma_wal_checkpoint): then it is tried again, instead of waiting while other files of
   * this thread are to be written.
   */
  #emptyLog(): void {
    let busy: unknown = 1;
    this.#database.exec('PRAGMA busy_timeout = 0');
    try {
      busy = this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
    } catch {
      // such as a full disk, which the next write reports
    }
    this.#database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    if (busy !== 0) this.#emptyLogLater();
  }

  #emptyLogLater(): void {
    this.#emptying = setTimeout(() => this.#emptyLog(), EMPTY_LOG_AFTER_MS).unref();
  }
}

function openDatabase({ path, synchronous, secureDelete }: OpenMessage): DatabaseSync {
  const database = new DatabaseSync(path);
  // fullfsync: on macOS a plain fsync leaves the data in the drive's cache (sqlite.org/pragma.html#pragma_fullfsync).
  // wal_autocheckpoint: 16 MiB of log instead of 4 raises the rate of single-event appends by about a third.
  // The cache stays SQLite's own 2 MB (sqlite.org/pragma.html#pragma_cache_size), which hold the pages that are written now: the system keeps
  // the others of the file for all processes. A larger one fills with what was written and is never read again.
  database.exec(`
    PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS};
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = ${synchronous};
    PRAGMA fullfsync = ON;
    PRAGMA secure_delete = ${secureDelete ? 'ON' : 'FAST'};
    PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = 4000;
  `);
  return database;
}

function unitsOf({ shape, values }: BatchMessage): WireStatement[][] {
  const units: WireStatement[][] = [];
  let taken = 0;
  for (let at = 0; at < shape.length;) {
    const unit: WireStatement[] = [];
    for (let left = shape[at++] ?? 0; left > 0; left--) {
      const [number = 0, changes = 0, length = 0, returns = 0] = shape.slice(at, (at += 4));
      unit.push({ number, changes, returns, params: values.slice(taken, (taken += length)) });
    }
    units.push(unit);
  }
  return units;
}

function describe(error: unknown): Failure {
  const { message, errcode, cause } = error as Error & { errcode?: number };
  return { message, errcode: errcode ?? null, refused: cause === 'changes' };
}

parentPort?.on('message', (message: OpenMessage) => {
  const { port } = message;
  const tell = (reply: OpenReply): void => port.postMessage(reply);
  try {
    tell({ opened: new WriteConnection(message).opened() });
  } catch (error) {
    tell({ failed: describe(error) });
    port.close();
  }
});
