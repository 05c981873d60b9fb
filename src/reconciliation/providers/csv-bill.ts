// A CSV of any provider, by a mapping of its columns.
import { dayOf, readInstant, toInstant } from '../../kernel/index.js';
import { type CsvTable, readCsvTable } from '../csv-table.js';
import { type Bill, type BillRow, TOKEN_KINDS, UnreadableBill } from './bill.js';
import type { BillFile } from './bill-json.js';
import { readDecimal, wholeNumber } from './decimal.js';
import { modelOfLineItem } from './openai-bill.js';

/** What a column may be. */
export const CSV_FIELDS = ['day', 'model', 'cost', 'currency', ...TOKEN_KINDS] as const;
export type CsvField = (typeof CSV_FIELDS)[number];
/** The column of each field, by the header of the file. */
export type CsvMapping = Readonly<Partial<Record<CsvField, string>>>;

type Cells = CsvTable['rows'][number];

/** Adds the rows of files to a bill. A field without a mapping is read from the column of its own name, if there is one. @throws UnreadableBill */
export function readCsv(files: readonly BillFile[], bill: Bill, mapping: CsvMapping): void {
  for (const { name, text } of files) {
    const { header, rows } = cellsOf(name, text);
    const columns = columnsOf(name, header, mapping);
    rows.forEach((cells, index) => {
      try {
        addRow(bill, cells, columns);
      } catch (error) {
        throw new UnreadableBill(`${name}, row ${index + 2}: ${(error as Error).message}`);
      }
    });
  }
}

function cellsOf(name: string, text: string): CsvTable {
  try {
    return readCsvTable(text);
  } catch (error) {
    throw new UnreadableBill(`${name} can’t be read as CSV: ${(error as Error).message}`);
  }
}

function columnsOf(name: string, header: readonly string[], mapping: CsvMapping): CsvMapping {
  const columns: Partial<Record<CsvField, string>> = {};
  for (const field of CSV_FIELDS) {
    const column = mapping[field] ?? (header.includes(field) ? field : undefined);
    if (column !== undefined && !header.includes(column))
      throw new UnreadableBill(`${name} has no column "${column}". It has: ${header.join(', ')}.`);
    if (column !== undefined) columns[field] = column;
  }
  if (columns.day === undefined || columns.model === undefined)
    throw new UnreadableBill(`Say which columns of ${name} are the day and the model. It has: ${header.join(', ')}.`);
  if (columns.cost === undefined && !TOKEN_KINDS.some((kind) => columns[kind] !== undefined))
    throw new UnreadableBill(
      `Say which column of ${name} is the cost, or which are tokens: ${TOKEN_KINDS.join(', ')}.`,
    );
  return columns;
}

function addRow(bill: Bill, cells: Cells, columns: CsvMapping): void {
  const cell = (field: CsvField): string | undefined => {
    const column = columns[field];
    return column === undefined ? undefined : cells[column] || undefined;
  };
  /** Names the column of what can’t be read. */
  const read = <T>(field: CsvField, work: (text: string) => T): T => {
    try {
      return work(cell(field) ?? '');
    } catch (error) {
      throw new RangeError(`column "${columns[field]}": ${(error as Error).message}`);
    }
  };
  const day = read('day', readDay);
  const item = cell('model');
  const cost = cell('cost');
  const kinds = TOKEN_KINDS.filter((kind) => cell(kind) !== undefined);
  // OpenAI's export has a row without anything for a day on which nothing was used.
  if (item === undefined && cost === undefined && kinds.length === 0) return bill.cover(day);
  if (item === undefined) throw new RangeError('it names no model');
  const currency = cell('currency') ?? 'USD';
  if (currency.toUpperCase() !== 'USD') throw new RangeError(`it is in ${currency}; costs are booked in USD`);
  const tokens = Object.fromEntries(kinds.map((kind) => [kind, read(kind, readCount)]));
  const row: BillRow = { day, model: modelOfLineItem(item), ...(kinds.length > 0 && { tokens }) };
  bill.add(cost === undefined ? row : { ...row, cost: read('cost', readDecimal) });
}

function readCount(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new RangeError(`"${text}" is not a count of tokens`);
  return wholeNumber(text);
}

/** A day, an instant, or Unix seconds as in OpenAI's exports. */
const readDay = (text: string): string =>
  dayOf(toInstant(/^\d{9,10}$/.test(text) ? wholeNumber(text) * 1_000 : readInstant(text)));
