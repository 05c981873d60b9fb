// How the work on a whole ledger grows with it: made once, rebuilt, verified, re-rated, exported. `npm run bench:replay`.
import { constants, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernel } from './lib/built.ts';
import { jsonOf, runCommand, type Used } from './lib/commands.ts';
import { type Goal, machine, perSecond, printGoals, printTable } from './lib/figures.ts';
import { printAsJson, usd } from './lib/gateway-ledger.ts';
import { type MadeLedger, makeLedger, MODEL } from './lib/made-ledger.ts';
import { json, ledgers, most } from './lib/options.ts';
import { makeWorkplace, removeWorkplace } from './lib/workplace.ts';

const SIZES = [100_000, 1_000_000, 10_000_000].filter((size) => size <= most);
/** Events a second at the largest size, as a part of those at the smallest: linear growth keeps it near 1. */
const GOAL_LINEAR = 0.75;
/** Memory at the largest size, as a multiple of that at the smallest. */
const GOAL_MEMORY = 2;
/** A dry run over a million charges, on one core. */
const GOAL_DRY_RUN_SECONDS = 60;

/** The amount of a line of the CSV journal about revenue. */
const USAGE_REVENUE = /,revenue:usage,(-?[\d.]+),USD,/;

/** The version that a run on a ledger of an earlier run finds published. */
const REPRICED = 2;

const STAGES = ['rebuild', 'verify', 're-rate (dry run)', 'export (CSV)', 're-rate (apply)'] as const;
type Stage = (typeof STAGES)[number];

interface Row {
  readonly made: MadeLedger;
  readonly stages: Readonly<Record<Stage, Used>>;
  /** What the ledger charged by each of those who were asked, in pico-dollars. */
  readonly charged: Readonly<Record<string, bigint>>;
}

async function measure(folder: string, size: number): Promise<Row> {
  const made = await madeOnce(folder, size);
  const rebuild = await runCommand(folder, ['replay']);
  const verify = await jsonOf(folder, ['verify']);
  const { charged: dryRun, used: rerate, period, due } = await rerateDryRun(folder, made);
  const exported = { revenue: 0n };
  const csv = await runCommand(folder, ['export', 'journal', '--format', 'csv'], (line) => {
    const amount = USAGE_REVENUE.exec(line)?.[1];
    if (amount !== undefined) exported.revenue -= kernel.usd(amount);
  });
  const booked =
    (verify.answer as Verification).trialBalance.find(({ account }) => account === 'revenue:usage')?.balance ?? '0.00';
  const { difference, used: apply } = await rerateApplied(folder, period);
  const sums = { books: -kernel.usd(booked), journal: exported.revenue, dryRun, applied: due - difference };
  const stages = { rebuild, verify, 're-rate (dry run)': rerate, 'export (CSV)': csv, 're-rate (apply)': apply };
  return { made, stages, charged: { usage: made.charged, ...sums } };
}

interface Verification {
  readonly trialBalance: readonly { readonly account: string; readonly balance: string }[];
}

/** Makes the ledger, or takes the one that an earlier run left there. */
async function madeOnce(folder: string, size: number): Promise<MadeLedger> {
  const figures = join(folder, 'made.json');
  if (existsSync(figures)) {
    const { charged, ...made } = JSON.parse(readFileSync(figures, 'utf8')) as Omit<MadeLedger, 'charged'> & {
      readonly charged: string;
    };
    return { ...made, charged: BigInt(charged) };
  }
  mkdirSync(folder, { recursive: true });
  console.error(`making a ledger of ${size} events`);
  const made = await makeLedger(folder, size);
  writeFileSync(figures, JSON.stringify({ ...made, charged: String(made.charged) }));
  return made;
}

interface Prices {
  readonly models: { model: string; bands: { price: { output: string } }[] }[];
}

interface DryRun {
  readonly totals: { readonly charged: string; readonly due: string };
}

