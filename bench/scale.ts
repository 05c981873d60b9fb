// Several gateways on the same two servers: calls a second of 1, 2 and 4 of them, and what everything used. `npm run bench:scale`.
import { mkdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Child, type Gateway } from './lib/child-process.ts';
import {
  type Figure,
  figureOf,
  machine,
  milliseconds,
  perSecond,
  type Place,
  printMachine,
  printTable,
  times,
  withSpread,
} from './lib/figures.ts';
import {
  prepareLedger,
  printAsJson,
  reconcile,
  type Reconciliation,
  reconciliationLine,
} from './lib/gateway-ledger.ts';
import { gateways as counts, json, quick } from './lib/options.ts';
import { resourcesOf } from './lib/processes.ts';
import type { LoadFigures, LoadOrder, UsageTotals } from './lib/protocol.ts';
import { type Quietness, Watch } from './lib/quiet.ts';
import { doubtsOf, printDoubts, provenance, type Provenance, provenanceLine } from './lib/report.ts';
import { gatewayTarget, startGateway } from './lib/rivals.ts';
import { countEvents, eventsInFile, readModelsInFile, serversHere, stores } from './lib/stores.ts';
import { untilSteady } from './lib/warm-up.ts';
import { makeWorkplace, removeWorkplace } from './lib/workplace.ts';

/** As many keys call; those of one meet one gateway, as the load balancer of docker/ has it. */
const ACCOUNTS = quick ? 16 : 100;
const IN_FLIGHT = 64;
const ROUNDS = quick ? 1 : 5;
const ROUND_MS = quick ? 800 : 2_000;
const REPEATS = quick ? 0 : 1;

interface Round {
  readonly figures: LoadFigures;
  /** CPU time of a call, in milliseconds: of the gateways, and of all processes; undefined where the system doesn't tell. */
  readonly gatewaysCpuMs: number;
  readonly allCpuMs: number | undefined;
  /** Parts of the cores that all processes used. */
  readonly cores: number | undefined;
}

interface Run {
  readonly gateways: number;
  readonly steady: boolean;
  readonly rounds: readonly Round[];
  readonly failed: number;
  readonly ledger: Reconciliation;
}

interface Report extends Place {
  readonly provenance: Provenance;
  readonly runs: readonly Run[];
  readonly quietness: Quietness;
}

/** One number of gateways, on accounts of its own. */
async function runOf(count: number, workplace: string, { upstream, load, watch }: Crew): Promise<Run> {
  const caller = `gateways-${count}`;
  const folder = join(workplace, caller);
  mkdirSync(folder);
  const ledger = await prepareLedger(folder, undefined, ACCOUNTS);
  const gateways: Gateway[] = [];
  console.error(`${count} gateways: they start`);
  for (let index = 0; index < count; index++) {
    const own = join(folder, String(index));
    mkdirSync(own);
    gateways.push(await startGateway(own, upstream.origin, caller, { ledgerFolder: folder }));
  }
  const [target, ...alsoTo] = ledger.accounts.map(({ key }, index) =>
    gatewayTarget('gateway', gateways[index % count] as Gateway, key),
  );
  if (target === undefined) throw new Error('there are no accounts');
  const order: LoadOrder = { target, alsoTo, stream: false, pace: { inFlight: IN_FLIGHT }, forMs: ROUND_MS };
  let failed = 0;
  const round = async (): Promise<LoadFigures> => {
    console.error(`${count} gateways: plain, ${IN_FLIGHT} in flight`);
    const figures = await load.ask<LoadFigures>('run', order);
    failed += figures.failed;
    return figures;
  };
  const { steady } = await untilSteady(async () => (await round()).perSecond);
  for (const gateway of gateways) await gateway.viewsLive();
  const rounds = await watch.rounds(ROUNDS, () => measured(gateways, round));
  console.error(`${count} gateways: they stop`);
  for (const gateway of gateways) await gateway.stop();
  const usage = await upstream.ask<UsageTotals>('totals', `${caller}/openai`);
  return {
    gateways: count,
    steady,
    rounds,
    failed,
    ledger: await reconcile(folder, ledger, new Map([['openai', usage]])),
  };
}

