// What the gateway holds of memory over a million calls, by step, and whether that is flat. `npm run bench:memory`.
import {
  type Goal,
  machine,
  mebibytes,
  perSecond,
  type Place,
  printGoals,
  printMachine,
  printTable,
  times,
} from './lib/figures.ts';
import { printAsJson, reconcile, type Reconciliation, reconciliationLine } from './lib/gateway-ledger.ts';
import { MOST_MEMORY } from './lib/goals.ts';
import { growth, isFlat } from './lib/memory.ts';
import { calls, json } from './lib/options.ts';
import type { MemoryParts } from './lib/protocol.ts';
import { provenance, type Provenance, provenanceLine } from './lib/report.ts';
import { Stage } from './lib/stage.ts';
import { countEvents, stores } from './lib/stores.ts';
import { makeWorkplace, removeWorkplace } from './lib/workplace.ts';

const STEPS = 20;
const IN_FLIGHT = 32;
/** One of so many calls is a stream. */
const STREAMS_EVERY = 10;

interface Step extends MemoryParts {
  /** Since the beginning. */
  readonly calls: number;
  readonly perSecond: number;
}

interface Report extends Place {
  readonly provenance: Provenance;
  readonly steps: readonly Step[];
  readonly failed: number;
  readonly ledger: Reconciliation;
}

async function measure(folder: string): Promise<Report> {
  const eventsBefore = await countEvents(folder);
  const place = { provenance: provenance(), machine: machine(), stores, disk: undefined, eventsBefore };
  const stage = await Stage.set(folder);
  const order = { target: stage.gatewayTo('openai'), pace: { inFlight: IN_FLIGHT }, forMs: Number.POSITIVE_INFINITY };
  const streams = Math.ceil(calls / STEPS / STREAMS_EVERY);
  const steps: Step[] = [];
  while (steps.length < STEPS) {
    await stage.run({ ...order, stream: true, most: streams });
    const figures = await stage.run({ ...order, stream: false, most: Math.ceil(calls / STEPS) - streams });
    const memory = await stage.gatewayMemory();
    steps.push({ calls: Math.ceil(calls / STEPS) * (steps.length + 1), perSecond: figures.perSecond, ...memory });
    console.error(`${perSecond(steps.at(-1)?.calls ?? 0)} calls: ${mebibytes(memory.rssBytes)}`);
  }
  const ledger = await reconcile(folder, stage.ledger, await stage.strike());
  return { ...place, steps, failed: stage.failed, ledger };
}

function goalsOf({ steps }: Report): Goal[] {
  const memory = steps.map(({ rssBytes }) => rssBytes);
  const most = Math.max(...memory);
  return [
    {
      what: 'memory, at most',
      goal: `< ${mebibytes(MOST_MEMORY)}`,
      measured: mebibytes(most),
      met: most < MOST_MEMORY,
    },
    {
      what: 'flat: last quarter ÷ second quarter',
      goal: '≤ 1.05',
      measured: times(growth(memory)),
      met: isFlat(memory),
    },
  ];
}

function print(report: Report): void {
  printMachine(report);
  console.log(provenanceLine(report.provenance));
  printTable(
    'Memory of the gateway',
    ['calls', 'plain calls/s', 'memory', 'of it V8’s heap', 'objects in it', 'buffers beside it'],
    report.steps.map((step) => [
      perSecond(step.calls),
      perSecond(step.perSecond),
      mebibytes(step.rssBytes),
      mebibytes(step.heapBytes),
      mebibytes(step.objectBytes),
      mebibytes(step.bufferBytes),
    ]),
  );
  printGoals(goalsOf(report));
  if (report.failed > 0) console.log(`\n${report.failed} calls FAILED`);
  console.log(`\n${reconciliationLine(report.ledger)}`);
}

const folder = makeWorkplace();
try {
  const report = await measure(folder);
  if (json) printAsJson({ ...report, goals: goalsOf(report) });
  else print(report);
  if (!report.ledger.exact || report.failed > 0) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
