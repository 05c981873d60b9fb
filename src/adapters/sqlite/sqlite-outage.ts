// A file that can't be used for now: whether a write was stored is unknown, and it may be repeated.
import { primaryCode, SQLITE } from './result-codes.js';
import type { FileKind } from './sqlite-file.js';
import { SqliteFailure } from './sqlite-thread.js';

const { BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL } = SQLITE;
/** Faults that pass, or that an operator mends, and that are not the fault of the file or of ours. */
const PASSING = [BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL];
/** What the disk has is no database any more. */
const DAMAGED = [SQLITE.CORRUPT, SQLITE.NOTADB];

/** A file is damaged. It has a code as errors of the system have: it is none of ours. */
class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly code = 'SQLITE_CORRUPT';
}

/** The result of `work` on a file. @throws an `Unavailable` when the file can't be used for now */
export async function orUnavailable<T>(
  Unavailable: new (message: string, options: ErrorOptions) => Error,
  { what, remedy }: FileKind,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error;
    const code = primaryCode(error);
    if (code !== undefined && DAMAGED.includes(code)) {
      const fault = `The ${what} is damaged (${error.message}), by its disk or by somebody who wrote into it`;
      throw new DamagedFile(`${fault}: ${remedy}.`, { cause: error });
    }
    // Without a code, the thread has too much to do, or has ended.
    if (code !== undefined && !PASSING.includes(code)) throw error;
    throw new Unavailable(`the ${what} can't be used: ${error.message}`, { cause: error });
  }
}
