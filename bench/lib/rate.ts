// The highest rate: callers that wait for their answers, 16 to 64 of them, in rounds of everyone in turn, with the CPU time of a call.
import { type Figure, figureOf, milliseconds, perSecond, printTable, times, withSpread } from './figures.ts';
import { quick } from './options.ts';
import type { Target } from './protocol.ts';
import type { Watch } from './quiet.ts';
import type { Measured } from './report.ts';
import type { Stage } from './stage.ts';

/** What goals are about. */
export const USUAL_IN_FLIGHT = 32;
const IN_FLIGHT = [16, USUAL_IN_FLIGHT, 64];
const ROUNDS = quick ? 1 : 5;
const ROUND_MS = quick ? 600 : 1_200;
/** A rate counts as long as calls are answered within that. */
const P99_LIMIT_MS = 100;
const EVENTS_PER_CALL = 2;

/** One round, by target: calls a second, their p99, and CPU time per call where it is known. Times in milliseconds. */
interface RateRound {
  readonly perSecond: number;
  readonly p99: number;
  readonly cpuMs: number | undefined;
}

/** One number of callers, all rounds, by the name of a target. */
export interface Rates {
  readonly inFlight: number;
  readonly rounds: readonly Readonly<Record<string, RateRound>>[];
}

export async function measureRates(stage: Stage, watch: Watch): Promise<Rates[]> {
  const rates: Rates[] = [];
  for (const inFlight of IN_FLIGHT) {
    const rounds = await watch.rounds(ROUNDS, (round) =>
      stage.inTurn(round, (target) => closedLoop(stage, target, inFlight)),
    );
    rates.push({ inFlight, rounds });
  }
  return rates;
}

async function closedLoop(stage: Stage, target: Target, inFlight: number): Promise<RateRound> {
  const before = await stage.resources(target);
  const figures = await stage.run({ target, stream: false, pace: { inFlight }, forMs: ROUND_MS });
  const after = await stage.resources(target);
  const cpuMs = before && after && ((after.cpuSeconds - before.cpuSeconds) / (figures.calls - figures.refused)) * 1_000;
  return { perSecond: figures.perSecond, p99: figures.whole.p99, cpuMs };
}

/** A figure of one target, over the rounds; undefined where it is not known. */
export function rateFigure({ rounds }: Rates, target: string, of: keyof RateRound): Figure | undefined {
  const values = rounds.flatMap((round) => round[target]?.[of] ?? []);
  return values.length === 0 ? undefined : figureOf(values);
}

/** The rate of one target in parts of another's, within each round. */
export const rateRatio = ({ rounds }: Rates, target: string, of: string): Figure =>
  figureOf(rounds.map((round) => (round[target]?.perSecond ?? Number.NaN) / (round[of]?.perSecond ?? Number.NaN)));

const medianOf = (rates: Rates, target: string, of: keyof RateRound): number =>
  rateFigure(rates, target, of)?.median ?? Number.NaN;

/** At the number of callers that gives the highest rate under the limit; at the usual one where none stays under it. */
export function bestOf(rates: readonly Rates[], target: string): Rates | undefined {
  const under = rates.filter((each) => medianOf(each, target, 'p99') < P99_LIMIT_MS);
  const best = under.toSorted((a, b) => medianOf(b, target, 'perSecond') - medianOf(a, target, 'perSecond'))[0];
  return best ?? usual(rates);
}

export const usual = (rates: readonly Rates[]): Rates | undefined =>
  rates.find(({ inFlight }) => inFlight === USUAL_IN_FLIGHT);

export function printRates(rates: readonly Rates[], targets: readonly Target[]): void {
  const at = usual(rates);
  const shown = (figure: Figure | undefined, show: (value: number) => string): string =>
    figure === undefined ? '' : withSpread(figure, show);
  const rows = targets.map(({ name }) => {
    const best = bestOf(rates, name);
    if (at === undefined || best === undefined) return [name];
    return [
      name,
      shown(rateFigure(at, name, 'perSecond'), perSecond),
      name === 'direct' ? '' : withSpread(rateRatio(at, name, 'pass-through'), times),
      shown(rateFigure(at, name, 'p99'), milliseconds),
      shown(rateFigure(at, name, 'cpuMs'), milliseconds),
      `${shown(rateFigure(best, name, 'perSecond'), perSecond)} at ${best.inFlight}`,
    ];
  });
  printTable(
    `Calls a second with ${USUAL_IN_FLIGHT} in flight, and at the best (p99 under ${P99_LIMIT_MS} ms)`,
    ['', `calls/s at ${USUAL_IN_FLIGHT}`, '÷ pass-through', 'p99', 'CPU per call', 'calls/s at best'],
    rows,
  );
  const best = bestOf(rates, 'gateway');
  if (best !== undefined) {
    const events = EVENTS_PER_CALL * medianOf(best, 'gateway', 'perSecond');
    console.log(`A call of the gateway is ${EVENTS_PER_CALL} events: ${perSecond(events)} events/s at the best.`);
  }
}

/** All of it, for comparisons. */
export const rateFigures = (rates: readonly Rates[]): Measured[] =>
  rates.flatMap((each) =>
    Object.keys(each.rounds[0] ?? {}).flatMap((target) =>
      (['perSecond', 'cpuMs'] as const).flatMap((of) => {
        const figure = rateFigure(each, target, of);
        if (figure === undefined) return [];
        return [
          of === 'cpuMs'
            ? { target, what: `${each.inFlight} in flight: CPU of a call`, unit: 'ms' as const, ...figure }
            : { target, what: `${each.inFlight} in flight: calls`, unit: '/s' as const, ...figure },
        ];
      }),
    ),
  );
