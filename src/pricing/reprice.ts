// Applies new provider costs to the prices of a model and lists what changes.
import { isDeepStrictEqual } from 'node:util';
import { formatUsd, picoUsd, times, usd } from '../kernel/index.js';
import type { ModelPrices, Rates, WindowTimes } from './price-list.js';
import { largestPrompt } from './price-windows.js';
import { compileRates } from './rate.js';
import { NotImportable } from './genai-prices.js';

type Bands = ModelPrices['bands'];
type Band = Bands[number];

/** A rate that changes. */
export interface PriceChange {
  readonly model: string;
  /** The prompts it applies to, such as `<= 200000`; empty for all, or for the rest. */
  readonly prompt: string;
  /** The time window it applies to; empty for the rest of the week. */
  readonly when: string;
  readonly kind: keyof Rates;
  readonly of: 'cost' | 'price';
  /** US dollars: per million tokens, or per piece. */
  readonly from: string;
  readonly to: string;
}

const HUNDRED_PERCENT = usd('100');

/** Sets provider costs, and customer prices at a markup in per cent ("12.5"). @throws NotImportable when that is not exact */
export function markedUp(model: string, costs: Bands, percent: string): ModelPrices {
  const pair = (cost: Rates) => tidy({ price: scaled(cost, percent), cost });
  const bands = costs.map(({ promptTokens, price, windows }) => ({
    ...(promptTokens && { promptTokens }),
    ...pair(price),
    ...(windows && { windows: windows.map(({ price: own, ...when }) => ({ ...when, ...pair(own) })) }),
  }));
  return { model, bands };
}

function scaled(rates: Rates, percent: string): Rates {
  const factor = HUNDRED_PERCENT + usd(percent);
  const scale = (rate: string): string => {
    const product = usd(rate) * factor;
    if (product % HUNDRED_PERCENT !== 0n) throw new NotImportable(`$${rate} and ${percent} % is not exact.`);
    return formatUsd(picoUsd(product / HUNDRED_PERCENT));
  };
  return Object.fromEntries(Object.entries(rates).map(([kind, rate]) => [kind, scale(rate)])) as unknown as Rates;
}

/** Sets provider costs and keeps customer prices. @throws NotImportable when both have time windows that differ */
export function recosted({ model, bands }: ModelPrices, costs: Bands): ModelPrices {
  const limits = [...new Set([...bands, ...costs].map(limitOf))].toSorted((a, b) => a - b);
  const merged = limits.map((limit): Band => {
    const [old, now] = [bandAt(bands, limit), bandAt(costs, limit)];
    const windows = windowsOfBoth(old, now);
    const pair = (when?: WindowTimes) => tidy({ price: ratesIn(old, when).price, cost: ratesIn(now, when).price });
    return {
      ...(limit !== Infinity && { promptTokens: { '<=': limit } }),
      ...pair(),
      ...(windows.length > 0 && { windows: windows.map((when) => ({ ...when, ...pair(when) })) }),
    };
  });
  return { model, bands: merged };
}

function windowsOfBoth(old: Band, now: Band): readonly WindowTimes[] {
  const [ofOld, ofNow] = [timesOf(old), timesOf(now)];
  if (ofOld.length === 0 || isDeepStrictEqual(ofOld, ofNow)) return ofNow;
  if (ofNow.length === 0) return ofOld;
  throw new NotImportable(
    `The time windows of its cost (${ofNow.map(windowText).join('; ')}) are not those of its price (${ofOld.map(windowText).join('; ')}).`,
  );
}

/** The rates that change what is billed; empty when the two lists only look different. */
export function changesOf(old: ModelPrices, now: ModelPrices): PriceChange[] {
  const limits = [...new Set([...old.bands, ...now.bands].map(limitOf))].toSorted((a, b) => a - b);
  return limits.flatMap((limit) => {
    const [before, after] = [bandAt(old.bands, limit), bandAt(now.bands, limit)];
    const windows = [...timesOf(before), ...timesOf(after)];
    const distinct = windows.filter(
      (one, index) => windows.findIndex((other) => isDeepStrictEqual(one, other)) === index,
    );
    return [undefined, ...distinct].flatMap((when) =>
      (['cost', 'price'] as const).flatMap((of) =>
        changedRates(ratesIn(before, when)[of], ratesIn(after, when)[of]).map((change) => ({
          model: now.model,
          prompt: limit === Infinity ? '' : `<= ${limit}`,
          when: when === undefined ? '' : windowText(when),
          of,
          ...change,
        })),
      ),
    );
  });
}

function changedRates(from: Rates, to: Rates): Pick<PriceChange, 'kind' | 'from' | 'to'>[] {
  const [before, after] = [amountsOf(from), amountsOf(to)];
  const named = [...new Set([...Object.keys(from), ...Object.keys(to)])] as (keyof Rates)[];
  return named
    .filter((kind) => before[kind] !== after[kind])
    .map((kind) => ({ kind, from: before[kind], to: after[kind] }));
}

/** Every rate in dollars, including those that fall back on another one. */
function amountsOf(rates: Rates): Readonly<Record<keyof Rates, string>> {
  const { images, seconds, characters, perRequest, ...tokens } = compileRates(rates);
  const perPiece = { perImage: images, perSecond: seconds, perCharacter: characters, perRequest };
  return {
    ...mapped(tokens, (pico) => formatUsd(times(picoUsd(pico), 1_000_000n))),
    ...mapped(perPiece, (pico) => formatUsd(picoUsd(pico))),
  };
}

const mapped = <K extends string>(values: Readonly<Record<K, bigint>>, map: (value: bigint) => string) =>
  Object.fromEntries(Object.entries<bigint>(values).map(([key, value]) => [key, map(value)])) as Record<K, string>;

/** Omits a cost that equals the price. */
const tidy = (pair: { price: Rates; cost: Rates }): { price: Rates; cost?: Rates } =>
  isDeepStrictEqual(amountsOf(pair.price), amountsOf(pair.cost)) ? { price: pair.price } : pair;

const limitOf = ({ promptTokens }: Band): number => (promptTokens ? largestPrompt(promptTokens) : Infinity);

function bandAt(bands: Bands, prompt: number): Band {
  const band = bands.find((one) => prompt <= limitOf(one));
  if (band === undefined) throw new RangeError(`no band takes a prompt of ${prompt} tokens`);
  return band;
}

const timesOf = ({ windows = [] }: Band): WindowTimes[] =>
  windows.map(({ days, from, to }) => ({ ...(days && { days }), from, to }));

/** The rates of a band, or of its window with exactly these times. */
function ratesIn(band: Band, when?: WindowTimes): { price: Rates; cost: Rates } {
  const index = timesOf(band).findIndex((one) => isDeepStrictEqual(one, when));
  const { price, cost = price } = band.windows?.[index] ?? band;
  return { price, cost };
}

const windowText = ({ days = [], from, to }: WindowTimes): string => `${days.join(',')} ${from}-${to}`.trim();
