// A file that can't be used for now: whether a write was stored is unknown, and it may be repeated.
import type { FileKind } from './sqlite-file.js';
import { SqliteFailure } from './sqlite-thread.js';

/** Primary result codes of faults that pass, or that an operator mends, and that are not the fault of the file or of ours: https://sqlite.org/rescode.html */
const PASSING = new Set([
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY: a file system that was remounted
  9, // INTERRUPT
  10, // IOERR
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
]);

/** CORRUPT and NOTADB: what the disk has is no database any more. */
const DAMAGED = new Set([11, 26]);

/** A file is damaged. It has a code as errors of the system have: it is none of ours. */
class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly code = 'SQLITE_CORRUPT';
}

/** Whether the file can't be used for now. Without a code, the thread has too much to do, or has ended. */
const isPassing = (error: unknown): error is SqliteFailure =>
  error instanceof SqliteFailure && (error.errcode === null || PASSING.has(error.errcode & 0xff));

/** The result of `work` on a file. @throws an `Unavailable` when the file can't be used for now */
export async function orUnavailable<T>(
  Unavailable: new (message: string, options: ErrorOptions) => Error,
  { what, remedy }: FileKind,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SqliteFailure && DAMAGED.has((error.errcode ?? 0) & 0xff)) {
      const fault = `The ${what} is damaged (${error.message}), by its disk or by somebody who wrote into it`;
      throw new DamagedFile(`${fault}: ${remedy}.`, { cause: error });
    }
    if (!isPassing(error)) throw error;
    throw new Unavailable(`the file can't be used: ${error.message}`, { cause: error });
  }
}
