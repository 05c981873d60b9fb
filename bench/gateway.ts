// What the gateway adds to a call, how many calls it takes, and whether every token of them was charged. `npm run bench`.
import { setTimeout as delay } from 'node:timers/promises';
import { kernel } from './lib/built.ts';
import {
  type Goal,
  machine,
  milliseconds,
  type Place,
  perSecond,
  printGoals,
  printMachine,
  printTable,
} from './lib/figures.ts';
import { reconcile, type Reconciliation } from './lib/gateway-ledger.ts';
import { added, figure, measureLatency, type Scenario } from './lib/latency.ts';
import { json, quick } from './lib/options.ts';
import { measureRates, P99_LIMIT_MS, type RateFigures } from './lib/rate.ts';
import { Stage } from './lib/stage.ts';
import { countEvents, eventsInFile, stores } from './lib/stores.ts';
import { measureTranslations, printTranslations, type Translation } from './lib/translation.ts';
import { printWarmUp, together, untilSteady, type WarmUp } from './lib/warm-up.ts';
import { makeWorkplace, measureDisk, removeWorkplace } from './lib/workplace.ts';

const WARM_UP_MS = quick ? 500 : 1_000;
const WARM_UP_IN_FLIGHT = 16;
const SAMPLE_MS = 1_000;
const COOL_DOWN_MS = 2_000;
/** The hold and the charge. */
const EVENTS_PER_CALL = 2;

interface Memory {
  readonly before: number;
  readonly most: number;
  readonly after: number;
}

interface Report extends Place {
  readonly warmUp: WarmUp;
  readonly scenarios: readonly Scenario[];
  /** The mean time until an append of the gateway was durable, during the scenarios. */
  readonly durableMs: number;
  readonly translations: readonly Translation[];
  readonly rates: readonly RateFigures[];
  readonly memory: Memory;
  readonly failed: number;
  readonly ledger: Reconciliation;
}

async function measure(folder: string): Promise<Report> {
  const on = machine();
  const disk = eventsInFile ? measureDisk(folder) : undefined;
  const eventsBefore = await countEvents(folder);
  const stage = await Stage.set(folder);
  const { rssBytes: before } = await stage.gatewayResources();
  const warmUp = await warm(stage);
  let most = before;
  const sampler = setInterval(
    () => void stage.gatewayResources().then(({ rssBytes }) => (most = Math.max(most, rssBytes))),
    SAMPLE_MS,
  );
  const start = await stage.gatewayAppends();
  const scenarios = await measureLatency(stage);
  const end = await stage.gatewayAppends();
  const durableMs = ((end.seconds - start.seconds) / (end.count - start.count)) * 1_000;
  const translations = await measureTranslations(stage);
  const rates = await measureRates(stage);
  clearInterval(sampler);
  await delay(COOL_DOWN_MS);
  const { rssBytes: after } = await stage.gatewayResources();
  const ledger = await reconcile(folder, stage.ledger, await stage.strike());
  const memory = { before, most, after };
  const place = { machine: on, stores, disk, eventsBefore };
  return { ...place, warmUp, scenarios, durableMs, translations, rates, memory, failed: stage.failed, ledger };
}

/** Until the rate of each target is steady for plain calls and streams, and what they left to do is done. */
async function warm(stage: Stage): Promise<WarmUp> {
  const warmUps: WarmUp[] = [];
  for (const target of stage.targets) {
    for (const stream of [true, false]) {
      const order = { target, stream, pace: { inFlight: WARM_UP_IN_FLIGHT }, forMs: WARM_UP_MS };
      warmUps.push(await untilSteady(async () => (await stage.run(order)).perSecond));
    }
  }
  await stage.viewsLive();
  return together(warmUps);
}

const rateOf = ({ rates }: Report, name: RateFigures['target']): number =>
  rates.find(({ target }) => target === name)?.closedLoop.perSecond ?? 0;

function goalsOf(report: Report): Goal[] {
  const worst = (...args: ['whole' | 'firstChunk', 'p50' | 'p99']): number =>
    Math.max(
      ...report.scenarios
        .filter(({ stream }) => stream || args[0] === 'whole')
        .map((scenario) => added(scenario, 'gateway', ...args)),
    );
  const below = (what: string, value: number, limit: number): Goal => ({
    what,
    goal: `< ${milliseconds(limit)}`,
    measured: milliseconds(value),
    met: value < limit,
  });
  const translating = Math.max(...report.translations.map(({ addedMs }) => addedMs));
  const ratio = rateOf(report, 'gateway') / rateOf(report, 'pass-through');
  return [
    below('added p50 at 100 calls/s (worst scenario)', worst('whole', 'p50'), 2),
    below('added p99 at 100 calls/s (worst scenario)', worst('whole', 'p99'), 10),
    below('first chunk added, p50 (worst scenario)', worst('firstChunk', 'p50'), 3),
    below('translating 100 chunks, CPU (worse format)', translating, 0.3),
    {
      what: 'highest rate (closed loop), gateway ÷ pass-through',
      goal: '≥ 0.25',
      measured: ratio.toFixed(2),
      met: ratio >= 0.25,
    },
  ];
}

