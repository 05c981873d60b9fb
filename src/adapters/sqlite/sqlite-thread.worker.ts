// The worker side of SqliteThread: owns the write connection and commits each batch of units in one transaction.
// Node runs this file by itself (as .ts under vitest, through type stripping), so it imports only node: modules and types.
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { BatchMessage, BatchReply, Failure, Opened, SqlValue } from './sqlite-thread.messages.js';

if (!parentPort) throw new Error('sqlite-thread.worker runs only as a worker thread');
const port = parentPort;
const { path, synchronous, secureDelete } = workerData as {
  path: string;
  synchronous: 'FULL' | 'NORMAL';
  secureDelete: boolean;
};

const database = new DatabaseSync(path);
// fullfsync: on macOS a plain fsync leaves the data in the drive's cache (sqlite.org/pragma.html#pragma_fullfsync).
// wal_autocheckpoint: 16 MiB of log instead of 4 raises the rate of single-event appends by about a third.
// The cache stays SQLite's own 2 MB (sqlite.org/pragma.html#pragma_cache_size), which hold the pages that are written now: the system keeps
// the others of the file for all processes. A larger one fills with what was written and is never read again.
database.exec(`
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = ${synchronous};
  PRAGMA fullfsync = ON;
  PRAGMA secure_delete = ${secureDelete ? 'ON' : 'FAST'};
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 4000;
`);

/** A deleted or moved file can still be written to while it is open, but all of that is lost when it is closed. */
function fileAtPath(): string {
  const { dev, ino } = statSync(path);
  return `${dev}:${ino}`;
}
const file = fileAtPath();

/** Statements by the number the main side gave their text. */
const statements: StatementSync[] = [];
const texts: string[] = [];
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
const savepoint = database.prepare('SAVEPOINT unit');
const release = database.prepare('RELEASE unit');

interface WireStatement {
  readonly number: number;
  /** Negative: any number. */
  readonly changes: number;
  readonly returns: number;
  readonly params: readonly SqlValue[];
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

function runStatement({ number, changes, returns, params }: WireStatement): readonly SqlValue[] {
  const text = texts[number] ?? '';
  const statement = (statements[number] ??= prepare(text));
  if (returns > 0) return statement.get(...params) as unknown as SqlValue[];
  const result = statement.run(...params);
  if (changes >= 0 && result.changes !== changes) {
    throw new Error(`changed ${result.changes} rows instead of ${changes}: ${text}`, { cause: 'changes' });
  }
  return [];
}

function prepare(text: string): StatementSync {
  const statement = database.prepare(text);
  statement.setReturnArrays(true);
  return statement;
}

function describe(error: unknown): Failure {
  const { message, errcode, cause } = error as Error & { errcode?: number };
  return { message, errcode: errcode ?? null, refused: cause === 'changes' };
}

/** Runs a unit inside the batch's transaction, and returns what its statements do. Takes back what it wrote when it fails. */
function runUnit(unit: readonly WireStatement[], alone: boolean): readonly SqlValue[] | Failure {
  // A single statement that fails has written nothing, and a unit alone in its batch goes with the whole transaction.
  const guarded = !alone && (unit.length > 1 || (unit[0]?.changes ?? 0) >= 0);
  const returned: SqlValue[] = [];
  if (guarded) savepoint.run();
  try {
    for (const statement of unit) returned.push(...runStatement(statement));
  } catch (error) {
    // SQLite itself ends the transaction on some errors, such as a full disk.
    if (alone || !database.isTransaction) throw error;
    if (guarded) database.exec('ROLLBACK TO unit; RELEASE unit');
    return describe(error);
  }
  if (guarded) release.run();
  return returned;
}

function runBatch(units: readonly (readonly WireStatement[])[]): Omit<BatchReply, 'milliseconds'> {
  const failures: [number, Failure][] = [];
  const returned: SqlValue[] = [];
  try {
    if (fileAtPath() !== file) throw new Error(`${path} is not the file that was opened`);
    begin.run();
    for (const [index, unit] of units.entries()) {
      const result = runUnit(unit, units.length === 1);
      if ('message' in result) failures.push([index, result]);
      else returned.push(...result);
    }
    commit.run();
  } catch (error) {
    // After a failed rollback nothing can be trusted: the error ends this thread, and with it every later unit.
    if (database.isTransaction) database.exec('ROLLBACK');
    return { failures: [], failed: describe(error), returned: [] };
  }
  return { failures, failed: null, returned };
}

/** Deleted data also stays in the log until that is overwritten. Where it must go, the log is emptied after a pause in the writes. */
const EMPTY_LOG_AFTER_MS = 1_000;
let emptying: NodeJS.Timeout | undefined;

/** Not while someone reads (sqlite.org/pragma.html#pragma_wal_checkpoint): then it is tried again. */
function emptyLog(): void {
  let busy: unknown = 1;
  try {
    busy = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'];
  } catch {
    // such as a full disk, which the next write reports
  }
  if (busy !== 0) emptyLogLater();
}

function emptyLogLater(): void {
  emptying = setTimeout(emptyLog, EMPTY_LOG_AFTER_MS).unref();
}

port.on('message', (message: BatchMessage | null) => {
  clearTimeout(emptying);
  if (message === null) {
    if (secureDelete) emptyLog();
    clearTimeout(emptying);
    database.close();
    port.close();
    return;
  }
  const start = performance.now();
  texts.push(...message.texts);
  const reply: BatchReply = { ...runBatch(unitsOf(message)), milliseconds: performance.now() - start };
  port.postMessage(reply);
  if (secureDelete) emptyLogLater();
});

const pragma = (name: string): unknown => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
const opened: Opened = { journalMode: String(pragma('journal_mode')), synchronous: Number(pragma('synchronous')) };
port.postMessage(opened);
