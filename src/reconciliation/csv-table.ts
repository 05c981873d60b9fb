// CSV files that others export: the first line names the columns.
import { parse } from 'csv-parse/sync';

export interface CsvTable {
  readonly header: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Reads a CSV, also one that has no rows. @throws Error for one that is broken, or empty */
export function readCsvTable(text: string): CsvTable {
  let header: readonly string[] = [];
  const columns = (names: string[]): string[] => {
    header = names;
    return names;
  };
  const rows = parse(text, { columns, bom: true, skip_empty_lines: true, trim: true }) as CsvTable['rows'];
  if (header.length === 0) throw new Error('it is empty, without even the names of columns');
  return { header, rows };
}
