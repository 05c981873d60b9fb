// Rows as a CSV file that a spreadsheet can open safely, made while they are read.
import { pipeline, Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { type Options, stringify } from 'csv-stringify';
import { formatUsd, picoUsd } from '../../kernel/index.js';

/** A cell: amounts stay numbers until the end, so that the minus of one is never taken for the beginning of a formula. */
export type CsvRow = Readonly<Record<string, string | number | bigint | null>>;

/**
 * A spreadsheet takes text that begins with = + - @ for a formula (owasp.org/www-community/attacks/CSV_Injection), and
 * Excel reads UTF-8 as such only after a byte-order mark (the page "Opening CSV UTF-8 files correctly in Excel" of its
 * support). The journal for accounting programs has none: it has no letters that need it, and importers take it for
 * part of the first column's name.
 */
export const SAFE_CSV: Options = {
  header: true,
  bom: true,
  escape_formulas: true,
  cast: { bigint: (amount) => formatUsd(picoUsd(amount)) },
};

/** An error while rows are read breaks the answer off: a file that ends early is never taken for a whole one. */
export function csvFile(
  name: string,
  columns: readonly string[],
  rows: AsyncIterable<CsvRow> | Iterable<CsvRow>,
): StreamableFile {
  const csv = pipeline(Readable.from(rows), stringify({ ...SAFE_CSV, columns: [...columns] }), () => {
    // The error is the stream’s own, too, where whoever sends it sees it.
  });
  return new StreamableFile(csv, { type: 'text/csv; charset=utf-8', disposition: `attachment; filename="${name}"` });
}
