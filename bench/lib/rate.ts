// The highest rate: callers that wait for their answers find what a target can take with its 99th percentile under the limit; then
// calls at a fixed rate, which don't wait for a slow target, a step lower each time until they stay under it too.
import { median } from './figures.ts';
import { quick } from './options.ts';
import type { Target } from './protocol.ts';
import type { Stage } from './stage.ts';

const IN_FLIGHT = [16, 64];
const ROUNDS = quick ? 1 : 4;
const ROUND_MS = quick ? 900 : 1_200;
const HOLD_MS = quick ? 1_200 : 2_000;
const STEPS = [0.95, 0.85, 0.7, 0.55, 0.4];
export const P99_LIMIT_MS = 100;

/** Callers that wait: calls a second, their p99, and CPU time per call where the process tells it. Times in milliseconds. */
interface ClosedLoop {
  readonly inFlight: number;
  readonly perSecond: number;
  readonly p99: number;
  readonly cpuMs: number | undefined;
}

/** A fixed rate; 0 when no step stayed under the limit. */
interface FixedRate {
  readonly perSecond: number;
  readonly p99: number;
}

export interface RateFigures {
  readonly target: Target['name'];
  readonly closedLoop: ClosedLoop;
  /** Not measured for the upstream itself: the load generator would be the limit. */
  readonly fixedRate: FixedRate | undefined;
}

/** Rounds over all targets, so that whatever else the machine does meets all of them. */
export async function measureRates(stage: Stage): Promise<RateFigures[]> {
  const samples = new Map<Target, ClosedLoop[]>(stage.targets.map((target) => [target, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const inFlight of IN_FLIGHT) {
      for (const [target, taken] of samples) taken.push(await closedLoop(stage, target, inFlight));
    }
  }
  const figures: RateFigures[] = [];
  for (const [target, taken] of samples) {
    const best = bestOf(taken);
    const fixedRate = target.name === 'direct' ? undefined : await sustain(stage, target, best.perSecond);
    figures.push({ target: target.name, closedLoop: best, fixedRate });
  }
  return figures;
}

async function closedLoop(stage: Stage, target: Target, inFlight: number): Promise<ClosedLoop> {
  const before = await stage.resources(target);
  const { calls, perSecond, whole } = await stage.run({ target, stream: false, pace: { inFlight }, forMs: ROUND_MS });
  const after = await stage.resources(target);
  const cpuMs = before && after && ((after.cpuSeconds - before.cpuSeconds) / calls) * 1_000;
  return { inFlight, perSecond, p99: whole.p99, cpuMs };
}

/** The medians over the rounds at that number of callers which gives the highest rate under the limit. */
function bestOf(samples: readonly ClosedLoop[]): ClosedLoop {
  const medians = IN_FLIGHT.map((inFlight) => {
    const mine = samples.filter((sample) => sample.inFlight === inFlight);
    const cpu = mine.flatMap(({ cpuMs }) => cpuMs ?? []);
    return {
      inFlight,
      perSecond: median(mine.map((sample) => sample.perSecond)),
      p99: median(mine.map((sample) => sample.p99)),
      cpuMs: cpu.length === 0 ? undefined : median(cpu),
    };
  });
  const best = medians.filter(({ p99 }) => p99 < P99_LIMIT_MS).toSorted((a, b) => b.perSecond - a.perSecond)[0];
  return best ?? { inFlight: 0, perSecond: 0, p99: Number.NaN, cpuMs: undefined };
}

async function sustain(stage: Stage, target: Target, most: number): Promise<FixedRate> {
  for (const step of STEPS) {
    const perSecond = Math.floor(most * step);
    if (perSecond === 0) break;
    const { whole } = await stage.run({ target, stream: false, pace: { perSecond }, forMs: HOLD_MS });
    if (whole.p99 < P99_LIMIT_MS) return { perSecond, p99: whole.p99 };
  }
  return { perSecond: 0, p99: Number.NaN };
}
