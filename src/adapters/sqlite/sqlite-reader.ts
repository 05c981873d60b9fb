import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { SqliteFailure, type SqliteThread, type SqlValue } from './sqlite-thread.js';

const MAX_STATEMENTS = 500;

/** A read-only connection on the calling thread. Rows come as arrays, in the order of the selected columns. Fails with `SqliteFailure`. */
export class SqliteReader {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #dataVersion: StatementSync;

  constructor(private readonly path: string) {
    this.#database = new DatabaseSync(path, { readOnly: true, timeout: 5_000 });
    this.#dataVersion = this.#prepare('PRAGMA data_version');
  }

  rows<R extends readonly SqlValue[]>(sql: string, ...params: readonly SqlValue[]): R[] {
    let statement = this.#statements.get(sql);
    if (!statement) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#prepare(sql);
      this.#statements.set(sql, statement);
    }
    try {
      return statement.all(...params) as unknown as R[];
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  /** A number that changes with every commit another connection makes, in this process or another. */
  dataVersion(): number {
    const [version] = this.#dataVersion.get() as unknown as [number];
    return version;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    try {
      const statement = this.#database.prepare(sql);
      statement.setReturnArrays(true);
      return statement;
    } catch (error) {
      throw this.#failureOf(error);
    }
  }

  /** An error of SQLite, as the thread that writes has them. */
  #failureOf(error: unknown): unknown {
    const { message, errcode } = error as Error & { errcode?: number };
    return errcode === undefined ? error : new SqliteFailure(`${this.path}: ${message}`, errcode);
  }
}

/**
 * Closes a file when all that was accepted is written. The last connection to close brings the write-ahead log into the file and removes it, so that the
 * file is whole by itself; one that only reads can't (sqlite.org/wal.html#the_wal_file).
 */
export function closeFile(reader: SqliteReader, writer: SqliteThread): Promise<void> {
  reader.close();
  return writer.close();
}
