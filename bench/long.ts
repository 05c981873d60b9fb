// How an account that grows old is used: what must not take longer, and what may take as long as its history. `npm run bench:long`.
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Gateway } from './lib/child-process.ts';
import { jsonOf, runCommand, type Used } from './lib/commands.ts';
import { type Goal, machine, perSecond, printGoals, printTable } from './lib/figures.ts';
import { type MadeLedger, makeLedger } from './lib/made-ledger.ts';
import { json, ledgers, most } from './lib/options.ts';
import { storeUrls } from './lib/stores.ts';
import { makeWorkplace, removeWorkplace } from './lib/workplace.ts';

const SIZES = [100_000, 1_000_000, 10_000_000].filter((size) => size <= most);
const MONTHS = 6;
/** Events of the period that a statement is of: the same work at each size. */
const STATEMENT_EVENTS = 10_000;
/** CPU time at the largest size, as a multiple of that at the smallest, of what reads only a part of the history. */
const GOAL_FLAT = 2;

/** What reads the whole history once, and what reads a part of it. */
const WHOLE = ['balance, no snapshot', 'first seal'] as const;
const FLAT = ['balance', 'balance as of the first week', 'statement', 'next seal', 'start of a gateway'] as const;
type Stage = (typeof WHOLE)[number] | (typeof FLAT)[number];

interface Row {
  readonly made: MadeLedger;
  readonly stages: Readonly<Record<Stage, Used>>;
}

async function measure(folder: string, size: number): Promise<Row> {
  const made = await madeOnce(folder, size);
  const { accountId } = made;
  const [from, to] = [Date.parse(made.from), Date.parse(made.to)];
  const at = (share: number): string => new Date(from + (to - from) * share).toISOString();
  for (const file of globSync(join(folder, 'read-models.db*'))) rmSync(file);
  const run = (...args: string[]): Promise<Used> => runCommand(folder, args);
  const cold = await jsonOf(folder, ['balance', accountId]);
  const period = ['--from', at(0.9), '--to', at(0.9 + STATEMENT_EVENTS / made.events), '--format', 'csv'];
  const stages = {
    'balance, no snapshot': cold,
    balance: await run('balance', accountId),
    'balance as of the first week': await run('balance', accountId, '--as-of', at(7 / (MONTHS * 30))),
    statement: await run('statement', 'export', accountId, ...period),
    'first seal': await run('seal', 'now'),
    'next seal': await run('seal', 'now'),
    'start of a gateway': await startOf(folder),
  };
  return { made, stages };
}

/** Makes the ledger, or takes the one that an earlier run left there. */
async function madeOnce(folder: string, size: number): Promise<MadeLedger> {
  const figures = join(folder, 'made.json');
  if (!existsSync(figures)) {
    mkdirSync(folder, { recursive: true });
    console.error(`making an account of ${size} events`);
    const made = await makeLedger(folder, size, { accounts: 1, months: MONTHS });
    writeFileSync(figures, JSON.stringify({ ...made, charged: String(made.charged) }));
  }
  return JSON.parse(readFileSync(figures, 'utf8')) as MadeLedger;
}

/** Until it listens, with snapshots, but without read models. */
async function startOf(folder: string): Promise<Used> {
  console.error('starting a gateway');
  const start = performance.now();
  const gateway = await Gateway.start(folder, {
    ...storeUrls(folder),
    PEOPLE_URL: `sqlite:${join(folder, 'people.db')}`,
  });
  const seconds = (performance.now() - start) / 1_000;
  const { rssBytes, cpuSeconds } = await gateway.resources();
  await gateway.stop();
  return { seconds, cpuSeconds, maxRssBytes: rssBytes };
}

const goalsOf = (rows: readonly Row[]): Goal[] =>
  FLAT.map((stage) => {
    const [first = Number.NaN, last = first] = [rows[0], rows.at(-1)].map((row) => row?.stages[stage].cpuSeconds);
    const what = `${stage}: CPU time at the largest ÷ at the smallest`;
    return { what, goal: `≤ ${GOAL_FLAT}`, measured: (last / first).toFixed(2), met: last / first <= GOAL_FLAT };
  });

function print(rows: readonly Row[], on: string): void {
  console.log(on);
  const cell = ({ seconds, cpuSeconds, maxRssBytes }: Used): string =>
    `${seconds.toFixed(1)} s, CPU ${cpuSeconds.toFixed(1)} s, ${Math.round(maxRssBytes / 2 ** 20)} MiB`;
  printTable(
    'One account',
    ['events', ...rows.map(({ made }) => perSecond(made.events))],
    [...WHOLE, ...FLAT].map((stage) => [stage, ...rows.map(({ stages }) => cell(stages[stage]))]),
  );
  printGoals(goalsOf(rows));
}

const on = machine();
const workplace = ledgers ?? makeWorkplace();
try {
  const rows: Row[] = [];
  for (const size of SIZES) rows.push(await measure(join(workplace, `one-account-${size}`), size));
  if (json) console.log(JSON.stringify({ machine: on, rows, goals: goalsOf(rows) }, undefined, 2));
  else print(rows, on);
} finally {
  if (ledgers === undefined) removeWorkplace(workplace);
}
