import { realpathSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface GatewayLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/** Keeps held locks from being collected, which would release them. */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the one gateway of the event store file `path`, which must exist. The lock is SQLite's exclusive lock
 * on `<path>.lock`: the operating system drops it when the process dies, however it dies, so there is none to clean up.
 * @throws Error when another gateway holds it.
 */
export function acquireGatewayLock(path: string): GatewayLock {
  const lockFile = `${realpathSync(path)}.lock`;
  const database = new DatabaseSync(lockFile, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Error(
      `${path} is in use by another token-hub gateway, which holds ${lockFile}. ` +
        'Stop that gateway, or name another file for this one in EVENT_STORE_URL.',
      { cause: error },
    );
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
