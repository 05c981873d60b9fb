// Percentiles of samples, medians of rounds, and how they are printed.
import { cpus, loadavg } from 'node:os';
import Table from 'cli-table3';

/** The nearest-rank percentile of samples, which need not be sorted; NaN when there are none. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = Float64Array.from(samples).toSorted();
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => percentile(samples, 50);

/** What was measured in each round, in one unit, and what that comes to. */
export interface Figure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: readonly number[];
}

export const figureOf = (rounds: readonly number[]): Figure => ({
  median: median(rounds),
  low: Math.min(...rounds),
  high: Math.max(...rounds),
  rounds,
});

/** The median, and in parentheses the lowest and the highest round, without the unit. */
export function withSpread({ median: middle, low, high, rounds }: Figure, shown: (value: number) => string): string {
  const bare = (value: number): string => shown(value).replace(/ \S+$/, '');
  return rounds.length < 2 ? shown(middle) : `${shown(middle)} (${bare(low)} to ${bare(high)})`;
}

export const milliseconds = (value: number): string =>
  Number.isNaN(value) ? '–' : `${value.toFixed(Math.abs(value) < 10 ? 2 : 1)} ms`;

export const mebibytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;

export const times = (ratio: number): string => ratio.toFixed(2);

export const perSecond = (value: number): string => Math.round(value).toLocaleString('en-US');

/** The machine, and how busy it was with other things when the run began. */
export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, load average ${loadavg()[0]?.toFixed(1)}, Node ${process.version}, ${process.platform}`;

/** A durable write of 4 KiB, in milliseconds. */
export interface Disk {
  readonly p50: number;
  readonly p99: number;
}

/** What a run was on. */
export interface Place {
  readonly machine: string;
  readonly stores: string;
  /** Of this machine; where events wait for another one, it says nothing. */
  readonly disk: Disk | undefined;
  /** What the event store held before. */
  readonly eventsBefore: number;
}

export function printMachine({ machine: on, stores, disk, eventsBefore }: Place): void {
  const writes = disk && `; a durable 4 KiB write takes ${milliseconds(disk.p50)} (p99 ${milliseconds(disk.p99)})`;
  console.log(`${on}${writes ?? ''}
${stores}, which held ${perSecond(eventsBefore)} events before`);
}

export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = new Table({ head: [...head], style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  console.log(`\n${title}\n${table.toString()}`);
}

/** A goal, and whether it was met. */
export interface Goal {
  readonly what: string;
  readonly goal: string;
  readonly measured: string;
  readonly met: boolean;
}

export function printGoals(goals: readonly Goal[]): void {
  const rows = goals.map(({ what, goal, measured, met }) => [what, goal, measured, met ? 'met' : 'NOT MET']);
  printTable('Goals', ['', 'goal', 'measured', ''], rows);
}
