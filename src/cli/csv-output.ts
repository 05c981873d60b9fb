import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { SAFE_CSV } from '../platform/http/index.js';
import { UsageError } from './output.js';

/** Writes rows to a CSV file that a spreadsheet can open safely, while they are read. */
export async function writeCsv(file: string, columns: readonly string[], rows: AsyncIterable<object>): Promise<void> {
  const to = await open(file, 'w').catch((error: unknown) => {
    throw new UsageError(`${file} can’t be written: ${(error as Error).message}`);
  });
  await pipeline(Readable.from(rows), stringify({ ...SAFE_CSV, columns: [...columns] }), to.createWriteStream());
}
