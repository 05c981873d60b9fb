// What the gateway adds at 100 calls a second: rounds of direct, pass-through and gateway, one after another, so that whatever else
// the machine does meets all three. A figure is the median over the rounds.
import { median } from './figures.ts';
import { quick } from './options.ts';
import type { LoadFigures, Percentiles, Target } from './protocol.ts';
import type { Stage } from './stage.ts';

const PER_SECOND = 100;
const ROUNDS = quick ? 1 : 6;
const ROUND_MS = quick ? 1_200 : 1_000;
const SCENARIOS = [
  { stream: false, delayMs: 0 },
  { stream: false, delayMs: 20 },
  { stream: true, delayMs: 0 },
  { stream: true, delayMs: 20 },
];

type Measure = 'whole' | 'firstChunk' | 'gap';
type Percentile = keyof Percentiles;

/** One scenario, all rounds, by target. */
export interface Scenario {
  readonly stream: boolean;
  readonly delayMs: number;
  readonly rounds: readonly Readonly<Record<Target['name'], LoadFigures>>[];
}

export async function measureLatency(stage: Stage): Promise<Scenario[]> {
  const scenarios = SCENARIOS.map((scenario) => ({ ...scenario, rounds: [] as Scenario['rounds'][number][] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { stream, delayMs, rounds } of scenarios) {
      await stage.setDelay(delayMs);
      const figures: Partial<Record<Target['name'], LoadFigures>> = {};
      const inTurn = round % 2 === 0 ? stage.targets : stage.targets.toReversed();
      for (const target of inTurn) {
        const pace = { perSecond: PER_SECOND };
        figures[target.name] = await stage.run({ target, stream, pace, forMs: ROUND_MS });
      }
      rounds.push(figures as Scenario['rounds'][number]);
    }
  }
  await stage.setDelay(0);
  return scenarios;
}

/** The median over the rounds. */
export const figure = (
  { rounds }: Scenario,
  target: Target['name'],
  measure: Measure,
  percentile: Percentile,
): number => median(rounds.map((round) => round[target][measure][percentile]));

/** What a target adds to the direct call: the median of the differences within each round. */
export const added = ({ rounds }: Scenario, target: Target['name'], measure: Measure, percentile: Percentile): number =>
  median(rounds.map((round) => round[target][measure][percentile] - round.direct[measure][percentile]));
