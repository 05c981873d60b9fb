// What the gateway adds to a call, how many calls it takes, and whether every token of them was charged. `npm run bench`.
import { setTimeout as delay } from 'node:timers/promises';
import { compare, pair, printComparison, printPairing } from './lib/compare.ts';
import { machine, milliseconds, type Place, printGoals, printMachine } from './lib/figures.ts';
import { printAsJson, reconcile, type Reconciliation, reconciliationLine } from './lib/gateway-ledger.ts';
import { type GatewayFigures, goalsOf } from './lib/goals.ts';
import { latencyFigures, measureLatency, printLatency } from './lib/latency.ts';
import { memoryLine, MemoryWatch } from './lib/memory.ts';
import { against, dists, json, quick } from './lib/options.ts';
import {
  measurePressure,
  type PressureFigures,
  pressureFigures,
  pressureGoals,
  printPressure,
} from './lib/pressure.ts';
import type { Target } from './lib/protocol.ts';
import { type Quietness, Watch } from './lib/quiet.ts';
import { measureRates, printRates, rateFigures } from './lib/rate.ts';
import {
  doubtsOf,
  type Measured,
  printDoubts,
  provenance,
  type Provenance,
  provenanceLine,
  readFigures,
} from './lib/report.ts';
import { buildName, otherBuild } from './lib/rivals.ts';
import { Stage } from './lib/stage.ts';
import { countEvents, eventsInFile, serversHere, stores } from './lib/stores.ts';
import { measureTranslations, printTranslations, translationFigures } from './lib/translation.ts';
import { printWarmUp, type WarmUp, warmUp } from './lib/warm-up.ts';
import { makeWorkplace, measureDisk, removeWorkplace } from './lib/workplace.ts';

const COOL_DOWN_MS = quick ? 500 : 2_000;
const REPEATS = quick ? 0 : 1;

interface Report extends Place, GatewayFigures {
  readonly provenance: Provenance;
  readonly builds: readonly string[];
  readonly targets: readonly Target[];
  readonly warmUp: WarmUp;
  readonly pressure: PressureFigures;
  readonly quietness: Quietness;
  readonly failed: number;
  readonly ledger: Reconciliation;
  /** Of the other builds. */
  readonly otherLedgers: readonly Reconciliation[];
}

async function measure(folder: string): Promise<Report> {
  const place = {
    provenance: provenance(),
    machine: machine(),
    stores,
    disk: eventsInFile ? measureDisk(folder) : undefined,
    eventsBefore: await countEvents(folder),
  };
  const others = dists.slice(1).map((dist, index) => otherBuild(folder, dist, index + 2));
  const stage = await Stage.set(folder, others);
  const watch = new Watch(REPEATS, serversHere);
  const memoryWatch = await MemoryWatch.start(stage);
  const warm = await warmUp(stage);
  const start = await stage.gatewayAppends();
  const scenarios = await measureLatency(stage, watch);
  const end = await stage.gatewayAppends();
  const translations = await measureTranslations(stage, watch);
  const rates = await measureRates(stage, watch);
  await delay(COOL_DOWN_MS);
  const memory = await memoryWatch.end();
  const pressure = await measurePressure(stage);
  const otherLedgers: Reconciliation[] = [];
  const usage = await stage.strike((reconciliation) => otherLedgers.push(reconciliation));
  return {
    ...place,
    builds: dists,
    targets: stage.targets,
    warmUp: warm,
    scenarios,
    durableMs: ((end.seconds - start.seconds) / (end.count - start.count)) * 1_000,
    translations,
    rates,
    memory,
    pressure,
    quietness: watch.quietness,
    failed: stage.failed,
    ledger: await reconcile(folder, stage.ledger, usage),
    otherLedgers,
  };
}

const figuresOf = ({ scenarios, translations, rates, memory, pressure }: Report): Measured[] => [
  ...latencyFigures(scenarios),
  ...translationFigures(translations),
  ...rateFigures(rates),
  { target: 'gateway', what: 'memory', unit: 'bytes', ...memory.during },
  ...pressureFigures(pressure),
];

const isRight = ({ ledger, otherLedgers, failed }: Report): boolean =>
  [ledger, ...otherLedgers].every(({ exact }) => exact) && failed === 0;

const doubts = (report: Report): string[] =>
  doubtsOf({
    quick,
    steady: report.warmUp.steady,
    clean: report.provenance.clean,
    right: isRight(report),
    quietness: report.quietness,
  });

function print(report: Report): void {
  const figures = figuresOf(report);
  printMachine(report);
  console.log(provenanceLine(report.provenance));
  printWarmUp(report.warmUp);
  printLatency(report.scenarios);
  console.log(
    `A hold or a charge was durable after ${milliseconds(report.durableMs)} on average; a call waits for one of each.`,
  );
  printTranslations(report.translations);
  printRates(report.rates, report.targets);
  printPressure(report.pressure);
  console.log(`\n${memoryLine(report.memory)}`);
  printGoals([...goalsOf(report), ...pressureGoals(report.pressure)]);
  for (const dist of report.builds.slice(1)) {
    printPairing('gateway', buildName(dist), pair(figures, 'gateway', buildName(dist)));
  }
  if (against !== undefined) {
    printComparison(`Against ${against}`, compare(readFigures(against), figures));
  }
  printDoubts(doubts(report), report.quietness);
  if (report.failed > 0) console.log(`\n${report.failed} calls FAILED`);
  console.log('');
  for (const ledger of [...report.otherLedgers, report.ledger]) console.log(reconciliationLine(ledger));
}

/** The rounds lie in the figures. */
function printJson(report: Report): void {
  const parts = { scenarios: undefined, translations: undefined, rates: undefined, targets: undefined };
  const more = {
    doubts: doubts(report),
    figures: figuresOf(report),
    goals: [...goalsOf(report), ...pressureGoals(report.pressure)],
  };
  printAsJson({ ...report, ...parts, ...more });
}

const folder = makeWorkplace();
try {
  const report = await measure(folder);
  if (json) printJson(report);
  else print(report);
  if (!isRight(report)) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
