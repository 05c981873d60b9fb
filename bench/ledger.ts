// What the ledger does in a second: durable pairs of hold and settle, and events replayed. `npm run bench:ledger`.
import { PROJECTIONS } from './lib/built.ts';
import {
  type Goal,
  machine,
  median,
  milliseconds,
  type Place,
  perSecond,
  printGoals,
  printMachine,
  printTable,
} from './lib/figures.ts';
import { printAsJson, usd } from './lib/gateway-ledger.ts';
import { type Charged, LedgerRun, type PacedRow, type PairRow } from './lib/ledger-run.ts';
import { json, quick } from './lib/options.ts';
import { countEvents, eventsInFile, stores } from './lib/stores.ts';
import { printWarmUp, together, type WarmUp } from './lib/warm-up.ts';
import { makeWorkplace, measureDisk, removeWorkplace } from './lib/workplace.ts';

const ACCOUNTS = [1, 1_000];
const IN_FLIGHT = [1, 8, 64, 256];
const CELL_MS = quick ? 700 : 3_000;
const REPLAYS = quick ? 1 : 5;
const GOAL_REPLAY = 150_000;
/** On a server, nine tenths of what a program did that wrote the same events and decided nothing. */
const GOAL_PAIRS = eventsInFile ? { one: 5_000, many: 5_000 } : { one: 3_240, many: 1_440 };
/** What a pair may take beyond the two appends that it waits for, in milliseconds. */
const GOAL_BEYOND_APPENDS = 2;

interface Report extends Place {
  readonly warmUp: WarmUp;
  readonly pairs: readonly PairRow[];
  readonly paced: readonly PacedRow[];
  /** Events a second: the fold of one account, and the catch-up of each read model. */
  readonly replay: Readonly<Record<string, number>>;
  readonly charged: Charged;
}

const FOLD = 'fold of one account';

async function measure(folder: string): Promise<Report> {
  const on = machine();
  const disk = eventsInFile ? measureDisk(folder) : undefined;
  const eventsBefore = eventsInFile ? 0 : await countEvents(folder);
  const runs: LedgerRun[] = [];
  for (const count of ACCOUNTS) runs.push(await LedgerRun.measure(folder, count, IN_FLIGHT, CELL_MS));
  const [single] = runs;
  if (single === undefined) throw new Error('nothing was measured');

  const folds: number[] = [];
  for (let count = 0; count < REPLAYS; count++) folds.push(await single.replay());
  const replay: Record<string, number> = { [FOLD]: median(folds) };
  for (const projection of PROJECTIONS)
    replay[`catch-up of ${projection.view.name}`] = await single.catchUp(folder, projection);

  let charged: Charged = { asked: 0n, events: 0n, balances: 0n, held: 0n };
  for (const run of runs) {
    charged = plus(charged, await run.charged());
    await run.store.close();
  }
  const warmUp = together(runs.map((run) => run.warmUp));
  const [pairs, paced] = [runs.flatMap((run) => run.pairs), runs.flatMap((run) => run.paced ?? [])];
  return { machine: on, stores, disk, eventsBefore, warmUp, pairs, paced, replay, charged };
}

const plus = (a: Charged, b: Charged): Charged => ({
  asked: a.asked + b.asked,
  events: a.events + b.events,
  balances: a.balances + b.balances,
  held: a.held + b.held,
});

const isExact = ({ asked, events, balances, held }: Charged): boolean =>
  asked === events && events === balances && held === 0n;

function goalsOf({ pairs, paced, replay }: Report): Goal[] {
  const most = Math.max(...IN_FLIGHT);
  const atLeast = (what: string, goal: number, value: number): Goal => ({
    what,
    goal: `≥ ${perSecond(goal)}`,
    measured: perSecond(value),
    met: value >= goal,
  });
  const rates = pairs.filter(({ inFlight }) => inFlight === most);
  return [
    ...rates.map(({ accounts, perSecond: rate }) =>
      atLeast(
        `durable pairs per second on ${perSecond(accounts)} ${accounts === 1 ? 'account' : 'accounts'}, ${most} in flight`,
        accounts === 1 ? GOAL_PAIRS.one : GOAL_PAIRS.many,
        rate,
      ),
    ),
    ...paced.map(({ accounts, perSecond: rate, p50, append }): Goal => {
      const goal = 2 * append + GOAL_BEYOND_APPENDS;
      return {
        what: `a pair at ${rate} a second on ${perSecond(accounts)}, p50: two appends and ${GOAL_BEYOND_APPENDS} ms`,
        goal: `≤ ${milliseconds(goal)}`,
        measured: milliseconds(p50),
        met: p50 <= goal,
      };
    }),
    atLeast('events replayed per second, one core', GOAL_REPLAY, replay[FOLD] ?? 0),
  ];
}

function print(report: Report): void {
  const { pairs, paced, replay, charged } = report;
  printMachine(report);
  printWarmUp(report.warmUp);
  printTable(
    'Hold and settle, both durable',
    ['accounts', 'in flight', 'pairs/s', 'p50', 'p99'],
    pairs.map(({ accounts, inFlight, perSecond: rate, p50, p99 }) => [
      perSecond(accounts),
      String(inFlight),
      perSecond(rate),
      milliseconds(p50),
      milliseconds(p99),
    ]),
  );
  printTable(
    'Hold and settle at a fixed rate',
    ['accounts', 'pairs/s', 'p50', 'p99', 'an append alone'],
    paced.map(({ accounts, perSecond: rate, p50, p99, append }) => [
      perSecond(accounts),
      String(rate),
      milliseconds(p50),
      milliseconds(p99),
      milliseconds(append),
    ]),
  );
  printTable(
    'Replay, one core',
    ['', 'events/s'],
    Object.entries(replay).map(([what, rate]) => [what, perSecond(rate)]),
  );
  printGoals(goalsOf(report));
  console.log(
    `\nReconciliation: charged by the callers ${usd(charged.asked)} ${isExact(charged) ? '=' : '≠'} ` +
      `${usd(charged.events)} in events = ${usd(charged.balances)} off the balances (${usd(charged.held)} held)`,
  );
}

const folder = makeWorkplace();
try {
  const report = await measure(folder);
  if (json) printAsJson({ ...report, goals: goalsOf(report) });
  else print(report);
  if (!isExact(report.charged)) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