/** Publishes the prices with the model's output at half its price, from the beginning, and asks what that would change. */
async function rerateDryRun(folder: string, { from, to }: MadeLedger) {
  const prices = (await jsonOf(folder, ['prices', 'show'])).answer as Prices;
  for (const { model, bands } of prices.models) {
    if (model !== MODEL) continue;
    for (const { price } of bands) price.output = kernel.formatUsd(kernel.picoUsd(kernel.usd(price.output) / 2n));
  }
  const file = join(folder, 'prices.json');
  writeFileSync(file, JSON.stringify(prices));
  const published = ['prices', 'publish', file, '--effective-from', from, '--reason', 'half the output', '--yes'];
  const { version = REPRICED } = (await jsonOf(folder, published)).answer as { readonly version?: number };
  const period = ['rerate', '--from', from, '--to', to, '--price-list', String(version)];
  const { answer, ...used } = await jsonOf(folder, [...period, '--csv', join(folder, 'report.csv')]);
  const { charged, due } = (answer as DryRun).totals;
  return { charged: kernel.usd(charged), due: kernel.usd(due), used, period };
}

interface Run {
  readonly run: string;
  readonly appliedDifference: string;
}

/** Proposes, approves and applies that run, on a copy: a later run of the benchmark finds the ledger as it was. */
async function rerateApplied(folder: string, period: readonly string[]): Promise<{ difference: bigint; used: Used }> {
  const copy = `${folder}-applied`;
  cpSync(folder, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  try {
    const proposal = await jsonOf(copy, [...period, '--propose', '--reason', 'half the output']);
    const { run } = proposal.answer as Run;
    await jsonOf(copy, ['rerate', 'approve', run, '--approved-by', 'console']);
    const { answer, ...used } = await jsonOf(copy, ['rerate', 'apply', run]);
    return { difference: kernel.usd((answer as Run).appliedDifference), used };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function goalsOf(rows: readonly Row[]): Goal[] {
  const [first, last] = [rows[0], rows.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rate = (row: Row, stage: Stage): number => row.made.events / row.stages[stage].seconds;
  const linear = STAGES.map((stage): Goal => {
    const ratio = rate(last, stage) / rate(first, stage);
    return {
      what: `${stage}: rate at the largest ÷ at the smallest`,
      goal: `≥ ${GOAL_LINEAR}`,
      measured: ratio.toFixed(2),
      met: ratio >= GOAL_LINEAR,
    };
  });
  const memory = STAGES.map((stage): Goal => {
    const ratio = last.stages[stage].maxRssBytes / first.stages[stage].maxRssBytes;
    return {
      what: `${stage}: memory at the largest ÷ at the smallest`,
      goal: `≤ ${GOAL_MEMORY}`,
      measured: ratio.toFixed(2),
      met: ratio <= GOAL_MEMORY,
    };
  });
  const { seconds } = last.stages['re-rate (dry run)'];
  const perMillion = (seconds / last.made.charges) * 1_000_000;
  const dryRun = {
    what: 'a dry run over 1,000,000 charges',
    goal: `≤ ${GOAL_DRY_RUN_SECONDS} s`,
    measured: `${perMillion.toFixed(1)} s`,
    met: perMillion <= GOAL_DRY_RUN_SECONDS,
  };
  return [...linear, ...memory, dryRun];
}

const isExact = ({ charged }: Row): boolean => Object.values(charged).every((sum) => sum === charged['usage']);

function print(rows: readonly Row[], on: string): void {
  console.log(on);
  printTable(
    'Work on a whole ledger',
    ['events', ...STAGES.flatMap((stage) => [stage, 'memory'])],
    rows.map(({ made, stages }) => [
      perSecond(made.events),
      ...STAGES.flatMap((stage) => [
        `${perSecond(made.events / stages[stage].seconds)}/s`,
        `${Math.round(stages[stage].maxRssBytes / 2 ** 20)} MiB`,
      ]),
    ]),
  );
  printGoals(goalsOf(rows));
  for (const row of rows) {
    const { usage, ...others } = row.charged;
    const said = Object.entries(others).map(([who, sum]) => `${usd(sum)} (${who})`);
    console.log(
      `Reconciliation at ${perSecond(row.made.events)} events: usage × price ${usd(usage ?? 0n)} ${isExact(row) ? '=' : '≠'} ${said.join(' = ')}`,
    );
  }
}

const on = machine();
const workplace = ledgers ?? makeWorkplace();
try {
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(await measure(join(workplace, String(size)), size));
  if (json) printAsJson({ machine: on, rows, goals: goalsOf(rows) });
  else print(rows, on);
  if (!rows.every(isExact)) process.exitCode = 1;
} finally {
  if (ledgers === undefined) removeWorkplace(workplace);
}
