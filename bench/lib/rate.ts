// The highest rate: callers that wait for their answers find what a target can take with its 99th percentile under the limit; then
// calls at a fixed rate, which don't wait for a slow target, a step lower each time until they stay under it too.
import { median } from './figures.ts';
import { quick } from './options.ts';
import type { Target } from './protocol.ts';
import type { Stage } from './stage.ts';

const IN_FLIGHT = [16, 64];
const ROUNDS = quick ? 1 : 3;
const ROUND_MS = quick ? 900 : 1_200;
const HOLD_MS = quick ? 1_200 : 2_000;
const STEPS = [0.95, 0.85, 0.7, 0.55, 0.4];
export const P99_LIMIT_MS = 100;

export interface RateFigures {
  readonly target: Target['name'];
  /** Most calls a second with callers that wait and a p99 under the limit; medians over the rounds. */
  readonly closedLoop: number;
  readonly inFlight: number;
  /** The highest step of fixed rate with p99 under the limit; 0 when there was none. */
  readonly sustained: number;
  readonly p99: number;
  /** CPU time of the process per call, in milliseconds; undefined for the upstream itself. */
  readonly cpuMs: number | undefined;
}

export async function measureRates(stage: Stage): Promise<RateFigures[]> {
  const closed = await closedLoops(stage);
  const figures: RateFigures[] = [];
  for (const [index, target] of stage.targets.entries()) {
    const best = closed[index];
    if (best !== undefined)
      figures.push({ target: target.name, ...best, ...(await sustain(stage, target, best.closedLoop)) });
  }
  return figures;
}

type Closed = Pick<RateFigures, 'closedLoop' | 'inFlight' | 'cpuMs'>;

/** Rounds over all targets at each number of callers; the best median of each target. */
async function closedLoops(stage: Stage): Promise<Closed[]> {
  const best: Closed[] = stage.targets.map(() => ({ closedLoop: 0, inFlight: 0, cpuMs: undefined }));
  for (const inFlight of IN_FLIGHT) {
    const rates: number[][] = stage.targets.map(() => []);
    const p99s: number[][] = stage.targets.map(() => []);
    const cpu: number[][] = stage.targets.map(() => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, target] of stage.targets.entries()) {
        const before = await stage.resources(target);
        const { perSecond, calls, whole } = await stage.run({
          target,
          stream: false,
          pace: { inFlight },
          forMs: ROUND_MS,
        });
        const after = await stage.resources(target);
        rates[index]?.push(perSecond);
        p99s[index]?.push(whole.p99);
        if (before && after) cpu[index]?.push(((after.cpuSeconds - before.cpuSeconds) / calls) * 1_000);
      }
    }
    for (const [index, found] of best.entries()) {
      const closedLoop = median(rates[index] ?? []);
      const cpuMs = cpu[index]?.length === 0 ? undefined : median(cpu[index] ?? []);
      const p99 = median(p99s[index] ?? []);
      if (p99 < P99_LIMIT_MS && closedLoop > found.closedLoop) best[index] = { closedLoop, inFlight, cpuMs };
    }
  }
  return best;
}

async function sustain(stage: Stage, target: Target, most: number): Promise<Pick<RateFigures, 'sustained' | 'p99'>> {
  for (const step of STEPS) {
    const perSecond = Math.floor(most * step);
    const { whole } = await stage.run({ target, stream: false, pace: { perSecond }, forMs: HOLD_MS });
    if (whole.p99 < P99_LIMIT_MS) return { sustained: perSecond, p99: whole.p99 };
  }
  return { sustained: 0, p99: Number.NaN };
}
