// Ten minutes of calls with everything that wears a gateway out: bodies that never end, silent connections, an event store that goes away
// twice. What it holds of memory must not grow, and what it charged must be right. `npm run bench:soak`.
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Goal,
  machine,
  mebibytes as mib,
  median,
  perSecond,
  type Place,
  printGoals,
  printMachine,
} from './lib/figures.ts';
import { printAsJson, reconcile, type Reconciliation, reconciliationLine } from './lib/gateway-ledger.ts';
import { json, quick } from './lib/options.ts';
import type { LoadFigures, NuisanceFigures } from './lib/protocol.ts';
import { Stage } from './lib/stage.ts';
import type { StandIn } from './lib/stand-in.ts';
import { countEvents, standIn, stores } from './lib/stores.ts';
import { makeWorkplace, removeWorkplace } from './lib/workplace.ts';

const MINUTE_MS = quick ? 6_000 : 60_000;
const MINUTES = 10;
/** The minutes in whose middle the event store goes away. */
const OUTAGES = [4, 7];
const OUTAGE_MS = MINUTE_MS / 4;
const CALLS_PER_SECOND = 60;
const UNFINISHED_BODIES = 40;
const SILENT_CONNECTIONS = 20;
const SAMPLE_MS = MINUTE_MS / 60;
/** Holds of calls that an outage cut off are released by then. */
const COOL_DOWN_MS = quick ? 5_000 : 30_000;
const MOST_GROWTH = 1.1;

interface Report extends Place {
  /** Medians of what the process held in each minute, in bytes. */
  readonly memory: readonly number[];
  readonly memoryAfter: number;
  readonly load: LoadFigures;
  readonly nuisance: NuisanceFigures;
  readonly ledger: Reconciliation;
}

async function measure(folder: string, store: StandIn): Promise<Report> {
  const place = { machine: machine(), stores, disk: undefined, eventsBefore: await countEvents(folder) };
  const stage = await Stage.set(folder);
  const target = stage.gatewayTo('openai');
  await stage.annoy({ ...target, unfinishedBodies: UNFINISHED_BODIES, silentConnections: SILENT_CONNECTIONS });
  const load = stage.run({ target, stream: true, pace: { perSecond: CALLS_PER_SECOND }, forMs: MINUTES * MINUTE_MS });
  const memory: number[] = [];
  for (let minute = 1; minute <= MINUTES; minute++) {
    const outage = OUTAGES.includes(minute) ? takeAway(store) : Promise.resolve();
    memory.push(await medianMemory(stage));
    await outage;
    console.error(`minute ${minute}: ${mib(memory.at(-1) ?? 0)}`);
  }
  const figures = await load;
  const nuisance = await stage.peace();
  await delay(COOL_DOWN_MS);
  const { rssBytes: memoryAfter } = await stage.gatewayResources();
  const ledger = await reconcile(folder, stage.ledger, await stage.strike());
  return { ...place, memory, memoryAfter, load: figures, nuisance, ledger };
}

async function takeAway(store: StandIn): Promise<void> {
  await delay(MINUTE_MS / 3);
  await store.goDown();
  console.error('the event store is away');
  await delay(OUTAGE_MS);
  await store.comeBack();
  console.error('the event store is back');
}

/** The median of what the gateway holds in the minute that begins now. */
async function medianMemory(stage: Stage): Promise<number> {
  const samples: number[] = [];
  const end = performance.now() + MINUTE_MS;
  while (performance.now() < end) {
    samples.push((await stage.gatewayResources()).rssBytes);
    await delay(SAMPLE_MS);
  }
  return median(samples);
}

function goalsOf({ memory, memoryAfter }: Report): Goal[] {
  const first = memory[0] ?? Number.NaN;
  const goal = (what: string, bytes: number): Goal => ({
    what,
    goal: `≤ ${mib(first * MOST_GROWTH)}`,
    measured: mib(bytes),
    met: bytes <= first * MOST_GROWTH,
  });
  return [goal('memory in the last minute', memory.at(-1) ?? Number.NaN), goal('memory after it', memoryAfter)];
}

function print(report: Report): void {
  const { memory, load, nuisance, ledger } = report;
  printMachine(report);
  console.log(
    `${perSecond(load.calls)} calls, ${perSecond(load.failed)} of them refused or cut off while the event store was away, ${perSecond(load.refused)} refused for too much to do\n` +
      `${perSecond(nuisance.connections)} connections of others, which sent ${mib(nuisance.sentBytes)}\n` +
      `Memory by the minute: ${memory.map(mib).join(', ')}`,
  );
  printGoals(goalsOf(report));
  console.log(`\n${reconciliationLine(ledger)}`);
}

if (standIn === undefined) throw new Error('A soak takes its event store away: run it with --event-store stand-in.');
const folder = makeWorkplace();
try {
  const report = await measure(folder, standIn);
  if (json) printAsJson({ ...report, goals: goalsOf(report) });
  else print(report);
  if (!report.ledger.exact || goalsOf(report).some(({ met }) => !met)) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
