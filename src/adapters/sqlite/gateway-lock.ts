import { realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { primaryCode, SQLITE } from './result-codes.js';
import { READ_ONLY } from './sqlite-file.js';

export interface GatewayLock {
  release(): void;
}

/** Keeps held locks from being collected, which would release them. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the one gateway of the event store file `path`, which must exist. The lock is SQLite's exclusive lock
 * on `<path>.lock`: the operating system drops it when the process dies, however it dies, so there is none to clean up.
 * @throws Error when another gateway holds it, or it can't be written.
 */
export function acquireGatewayLock(path: string): GatewayLock {
  const lockFile = `${realpathSync(path)}.lock`;
  const database = lock(path, lockFile);
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}

function lock(path: string, lockFile: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(lockFile, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    throw new Error(
      primaryCode(cause) === SQLITE.BUSY
        ? `${path} is in use by another token-hub gateway, which holds ${lockFile}. Stop that gateway, or name another file for this one in EVENT_STORE_URL.`
        : `${lockFile}, which keeps a second gateway from ${path}, can't be written: ${(cause as Error).message}${READ_ONLY}`,
      { cause },
    );
  }
}
