// A file that can't be used just now: whether it has what it was asked to store is unknown, and the same may be asked again.
import { SqliteFailure } from './sqlite-thread.js';

/** Primary result codes that pass, or that an operator mends, without a fault of the file or of ours: https://sqlite.org/rescode.html */
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

/** Whether the file can't be used just now; without a code it is the thread that has too much to do, or has ended. */
const isPassing = (error: unknown): error is SqliteFailure =>
  error instanceof SqliteFailure && (error.errcode === null || PASSING.has(error.errcode & 0xff));

/** What `work` comes to. @throws what `Unavailable` makes, where the file can't be used just now */
export async function orUnavailable<T>(
  Unavailable: new (message: string, options: ErrorOptions) => Error,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isPassing(error)) throw error;
    throw new Unavailable(`the file can't be used: ${error.message}`, { cause: error });
  }
}
