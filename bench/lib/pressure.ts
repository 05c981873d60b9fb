// Under pressure: what calls meet beside programs that use all cores, and at twice the rate that the gateway can do, against an idle one.
import { availableParallelism } from 'node:os';
import { Child } from './child-process.ts';
import { type Goal, figureOf, milliseconds, perSecond, printTable } from './figures.ts';
import { quick } from './options.ts';
import type { LoadFigures, Pace } from './protocol.ts';
import type { Measured } from './report.ts';
import type { Stage } from './stage.ts';

const IDLE_PER_SECOND = 100;
/** So many find the highest rate, and don't wait for each other for long. */
const IN_FLIGHT = 12;
const FOR_MS = quick ? 2_000 : 5_000;
/** A queue stands for half a second before calls are refused. */
const OVERLOAD_FOR_MS = 2 * FOR_MS;
const REST_MS = 1_000;
const MOST_TIMES = 10;

export interface PressureFigures {
  readonly idle: LoadFigures;
  /** The same rate, with a program on each core that uses all of it. */
  readonly beside: LoadFigures;
  /** Calls a second of callers that wait for their answers. */
  readonly highest: number;
  readonly twice: LoadFigures;
}

export async function measurePressure(stage: Stage): Promise<PressureFigures> {
  const target = stage.gatewayTo('openai');
  const run = async (pace: Pace, forMs = FOR_MS): Promise<LoadFigures> => {
    const figures = await stage.run({ target, stream: false, pace, forMs });
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    return figures;
  };
  const idle = await run({ perSecond: IDLE_PER_SECOND });
  const hogs = await Promise.all(Array.from({ length: availableParallelism() }, () => Child.start('hog.ts')));
  const beside = await run({ perSecond: IDLE_PER_SECOND });
  for (const hog of hogs) hog.stop();
  const { perSecond: highest } = await run({ inFlight: IN_FLIGHT });
  const twice = await run({ perSecond: 2 * highest }, OVERLOAD_FOR_MS);
  return { idle, beside, highest, twice };
}

export function printPressure({ idle, beside, highest, twice }: PressureFigures): void {
  const row = (what: string, { calls, refused, whole, refusal, late, ...figures }: LoadFigures): string[] => [
    what,
    `${perSecond(figures.perSecond)}/s`,
    milliseconds(whole.p50),
    milliseconds(whole.p99),
    `${((100 * refused) / calls).toFixed(1)} %`,
    milliseconds(refusal.p50),
    milliseconds(refusal.p99),
    milliseconds(late.p99),
  ];
  printTable(
    `Under pressure: calls that are answered, and calls that are refused. The highest rate was ${perSecond(highest)}/s`,
    ['', 'answered', 'p50', 'p99', 'refused', 'refused after p50', 'p99', 'sent late, p99'],
    [
      row(`${IDLE_PER_SECOND}/s`, idle),
      row(`${IDLE_PER_SECOND}/s, all cores in use by others`, beside),
      row(`${perSecond(2 * highest)}/s, twice the highest rate`, twice),
    ],
  );
}

export const pressureGoals = ({ idle, beside, twice }: PressureFigures): Goal[] =>
  (
    [
      ['p50 beside programs that use all cores', beside],
      ['p50 at twice the highest rate, of what is answered', twice],
    ] as const
  ).map(([what, { whole }]) => ({
    what,
    goal: `≤ ${MOST_TIMES} × ${milliseconds(idle.whole.p50)}, the idle one`,
    measured: milliseconds(whole.p50),
    met: whole.p50 <= MOST_TIMES * idle.whole.p50,
  }));

/** For comparisons. */
export const pressureFigures = ({ idle, beside, twice }: PressureFigures): Measured[] =>
  Object.entries({ idle, beside, twice }).map(([which, { whole }]) => ({
    target: 'gateway',
    what: `under pressure, ${which}: p50`,
    unit: 'ms',
    ...figureOf([whole.p50]),
  }));
