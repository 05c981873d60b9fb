// What the ledger does in a second: durable pairs of hold and settle, and events replayed. `npm run bench:ledger`.
import { join } from 'node:path';
import { type BenchAccount, openAccount } from './lib/accounts.ts';
import { eventStore, kernel, ledger, PROJECTIONS, SqliteEventStore, SqliteReadModelStore } from './lib/built.ts';
import {
  type Goal,
  machine,
  median,
  milliseconds,
  percentile,
  perSecond,
  printGoals,
  printTable,
} from './lib/figures.ts';
import { json, quick } from './lib/options.ts';
import { runPairs } from './lib/pairs.ts';
import { fsyncMs, makeWorkplace, removeWorkplace } from './lib/workplace.ts';

const ACCOUNTS = [1, 1_000];
const IN_FLIGHT = [1, 8, 64, 256];
const CELL_MS = quick ? 700 : 3_000;
const REPLAYS = quick ? 1 : 5;
const PAGE = 1_000;
const GOAL_PAIRS = 5_000;
const GOAL_REPLAY = 150_000;

type EventStore = Awaited<ReturnType<typeof SqliteEventStore.open>>;

interface PairRow {
  readonly accounts: number;
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

interface Run {
  readonly pairs: readonly PairRow[];
  readonly charged: bigint;
  readonly store: EventStore;
  readonly accounts: readonly BenchAccount[];
}

async function measurePairs(folder: string, count: number): Promise<Run> {
  const store = await SqliteEventStore.open(join(folder, `events-${count}.db`));
  const readModels = await SqliteReadModelStore.open(join(folder, `snapshots-${count}.db`));
  const writer = new ledger.Accounts(store, readModels);
  const accounts = await Promise.all(Array.from({ length: count }, () => openAccount(writer, '1000000')));
  const pairs: PairRow[] = [];
  let charged = (await runPairs(writer, accounts, 64, CELL_MS / 2)).charged; // warms up
  for (const inFlight of IN_FLIGHT) {
    const figures = await runPairs(writer, accounts, inFlight, CELL_MS);
    charged += figures.charged;
    const [p50, p99] = [50, 99].map((percent) => percentile(figures.latencies, percent)) as [number, number];
    pairs.push({ accounts: count, inFlight, perSecond: figures.perSecond, p50, p99 });
  }
  await readModels.close();
  return { pairs, charged, store, accounts };
}

/** Folds one account's stream from the file on this thread. */
async function replay(store: EventStore, accountId: string): Promise<{ events: number; perSecond: number }> {
  const stream = ledger.accountStream(accountId);
  const start = performance.now();
  let state = ledger.noAccount();
  let events = 0;
  for (;;) {
    const page = await store.readStream(stream, events, PAGE);
    for (const event of page) state = ledger.account.evolve(state, ledger.readAccountEvent(event));
    events += page.length;
    if (page.length < PAGE) break;
  }
  return { events, perSecond: (events / (performance.now() - start)) * 1_000 };
}

/** Builds a read model from nothing. */
async function catchUp(store: EventStore, folder: string, index: number): Promise<number> {
  const projection = PROJECTIONS[index];
  if (projection === undefined) throw new RangeError(`there is no projection ${index}`);
  const readModels = await SqliteReadModelStore.open(join(folder, `${projection.view.name}.db`));
  const start = performance.now();
  let events = 0;
  await new eventStore.Projector(store, readModels, projection).catchUp((progress) => (events = progress.events));
  const perSecondNow = (events / (performance.now() - start)) * 1_000;
  await readModels.close();
  return perSecondNow;
}

/** What the ledger says was charged, read from its events, and from the states they fold to. */
async function chargedBy({ store, accounts }: Run): Promise<{ events: bigint; states: bigint; held: bigint }> {
  let [events, states, held] = [0n, 0n, 0n];
  for (const { accountId } of accounts) {
    let state = ledger.noAccount();
    for (let from = 0; ; from += PAGE) {
      const page = await store.readStream(ledger.accountStream(accountId), from, PAGE);
      for (const recorded of page) {
        const event = ledger.readAccountEvent(recorded);
        if (event.type === 'TokensCharged') events += kernel.usd(event.data.cost);
        state = ledger.account.evolve(state, event);
      }
      if (page.length < PAGE) break;
    }
    states += kernel.usd('1000000') - ledger.posted(state);
    held += state.held;
  }
  return { events, states, held };
}

const folder = makeWorkplace();
try {
  const fsync = fsyncMs(folder);
  const runs: Run[] = [];
  for (const count of ACCOUNTS) runs.push(await measurePairs(folder, count));
  const [single] = runs;
  const accountId = single?.accounts[0]?.accountId;
  if (single === undefined || accountId === undefined) throw new Error('nothing was measured');

  const replays: { events: number; perSecond: number }[] = [];
  for (let count = 0; count < REPLAYS; count++) replays.push(await replay(single.store, accountId));
  const replayed = median(replays.map((figures) => figures.perSecond));
  const projections: { name: string; perSecond: number }[] = [];
  for (const [index, { view }] of PROJECTIONS.entries())
    projections.push({ name: view.name, perSecond: await catchUp(single.store, folder, index) });

  const sums = await Promise.all(runs.map(async (run) => ({ asked: run.charged, ...(await chargedBy(run)) })));
  const total = (pick: (sum: (typeof sums)[number]) => bigint): bigint =>
    sums.reduce((all, sum) => all + pick(sum), 0n);
  const asked = total((sum) => sum.asked);
  const events = total((sum) => sum.events);
  const states = total((sum) => sum.states);
  const reconciled = asked === events && asked === states && total((sum) => sum.held) === 0n;
  for (const { store } of runs) await store.close();

  const pairs = runs.flatMap((run) => run.pairs);
  const atMost = Math.min(...pairs.filter(({ inFlight }) => inFlight === 256).map((row) => row.perSecond));
  const goals: Goal[] = [
    {
      what: 'durable pairs per second, 256 in flight (the lower of both)',
      goal: `≥ ${perSecond(GOAL_PAIRS)}`,
      measured: perSecond(atMost),
      met: atMost >= GOAL_PAIRS,
    },
    {
      what: 'events replayed per second, one core',
      goal: `≥ ${perSecond(GOAL_REPLAY)}`,
      measured: perSecond(replayed),
      met: replayed >= GOAL_REPLAY,
    },
  ];

  if (json) {
    const charged = { asked: String(asked), events: String(events), states: String(states), reconciled };
    console.log(
      JSON.stringify(
        { machine: machine(), fsyncMs: fsync, pairs, replay: replays, projections, goals, charged },
        null,
        2,
      ),
    );
  } else {
    console.log(`${machine()}; a durable 4 KiB write takes ${milliseconds(fsync)}`);
    printTable(
      'Hold and settle, both durable',
      ['accounts', 'in flight', 'pairs/s', 'p50', 'p99'],
      pairs.map((row) => [
        perSecond(row.accounts),
        String(row.inFlight),
        perSecond(row.perSecond),
        milliseconds(row.p50),
        milliseconds(row.p99),
      ]),
    );
    printTable(
      'Replay',
      ['', 'events/s'],
      [
        [`fold of one account, ${perSecond(replays[0]?.events ?? 0)} events`, perSecond(replayed)],
        ...projections.map(({ name, perSecond: rate }) => [`catch-up of ${name}`, perSecond(rate)]),
      ],
    );
    printGoals(goals);
    const sign = reconciled ? '=' : '≠';
    const usd = (pico: bigint): string => kernel.formatUsd(kernel.picoUsd(pico));
    console.log(
      `\nReconciliation: charged by the callers $${usd(asked)} ${sign} $${usd(events)} in events = $${usd(states)} off the balances`,
    );
  }
  if (!reconciled) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
