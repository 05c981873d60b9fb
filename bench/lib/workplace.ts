// A folder for one run. It lies in data/, beside where a gateway keeps its ledger: the system's folder for temporary files may be
// memory, where an fsync costs nothing.
import { closeSync, fsyncSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { root } from './built.ts';
import { type Disk, percentile } from './figures.ts';
import { dataFolder } from './options.ts';

const FSYNCS = 500;

export function makeWorkplace(): string {
  const data = resolve(root, dataFolder);
  mkdirSync(data, { recursive: true });
  return mkdtempSync(join(data, 'bench-'));
}

export const removeWorkplace = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** What this disk takes to make 4 KiB durable: the floor under every hold and every charge. */
export function measureDisk(folder: string): Disk {
  const file = openSync(join(folder, 'fsync'), 'w');
  const page = Buffer.alloc(4_096);
  const samples = Array.from({ length: FSYNCS }, (_, index) => {
    const start = performance.now();
    writeSync(file, page, 0, page.length, index * page.length);
    fsyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return { p50: percentile(samples, 50), p99: percentile(samples, 99) };
}
