import type { Command } from 'commander';
import Table from 'cli-table3';
import { Refused } from '../kernel/index.js';
import { ConfigurationError } from '../config.js';
import { PoisonEvent, ReadModelsUnavailable } from '../event-store/index.js';

/** The exit code of a command that Ctrl-C ended, as shells have it. */
export const CANCELLED = 130;

/** A mistake of the person at the terminal: one sentence, no stack. */
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

/** Ends with exit code 1 and a sentence; the stack only where the fault is ours. */
export function fail(error: unknown): void {
  const known =
    error instanceof Refused ||
    error instanceof UsageError ||
    error instanceof ConfigurationError ||
    error instanceof PoisonEvent ||
    error instanceof ReadModelsUnavailable ||
    isSystemError(error);
  console.error(known ? `tokenhub: ${(error as Error).message}` : error);
  process.exitCode = 1;
}

const isSystemError = (error: unknown): boolean => error instanceof Error && 'code' in error;
