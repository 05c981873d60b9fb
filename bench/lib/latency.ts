// What the gateway adds at 100 calls a second: rounds of everyone in turn, so that whatever else the machine does meets all of them.
// A figure is the median over the rounds; what is added, the median of the differences to direct calls within a round.
import { type Figure, figureOf, milliseconds, printTable, withSpread } from './figures.ts';
import { quick } from './options.ts';
import { CHUNKS, type LoadFigures, type Percentiles } from './protocol.ts';
import type { Watch } from './quiet.ts';
import type { Measured } from './report.ts';
import type { Stage } from './stage.ts';

const PER_SECOND = 100;
const ROUNDS = quick ? 1 : 6;
const ROUND_MS = quick ? 600 : 1_000;
const SCENARIOS = [
  { stream: false, delayMs: 0 },
  { stream: false, delayMs: 20 },
  { stream: true, delayMs: 0 },
  { stream: true, delayMs: 20 },
];

type Measure = 'whole' | 'firstChunk' | 'gap';
type Percentile = keyof Percentiles;

/** One scenario, all rounds, by the name of a target. */
export interface Scenario {
  readonly stream: boolean;
  readonly delayMs: number;
  readonly rounds: readonly Readonly<Record<string, LoadFigures>>[];
}

export async function measureLatency(stage: Stage, watch: Watch): Promise<Scenario[]> {
  const scenarios: Scenario[] = [];
  for (const { stream, delayMs } of SCENARIOS) {
    await stage.setDelay(delayMs);
    const rounds = await watch.rounds(ROUNDS, (round) =>
      stage.inTurn(round, (target) => stage.run({ target, stream, pace: { perSecond: PER_SECOND }, forMs: ROUND_MS })),
    );
    scenarios.push({ stream, delayMs, rounds });
  }
  await stage.setDelay(0);
  return scenarios;
}

const valueOf = (round: Scenario['rounds'][number], target: string, measure: Measure, percentile: Percentile): number =>
  round[target]?.[measure][percentile] ?? Number.NaN;

const figure = ({ rounds }: Scenario, ...which: [string, Measure, Percentile]): Figure =>
  figureOf(rounds.map((round) => valueOf(round, ...which)));

/** What a target adds to the direct call. */
export const added = ({ rounds }: Scenario, target: string, measure: Measure, percentile: Percentile): Figure =>
  figureOf(
    rounds.map((round) => valueOf(round, target, measure, percentile) - valueOf(round, 'direct', measure, percentile)),
  );

const PERCENTILES = ['p50', 'p99'] as const;
const plus = (value: number): string => (value < 0 ? '' : '+') + milliseconds(value);
const nameOf = ({ stream, delayMs }: Scenario): string => `${stream ? 'stream' : 'plain'}, upstream ${delayMs} ms`;
const targetsOf = ({ rounds: [first = {}] }: Scenario): string[] =>
  Object.keys(first).filter((name) => name !== 'direct');

export function printLatency(scenarios: readonly Scenario[]): void {
  const rows = scenarios.flatMap((scenario) => [
    [
      nameOf(scenario),
      'direct',
      ...PERCENTILES.map((p) => withSpread(figure(scenario, 'direct', 'whole', p), milliseconds)),
    ],
    ...targetsOf(scenario).map((target) => [
      '',
      `${target} adds`,
      ...PERCENTILES.map((p) => withSpread(added(scenario, target, 'whole', p), plus)),
    ]),
  ]);
  printTable(`Whole call at ${PER_SECOND} calls/s, and what is added to it`, ['', '', ...PERCENTILES], rows);
  const streams = scenarios
    .filter(({ stream }) => stream)
    .flatMap((scenario) =>
      targetsOf(scenario).map((target, index) => [
        index === 0 ? nameOf(scenario) : '',
        target,
        ...(['firstChunk', 'gap'] as const).flatMap((measure) =>
          PERCENTILES.map((p) => withSpread(added(scenario, target, measure, p), plus)),
        ),
      ]),
    );
  printTable(
    `Streams of ${CHUNKS} chunks: what is added to the first chunk, and to the gap between chunks`,
    ['', '', 'first p50', 'p99', 'gap p50', 'p99'],
    streams,
  );
}

/** All of it, for comparisons. */
export const latencyFigures = (scenarios: readonly Scenario[]): Measured[] =>
  scenarios.flatMap((scenario) =>
    targetsOf(scenario).flatMap((target) =>
      (['whole', 'firstChunk'] as const)
        .filter((measure) => scenario.stream || measure === 'whole')
        .flatMap((measure) =>
          PERCENTILES.map((p) => ({
            target,
            what: `${nameOf(scenario)}: added to the ${measure === 'whole' ? 'whole call' : 'first chunk'}, ${p}`,
            unit: 'ms' as const,
            ...added(scenario, target, measure, p),
          })),
        ),
    ),
  );
