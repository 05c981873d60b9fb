// A run begins when there is nothing left to warm up: on a fresh server it would measure how the server gets ready.
import { quick } from './options.ts';
import type { Stage } from './stage.ts';

/** Rates that many in a row are compared; as near to each other, they are steady. */
const ROUNDS = 3;
const NEAR = quick ? 0.2 : 0.08;
/** Of figures of a quick run nobody wants more than that there are some. */
const MOST_ROUNDS = quick ? 1 : 40;
const ROUND_MS = quick ? 300 : 1_000;
const IN_FLIGHT = 16;

export interface WarmUp {
  readonly rounds: number;
  /** Whether the rate had become steady when it was given up. */
  readonly steady: boolean;
}

/** Runs rounds, each of which tells its rate, until the last three are near each other. */
export async function untilSteady(round: () => Promise<number>): Promise<WarmUp> {
  const rates: number[] = [];
  while (rates.length < MOST_ROUNDS) {
    rates.push(await round());
    if (isSteady(rates)) return { rounds: rates.length, steady: true };
  }
  return { rounds: rates.length, steady: false };
}

function isSteady(rates: readonly number[]): boolean {
  const last = rates.slice(-ROUNDS);
  return last.length === ROUNDS && Math.max(...last) - Math.min(...last) <= NEAR * Math.max(...last);
}

/** Until the rate of each target is steady for plain calls and streams, and what they left to do is done. */
export async function warmUp(stage: Stage): Promise<WarmUp> {
  const warmUps: WarmUp[] = [];
  for (const target of stage.targets) {
    for (const stream of [true, false]) {
      const order = { target, stream, pace: { inFlight: IN_FLIGHT }, forMs: ROUND_MS };
      warmUps.push(await untilSteady(async () => (await stage.run(order)).perSecond));
    }
  }
  await stage.viewsLive();
  return together(warmUps);
}

/** What several warm-ups were, taken together. */
export const together = (warmUps: readonly WarmUp[]): WarmUp => ({
  rounds: warmUps.reduce((sum, { rounds }) => sum + rounds, 0),
  steady: warmUps.every(({ steady }) => steady),
});

export const printWarmUp = ({ rounds, steady }: WarmUp): void =>
  console.log(`Warmed up in ${rounds} rounds${steady ? '' : '; the rate was NOT steady when it was measured'}`);
