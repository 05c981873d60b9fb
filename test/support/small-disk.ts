// A disk that is really full: a file system in memory with a size of its own. Only root may mount one, as CI is.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const CAN_MOUNT = process.getuid?.() === 0;

export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many bytes of it, none without. */
  fillUp(left?: number): void;
  /** Gives back what was filled. */
  free(): void;
  /** Nobody may write to it any more. */
  protect(): void;
  /** When nothing uses it any more. */
  close(): void;
}

const CHUNK = Buffer.alloc(64 * 1024);

export function mountSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'token-hub-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fillUp: (left = 0) => truncateSync(filler, writeAll(filler) - left),
    free: () => rmSync(filler),
    protect: () => void execFileSync('mount', ['-o', 'remount,ro', folder]),
    close() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Returns how many bytes there was room for. */
function writeAll(filler: string): number {
  const file = openSync(filler, 'w');
  let size = 0;
  try {
    for (;;) size += writeSync(file, CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    return size;
  } finally {
    closeSync(file);
  }
}