const PERCENTILES = ['p50', 'p95', 'p99'] as const;
const plus = (value: number): string => (value < 0 ? '' : '+') + milliseconds(value);
const scenarioName = ({ stream, delayMs }: Scenario): string =>
  `${stream ? 'stream' : 'plain'}, upstream ${delayMs} ms`;

function printLatency(scenarios: readonly Scenario[]): void {
  const rows = scenarios.flatMap((scenario) => {
    const directly = PERCENTILES.map((p) => milliseconds(figure(scenario, 'direct', 'whole', p)));
    return (['pass-through', 'gateway'] as const).map((target) => [
      target === 'gateway' ? '' : scenarioName(scenario),
      ...(target === 'gateway' ? ['', '', ''] : directly),
      target,
      ...PERCENTILES.map((p) => plus(added(scenario, target, 'whole', p))),
    ]);
  });
  printTable(
    'Whole call at 100 calls/s, and what is added to it',
    ['', 'direct p50', 'p95', 'p99', '', 'added p50', 'p95', 'p99'],
    rows,
  );
}

function printStreams(scenarios: readonly Scenario[]): void {
  const rows = scenarios
    .filter(({ stream }) => stream)
    .flatMap((scenario) =>
      (['pass-through', 'gateway'] as const).map((target) => [
        scenarioName(scenario),
        target,
        ...(['firstChunk', 'gap'] as const).flatMap((measured) =>
          (['p50', 'p99'] as const).map((p) => plus(added(scenario, target, measured, p))),
        ),
      ]),
    );
  printTable(
    'Streams of 64 chunks: what is added to the first chunk, and to the gap between chunks',
    ['', '', 'first p50', 'p99', 'gap p50', 'p99'],
    rows,
  );
}

function printRates(rates: readonly RateFigures[]): void {
  printTable(
    `Highest rate with p99 under ${P99_LIMIT_MS} ms: callers that wait (closed loop), and a fixed rate`,
    ['', 'closed loop', 'in flight', 'p99', 'fixed rate', 'p99', 'events/s', 'CPU per call'],
    rates.map(({ target, closedLoop, fixedRate }) => [
      target,
      `${perSecond(closedLoop.perSecond)}/s`,
      String(closedLoop.inFlight),
      milliseconds(closedLoop.p99),
      fixedRate === undefined ? '' : `${perSecond(fixedRate.perSecond)}/s`,
      fixedRate === undefined ? '' : milliseconds(fixedRate.p99),
      target === 'gateway' ? perSecond(EVENTS_PER_CALL * closedLoop.perSecond) : '',
      closedLoop.cpuMs === undefined ? '' : milliseconds(closedLoop.cpuMs),
    ]),
  );
}

const mib = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;
const usd = (pico: bigint): string => `$${kernel.formatUsd(kernel.picoUsd(pico))}`;

function print(report: Report): void {
  const { memory, ledger, failed } = report;
  printMachine(report);
  printWarmUp(report.warmUp);
  printLatency(report.scenarios);
  console.log(
    `A hold or a charge was durable after ${milliseconds(report.durableMs)} on average; a call waits for one of each.`,
  );
  printStreams(report.scenarios);
  printTranslations(report.translations);
  printRates(report.rates);
  console.log(
    `\nMemory of the gateway: ${mib(memory.before)} before, ${mib(memory.most)} at most, ${mib(memory.after)} after`,
  );
  printGoals(goalsOf(report));
  if (failed > 0) console.log(`\n${failed} calls FAILED`);
  console.log(
    `\nReconciliation: ${perSecond(ledger.answers)} answers, usage × price = ${usd(ledger.owed)} ${ledger.exact ? '=' : '≠'} ` +
      `${usd(ledger.charged)} = ${perSecond(ledger.charges)} charges in the ledger (${ledger.openHolds} holds open, ${perSecond(ledger.events)} events)`,
  );
}

const folder = makeWorkplace();
try {
  const report = await measure(folder);
  if (json) {
    const asText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? usd(value) : value);
    console.log(JSON.stringify({ ...report, goals: goalsOf(report) }, asText, 2));
  } else print(report);
  if (!report.ledger.exact || report.failed > 0) process.exitCode = 1;
} finally {
  removeWorkplace(folder);
}
