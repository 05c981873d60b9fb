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
  for (const row of rows) table.push(head.map((column) => String(row[column] ?? '')));
  console.log(table.toString());
}

/** Prints one thing as a two-column table, or as JSON. */
export function printFields(command: Command, fields: TableRow): void {
  if (wantsJson(command)) return printJson(fields);
  const table = new Table({ style: { head: [], border: [], compact: true } });
  for (const [name, value] of Object.entries(fields)) table.push([name, String(value ?? '')]);
  console.log(table.toString());
}

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

export const wantsJson = (command: Command): boolean => command.optsWithGlobals<{ json?: boolean }>().json === true;

/** Prints a line, and waits while whoever reads it is slow: what is printed line by line may be larger than the memory. */
export async function printLine(line: string): Promise<void> {
  if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
}
