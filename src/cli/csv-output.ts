import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { SAFE_CSV } from '../platform/http/index.js';

/** Writes rows to a CSV file that a spreadsheet can open safely, while they are read. */
export const writeCsv = (file: string, columns: readonly string[], rows: AsyncIterable<object>): Promise<void> =>
  pipeline(Readable.from(rows), stringify({ ...SAFE_CSV, columns: [...columns] }), createWriteStream(file));
