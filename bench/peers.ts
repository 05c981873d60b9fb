// The gateway beside programs of others that can be installed from registries, in one run. `npm run bench:peers`.
import { compare, printComparison } from './lib/compare.ts';
import { machine, mebibytes, type Place, printMachine, printTable } from './lib/figures.ts';
import { printAsJson, reconcile, type Reconciliation, reconciliationLine } from './lib/gateway-ledger.ts';
import { latencyFigures, measureLatency, printLatency, type Scenario } from './lib/latency.ts';
import { against, json, quick } from './lib/options.ts';
import { PEERS } from './lib/peers.ts';
import type { Target } from './lib/protocol.ts';
import { type Quietness, Watch } from './lib/quiet.ts';
import { measureRates, printRates, rateFigures, type Rates } from './lib/rate.ts';
import {
  doubtsOf,
  type Measured,
  printDoubts,
  provenance,
  type Provenance,
  provenanceLine,
  readFigures,
} from './lib/report.ts';
import type { RivalStart } from './lib/rivals.ts';
import { Stage } from './lib/stage.ts';
import { countEvents, eventsInFile, serversHere, stores } from './lib/stores.ts';
import { printWarmUp, type WarmUp, warmUp } from './lib/warm-up.ts';
import { makeWorkplace, measureDisk, removeWorkplace } from './lib/workplace.ts';

const REPEATS = quick ? 0 : 1;

interface Report extends Place {
  readonly provenance: Provenance;
  /** With the reason. */
  readonly missing: Readonly<Record<string, string>>;
  readonly targets: readonly Target[];
  readonly warmUp: WarmUp;
  readonly scenarios: readonly Scenario[];
  readonly rates: readonly Rates[];
  /** When all is done, in bytes. */
  readonly memory: Readonly<Record<string, number>>;
  /** Calls that did not end with a whole 200. */
  readonly failures: Readonly<Record<string, number>>;
  readonly quietness: Quietness;
  readonly ledger: Reconciliation;
}

/** Starts those that could be installed and come up; notes the others as missing. */
const starts = (missing: Record<string, string>): RivalStart[] =>
  PEERS.map(({ name, install, start }) => async (upstream) => {
    try {
      install();
      return await start(upstream);
    } catch (error) {
      missing[name] = String(error);
      return undefined;
    }
  });

async function measure(folder: string): Promise<Report> {
  const missing: Record<string, string> = {};
  const place = {
    provenance: provenance(),
    machine: machine(),
    stores,
    disk: eventsInFile ? measureDisk(folder) : undefined,
    eventsBefore: await countEvents(folder),
  };
  const stage = await Stage.set(folder, starts(missing));
  const watch = new Watch(REPEATS, serversHere);
  const warm = await warmUp(stage);
  const scenarios = await measureLatency(stage, watch);
  const rates = await measureRates(stage, watch);
  const memory: Record<string, number> = {};
  for (const target of stage.targets) memory[target.name] = (await stage.resources(target))?.rssBytes ?? Number.NaN;
  const ledger = await reconcile(folder, stage.ledger, await stage.strike());
  const measured = { missing, targets: stage.targets, warmUp: warm, scenarios, rates, memory, ledger };
  return { ...place, ...measured, failures: Object.fromEntries(stage.failures), quietness: watch.quietness };
}

const figuresOf = ({ scenarios, rates }: Report): Measured[] => [...latencyFigures(scenarios), ...rateFigures(rates)];

/** A peer may fail; it is said beside its name. */
const isRight = ({ ledger, failures }: Report): boolean => ledger.exact && (failures['gateway'] ?? 0) === 0;

const doubts = (report: Report): string[] =>
  doubtsOf({
    quick,
    steady: report.warmUp.steady,
    clean: report.provenance.clean,
    right: isRight(report),
    quietness: report.quietness,
  });

const DOES: Readonly<Record<string, string>> = {
  'pass-through': 'node:http and undici: no key, no limits, no ledger',
  gateway: 'checks the key, its limits and the balance; a durable hold before, a durable charge after, and read models',
};

function printPeers({ targets, missing, memory, failures }: Report): void {
  const rows = targets
    .filter(({ name }) => name !== 'direct')
    .map(({ name }) => [
      name,
      PEERS.find((peer) => peer.name === name)?.does ?? DOES[name] ?? '',
      Number.isNaN(memory[name]) ? '–' : mebibytes(memory[name] ?? 0),
      String(failures[name] ?? 0),
    ]);
  printTable('What each does for a call', ['', 'does', 'memory after', 'failed calls'], rows);
  for (const [name, reason] of Object.entries(missing)) console.log(`MISSING: ${name}. ${reason}`);
}

function print(report: Report): void {
  printMachine(report);
  console.log(provenanceLine(report.provenance));
  printWarmUp(report.warmUp);
  printPeers(report);
  printLatency(report.scenarios);
  printRates(report.rates, report.targets);
  if (against !== undefined) {
    printComparison(`Against ${against}`, compare(readFigures(against), figuresOf(report)));
  }
  printDoubts(doubts(report), report.quietness);
  console.log(`\n${reconciliationLine(report.ledger)}`);
}

/** The rounds lie in the figures. */
function printJson(report: Report): void {
  const parts = { scenarios: undefined, rates: undefined, targets: undefined };
  printAsJson({ ...report, ...parts, doubts: doubts(report), figures: figuresOf(report) });
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
