import { once } from 'node:events';
import type { Command } from 'commander';
import Table from 'cli-table3';

/** A mistake of the user: reported in one sentence, without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Cell = string | number | boolean | null | undefined;
export type TableRow = Readonly<Record<string, Cell>>;

/** Prints rows as a table, or as JSON where the command was given --json. */
export function printRows(command: Command, rows: readonly TableRow[], empty: string): void {
  if (wantsJson(command)) return printJson(rows);
  if (rows.length === 0) return console.log(empty);
  const head = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const table = new Table({ head, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(head.map((column) => textOf(row[column])));
  console.log(table.toString());
}

/** Prints one thing as a two-column table, or as JSON. */
export function printFields(command: Command, fields: TableRow): void {
  if (wantsJson(command)) return printJson(fields);
  const table = new Table({ style: { head: [], border: [], compact: true } });
  for (const [name, value] of Object.entries(fields)) table.push([name, textOf(value)]);
  console.log(table.toString());
}

const textOf = (cell: Cell): string => visible(String(cell ?? ''));

export const printJson = (value: unknown): void => console.log(visible(JSON.stringify(value ?? null, null, 2)));

/** What is neither a line's end nor to be seen: a terminal would obey it, and write other lines than these, or in another direction. */
const INVISIBLE = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** A text of somebody else's for a terminal, with JSON's escapes for what would not be seen. */
const visible = (text: string): string =>
  text.replaceAll(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const wantsJson = (command: Command): boolean => command.optsWithGlobals<{ json?: boolean }>().json === true;

/** Prints a line, and waits while whoever reads it is slow: what is printed line by line may be larger than the memory. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
