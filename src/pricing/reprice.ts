// Applies new provider costs to the prices of a model.
import { isDeepStrictEqual } from 'node:util';
import { type Amount, formatUsd, negate, picoUsd, usd } from '../kernel/index.js';
import { NotImportable } from './genai-prices.js';
import { amountsOf, type Band, bandAt, type Bands, limitsOf, ratesIn, timesOf } from './price-changes.js';
import { windowText } from './price-windows.js';
import type { ModelPrices, Rates, WindowTimes } from './price-list.js';

const HUNDRED_PERCENT = usd('100');

/** A markup in per cent, as it is. @throws RangeError a sentence without its end */
export function checkedMarkup(text: string): string {
  if (percentage(text) < negate(HUNDRED_PERCENT))
    throw new RangeError(`"${text}" is not a percentage such as 12.5: below -100 %, prices would be negative`);
  return text;
}

function percentage(text: string): Amount {
  try {
    return usd(text);
  } catch (cause) {
    throw new RangeError(`"${text}" is not a percentage such as 12.5`, { cause });
  }
}

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
  const limits = limitsOf([...bands, ...costs]);
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

/** Omits a cost that equals the price. */
const tidy = (pair: { price: Rates; cost: Rates }): { price: Rates; cost?: Rates } =>
  isDeepStrictEqual(amountsOf(pair.price), amountsOf(pair.cost)) ? { price: pair.price } : pair;
