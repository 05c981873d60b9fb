import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makeFolderSync } from '../make-folder.js';
import { primaryCode, SQLITE } from './result-codes.js';

/** A kind of SQLite file of ours: how it is recognised, and how it is created. */
export interface FileKind {
  /** Its name in messages, as in "… is not a token-hub event store". */
  readonly what: string;
  /** `PRAGMA application_id`: 32 bits that say whose file this is (sqlite.org/pragma.html#pragma_application_id). */
  readonly applicationId: number;
  /** `PRAGMA user_version`: which schema the file has. */
  readonly version: number;
  readonly schema: string;
  /** What to do when the file is damaged. */
  readonly remedy: string;
}

/** The remedy for what nothing can make again. */
export const RESTORE = 'restore a backup (docs/operating.md)';

/** The file belongs to another program or a newer release; the message says so and what to do. */
class WrongFile extends Error {
  override readonly name = 'WrongFile';
}

const BUSY_TIMEOUT_MS = 5_000;
/** Whoever only reads a ledger writes to its folder, too: a write-ahead log has an index there (sqlite.org/wal.html#readonly). */
export const READ_ONLY =
  '. Give this user the right to write to the folder and its files, or copy them to a folder of your own';

/**
 * Makes sure that `path` is a file of this kind with this schema, creating it and its folder when there is none.
 * @throws Error when it is another program's file or a newer release's; the file is left as it is.
 */
export function prepareFile(path: string, kind: FileKind): void {
  try {
    makeFolderSync(dirname(path));
    using database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    database.exec('BEGIN IMMEDIATE');
    createOrCheck(database, path, kind);
    database.exec('COMMIT');
    switchToWal(database);
  } catch (error) {
    if (error instanceof WrongFile) throw error;
    const code = primaryCode(error);
    if (code === SQLITE.NOTADB) throw notOurs(path, kind, error);
    if (code === SQLITE.CORRUPT)
      throw new WrongFile(`${path} is damaged (${(error as Error).message}): ${kind.remedy}.`, { cause: error });
    const hint = code === SQLITE.READONLY || !isWritable(dirname(path)) ? READ_ONLY : '';
    throw new Error(`${path} can't be opened as a token-hub ${kind.what}: ${(error as Error).message}${hint}`, {
      cause: error,
    });
  }
}

/** False for root, too, in a file system that is mounted to be read. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function createOrCheck(database: DatabaseSync, path: string, kind: FileKind): void {
  const applicationId = numberOf(database, 'PRAGMA application_id');
  const version = numberOf(database, 'PRAGMA user_version');
  if (applicationId === 0 && numberOf(database, 'SELECT count(*) FROM sqlite_schema') === 0) {
    database.exec(kind.schema);
    database.exec(`PRAGMA application_id = ${kind.applicationId}; PRAGMA user_version = ${kind.version}`);
    return;
  }
  if (applicationId !== kind.applicationId) throw notOurs(path, kind);
  const [missing] = tablesOf(kind).filter(
    (table) => numberOf(database, `SELECT count(*) FROM sqlite_schema WHERE name = '${table}'`) === 0,
  );
  if (missing !== undefined)
    throw new WrongFile(`${path} lacks its table "${missing}", which somebody removed: ${kind.remedy}.`);
  if (version > kind.version) {
    throw new WrongFile(
      `${path} was written by a newer token-hub (schema ${version}; this release knows up to ${kind.version}). Start that release, or a later one.`,
    );
  }
}

const tablesOf = ({ schema }: FileKind): string[] =>
  Array.from(schema.matchAll(/CREATE TABLE (\w+)/g), ([, table = '']) => table);

/** The switch takes an exclusive lock for a moment. SQLite does not wait for it when another process opens the file at the same time. */
function switchToWal(database: DatabaseSync): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (primaryCode(error) !== SQLITE.BUSY || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}

function notOurs(path: string, { what }: FileKind, cause?: unknown): Error {
  const sentence = `${path} is not a token-hub ${what}. It was left as it is; name another file, or move it away.`;
  return new WrongFile(sentence, { cause });
}

const numberOf = (database: DatabaseSync, sql: string): number =>
  Number(Object.values(database.prepare(sql).get() ?? {})[0]);