interface Crew {
  readonly upstream: Child;
  readonly load: Child;
  readonly watch: Watch;
}

async function measured(gateways: readonly Gateway[], round: () => Promise<LoadFigures>): Promise<Round> {
  const ofGateways = async (): Promise<number> =>
    (await Promise.all(gateways.map((gateway) => gateway.resources()))).reduce(
      (sum, { cpuSeconds }) => sum + cpuSeconds,
      0,
    );
  const [before, allBefore, start] = [await ofGateways(), resourcesOf(process.pid), performance.now()];
  const figures = await round();
  const [after, allAfter, end] = [await ofGateways(), resourcesOf(process.pid), performance.now()];
  const all = allBefore && allAfter && allAfter.cpuSeconds - allBefore.cpuSeconds;
  return {
    figures,
    gatewaysCpuMs: ((after - before) / figures.calls) * 1_000,
    allCpuMs: all && (all / figures.calls) * 1_000,
    cores: all && all / ((end - start) / 1_000),
  };
}

async function measure(workplace: string): Promise<Report> {
  const eventsBefore = await countEvents(workplace);
  const place = { provenance: provenance(), machine: machine(), stores, disk: undefined, eventsBefore };
  const watch = new Watch(REPEATS, serversHere);
  const [upstream, load] = [await Child.start('upstream.ts'), await Child.start('load.ts')];
  const runs: Run[] = [];
  for (const count of counts) runs.push(await runOf(count, workplace, { upstream, load, watch }));
  for (const child of [upstream, load]) child.stop();
  return { ...place, runs, quietness: watch.quietness };
}

const isRight = ({ runs }: Report): boolean => runs.every(({ ledger, failed }) => ledger.exact && failed === 0);

const doubts = (report: Report): string[] =>
  doubtsOf({
    quick,
    steady: report.runs.every(({ steady }) => steady),
    clean: report.provenance.clean,
    right: isRight(report),
    quietness: report.quietness,
  });

function print(report: Report): void {
  printMachine(report);
  console.log(provenanceLine(report.provenance));
  const figure = ({ rounds }: Run, of: (round: Round) => number | undefined): Figure =>
    figureOf(rounds.map((round) => of(round) ?? Number.NaN));
  printTable(
    `Plain calls on ${ACCOUNTS} accounts, ${IN_FLIGHT} in flight, on ${cpus().length} cores in all`,
    ['gateways', 'calls/s', 'p50', 'p99', 'CPU per call, gateways', 'CPU per call, everything', 'cores used'],
    report.runs.map((run) => [
      String(run.gateways),
      withSpread(
        figure(run, ({ figures }) => figures.perSecond),
        perSecond,
      ),
      withSpread(
        figure(run, ({ figures }) => figures.whole.p50),
        milliseconds,
      ),
      withSpread(
        figure(run, ({ figures }) => figures.whole.p99),
        milliseconds,
      ),
      withSpread(
        figure(run, ({ gatewaysCpuMs }) => gatewaysCpuMs),
        milliseconds,
      ),
      withSpread(
        figure(run, ({ allCpuMs }) => allCpuMs),
        milliseconds,
      ),
      withSpread(
        figure(run, ({ cores }) => cores),
        times,
      ),
    ]),
  );
  printDoubts(doubts(report), report.quietness);
  console.log('');
  for (const { gateways, failed, ledger } of report.runs) {
    const failures = failed > 0 ? `${failed} calls FAILED. ` : '';
    console.log(`${gateways} ${gateways === 1 ? 'gateway' : 'gateways'}: ${failures}${reconciliationLine(ledger)}`);
  }
}

if (eventsInFile || readModelsInFile)
  throw new Error('Several gateways need servers: --event-store and --read-models.');
const folder = makeWorkplace();
try {
  const report = await measure(folder);
  if (json) printAsJson({ ...report, doubts: doubts(report) });
  else print(report);
  if (!isRight(report)) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
