// What differs between two price lists, rate by rate: both what customers pay and what providers charge.
import { isDeepStrictEqual } from 'node:util';
import { type Amount, formatUsd, magnitude, picoUsd, subtract, times, usd, ZERO } from '../kernel/index.js';
import type { ModelPrices, Rates, WindowTimes } from './price-list.js';
import { largestPrompt, windowText } from './price-windows.js';
import { compileRates } from './rate.js';

export type Bands = ModelPrices['bands'];
export type Band = Bands[number];

/** A rate that changes. */
export interface PriceChange {
  readonly model: string;
  /** The prompts it applies to, such as `<= 200000`; empty for all, or for the rest. */
  readonly prompt: string;
  /** The time window it applies to; empty for the rest of the week. */
  readonly when: string;
  readonly kind: keyof Rates;
  readonly of: 'cost' | 'price';
  /** US dollars: per million tokens, or per piece. Null where the model has no price. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Every rate that changes, also those of models that come or go; in the order of the new list. */
export function listChanges(old: readonly ModelPrices[], now: readonly ModelPrices[]): PriceChange[] {
  const before = new Map(old.map((prices) => [prices.model, prices]));
  const after = new Set(now.map(({ model }) => model));
  const gone = old.filter(({ model }) => !after.has(model));
  return [
    ...now.flatMap((prices) => changesOf(before.get(prices.model), prices)),
    ...gone.flatMap((prices) => changesOf(prices, undefined)),
  ];
}

/** The rates of a model that change what is billed; empty when the two only look different. */
export function changesOf(old: ModelPrices | undefined, now: ModelPrices | undefined): PriceChange[] {
  const model = (now ?? old)?.model ?? '';
  const limits = limitsOf([...(old?.bands ?? []), ...(now?.bands ?? [])]);
  return limits.flatMap((limit) => {
    const [before, after] = [old && bandAt(old.bands, limit), now && bandAt(now.bands, limit)];
    const windows = [before, after].flatMap((band) => (band ? timesOf(band) : []));
    const distinct = windows.filter(
      (one, index) => windows.findIndex((other) => isDeepStrictEqual(one, other)) === index,
    );
    return [undefined, ...distinct].flatMap((when) =>
      (['cost', 'price'] as const).flatMap((of) =>
        changedRates(before && ratesIn(before, when)[of], after && ratesIn(after, when)[of]).map((change) => ({
          model,
          prompt: limit === Infinity ? '' : `<= ${limit}`,
          when: when === undefined ? '' : windowText(when),
          of,
          ...change,
        })),
      ),
    );
  });
}

function changedRates(from: Rates | undefined, to: Rates | undefined): Pick<PriceChange, 'kind' | 'from' | 'to'>[] {
  const [before, after] = [from && amountsOf(from), to && amountsOf(to)];
  const named = [...new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])] as (keyof Rates)[];
  return named
    .filter((kind) => before?.[kind] !== after?.[kind])
    .map((kind) => ({ kind, from: before?.[kind] ?? null, to: after?.[kind] ?? null }));
}

/** By how much a rate changes, such as `+12.50 %`, cut off after two decimals; null where there is nothing to compare with. */
export function percentOf({ from, to }: Pick<PriceChange, 'from' | 'to'>): string | null {
  if (from === null || to === null || usd(from) === ZERO) return null;
  const difference = subtract(usd(to), usd(from));
  const hundredths = (magnitude(difference) * 10_000n) / usd(from);
  return `${difference < ZERO ? '-' : '+'}${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')} %`;
}

/** Every rate in dollars, including those that fall back on another one. */
export function amountsOf(rates: Rates): Readonly<Record<keyof Rates, string>> {
  const { images, seconds, characters, perRequest, ...tokens } = compileRates(rates);
  const perPiece = { perImage: images, perSecond: seconds, perCharacter: characters, perRequest };
  return {
    ...mapped(tokens, (pico) => formatUsd(perMillion(pico))),
    ...mapped(perPiece, (pico) => formatUsd(picoUsd(pico))),
  };
}

const perMillion = (picoPerToken: bigint): Amount => times(picoUsd(picoPerToken), 1_000_000n);

const mapped = <K extends string>(values: Readonly<Record<K, bigint>>, map: (value: bigint) => string) =>
  Object.fromEntries(Object.entries<bigint>(values).map(([key, value]) => [key, map(value)])) as Record<K, string>;

/** The limits of bands on the prompt, ascending, each once. */
export const limitsOf = (bands: readonly Band[]): number[] =>
  [...new Set(bands.map(limitOf))].toSorted((a, b) => a - b);

const limitOf = ({ promptTokens }: Band): number => (promptTokens ? largestPrompt(promptTokens) : Infinity);

export function bandAt(bands: Bands, prompt: number): Band {
  const band = bands.find((one) => prompt <= limitOf(one));
  if (band === undefined) throw new RangeError(`no band takes a prompt of ${prompt} tokens`);
  return band;
}

export const timesOf = ({ windows = [] }: Band): WindowTimes[] =>
  windows.map(({ days, from, to }) => ({ ...(days && { days }), from, to }));

/** The rates of a band, or of its window with exactly these times. */
export function ratesIn(band: Band, when?: WindowTimes): { price: Rates; cost: Rates } {
  const index = timesOf(band).findIndex((one) => isDeepStrictEqual(one, when));
  const { price, cost = price } = band.windows?.[index] ?? band;
  return { price, cost };
}
