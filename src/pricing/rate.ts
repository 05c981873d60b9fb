// What a request costs: usage × a version of the price list → an exact amount. Compiled once per version, all in bigint.
import { Refused, ZERO, fromInstant, max, picoUsd, refuse, usd, type Amount } from '../kernel/index.js';
import type { ModelPrices, PriceListPublished, Rates } from './price-list.js';
import { largestPrompt, minuteOfWeek, weekSpans, type WeekSpan, windowText } from './price-windows.js';
import {
  INPUT_KINDS,
  MAX_TOKENS,
  OUTPUT_KINDS,
  partsOf,
  type TokenKind,
  type Unit,
  UNITS,
  type Usage,
} from './usage.js';

const TOKENS_PER_PRICE = 1_000_000n;
const PRICED = [...INPUT_KINDS, ...OUTPUT_KINDS, ...UNITS, 'perRequest'] as const;
type Priced = TokenKind | Unit | 'perRequest';

/** Pico-dollars per token of each kind, per piece of each unit, and per request. */
type CompiledRates = Readonly<Record<Priced, bigint>>;

interface RatePair {
  readonly price: CompiledRates;
  readonly cost: CompiledRates;
}

interface CompiledBand extends RatePair {
  /** The smallest and the largest prompt the band applies to, in tokens, both inclusive. */
  readonly from: number;
  readonly to: number;
  readonly windows: readonly (RatePair & WeekSpan & { readonly when: string })[];
}

/** A version of the price list, ready to rate with. */
export interface PriceList {
  readonly version: number;
  readonly effectiveFromMs: number;
  readonly document: PriceListPublished;
  readonly bands: ReadonlyMap<string, readonly CompiledBand[]>;
}

/** What the customer pays and what the provider charges us. */
export interface Rating {
  readonly price: Amount;
  readonly cost: Amount;
}

/** The largest usage that a request can have, but for its completion tokens. */
export interface UsageBound {
  readonly promptTokens: number;
  /** Kinds of tokens that the request can't use, such as audio when it has none and requests none. */
  readonly without?: readonly Exclude<TokenKind, 'input' | 'output'>[];
  /** The most pieces of each unit; 0 when absent. */
  readonly units?: Readonly<Partial<Record<Unit, number>>>;
}

export function compilePriceList(document: PriceListPublished): PriceList {
  return {
    version: document.version,
    effectiveFromMs: fromInstant(document.effectiveFrom),
    document,
    bands: new Map(document.models.map((prices) => [prices.model, compileBands(prices)])),
  };
}

function compileBands({ bands }: ModelPrices): CompiledBand[] {
  let from = 0;
  return bands.map(({ promptTokens, windows = [], ...rates }) => {
    const to = promptTokens ? largestPrompt(promptTokens) : Infinity;
    const band = {
      from,
      to,
      ...compilePair(rates),
      windows: windows.flatMap((window) =>
        weekSpans(window).map((span) => ({ ...span, ...compilePair(window), when: windowText(window) })),
      ),
    };
    from = to + 1;
    return band;
  });
}

function compilePair({ price, cost }: { price: Rates; cost?: Rates | undefined }): RatePair {
  const compiled = compileRates(price);
  return { price: compiled, cost: cost ? compileRates(cost) : compiled };
}

export function compileRates(rates: Rates): CompiledRates {
  const { input, output, cachedInput = input, cacheWrite = input } = rates;
  return {
    input: perToken(input),
    cachedInput: perToken(cachedInput),
    explicitCachedInput: perToken(rates.explicitCachedInput ?? cachedInput),
    cacheWrite: perToken(cacheWrite),
    cacheWrite1h: perToken(rates.cacheWrite1h ?? cacheWrite),
    inputAudio: perToken(rates.inputAudio ?? input),
    inputImage: perToken(rates.inputImage ?? input),
    output: perToken(output),
    reasoning: perToken(rates.reasoning ?? output),
    outputAudio: perToken(rates.outputAudio ?? output),
    images: usd(rates.perImage ?? '0'),
    seconds: usd(rates.perSecond ?? '0'),
    characters: usd(rates.perCharacter ?? '0'),
    perRequest: usd(rates.perRequest ?? '0'),
  };
}

/** Exact, because a price per million tokens has at most six decimals. */
const perToken = (usdPerMillionTokens: string): bigint => usd(usdPerMillionTokens) / TOKENS_PER_PRICE;

/** Whether the list has a price for the model. Check before anything is sent upstream. */
export const isPriced = (list: PriceList, model: string): boolean => list.bands.has(model);

function bandsOf(list: PriceList, model: string): readonly CompiledBand[] {
  const bands = list.bands.get(model);
  if (!bands)
    throw new Refused(
      refuse('invalid', 'price_unknown', `Price list ${list.version} has no price for ${model}.`, { model }),
    );
  return bands;
}

/** The window of a band that is open at an instant. */
function windowAt({ windows }: CompiledBand, atMs: number): CompiledBand['windows'][number] | undefined {
  if (windows.length === 0) return undefined;
  const minute = minuteOfWeek(atMs);
  return windows.find(({ start, end }) => start <= minute && minute < end);
}

/** The rates of a band at an instant: those of the window that is open, else the band's own. */
const ratesAt = (band: CompiledBand, atMs: number): RatePair => windowAt(band, atMs) ?? band;

/** The customer's prices, in pico-dollars each, of the prompts from a size on. */
export interface UnitPrices {
  readonly price: CompiledRates;
  /** In tokens. */
  readonly from: number;
}

/** What a model's tokens and pieces cost at an instant, by the size of the prompt, ascending. */
export const unitPrices = (list: PriceList, model: string, atMs: number): UnitPrices[] =>
  bandsOf(list, model).map((band) => ({ from: band.from, price: ratesAt(band, atMs).price }));

/** A part of what a request costs: tokens of a kind, pieces, or the request itself. All in pico-dollars. */
export interface RateLine {
  readonly kind: Priced;
  readonly count: bigint;
  /** What the customer pays for each. */
  readonly priceRate: bigint;
  readonly price: bigint;
  /** What the provider charges us for each. */
  readonly costRate: bigint;
  readonly cost: bigint;
}

/** The rule of a price list that a request falls under. */
export interface PriceRule {
  /** The prompts it is for, in tokens, both inclusive; `Infinity` without a limit. */
  readonly from: number;
  readonly to: number;
  /** The time window that was open, such as `mon 00:30-16:30`; undefined outside every window. */
  readonly window: string | undefined;
}

/**
 * What a request costs, exactly: every token once, under its kind, every piece, and the price per request. The band is chosen by the whole
 * prompt, the window by `atMs`, the instant the request was admitted (not when it ended), so that a hold bounds its charge.
 * @throws Refused `price_unknown` when the list has no price for the model: never a cost of 0.
 */
export function rate(list: PriceList, model: string, usage: Usage, atMs: number): Rating {
  const rates = ratesAt(bandFor(list, model, usage), atMs);
  const counts = countsOf(usage);
  let [price, cost] = [0n, 0n];
  for (const kind of PRICED) {
    if (counts[kind] === 0) continue;
    const count = BigInt(counts[kind]);
    price += rates.price[kind] * count;
    cost += rates.cost[kind] * count;
  }
  return { price: picoUsd(price), cost: picoUsd(cost) };
}

/** What a request's cost is the sum of: a line for each kind that it has. Throws as `rate` does, which comes to the same sum. */
export function rateLines(list: PriceList, model: string, usage: Usage, atMs: number): RateLine[] {
  const { price, cost } = ratesAt(bandFor(list, model, usage), atMs);
  const counts = countsOf(usage);
  return PRICED.filter(
    (kind) => counts[kind] > 0 && (kind !== 'perRequest' || price[kind] !== 0n || cost[kind] !== 0n),
  ).map((kind) => {
    const count = BigInt(counts[kind]);
    const [priceRate, costRate] = [price[kind], cost[kind]];
    return { kind, count, priceRate, price: priceRate * count, costRate, cost: costRate * count };
  });
}

/** How much a request has of each kind that is priced. */
const countsOf = (usage: Usage): Readonly<Record<Priced, number>> => ({
  ...partsOf(usage),
  images: usage.images ?? 0,
  seconds: usage.seconds ?? 0,
  characters: usage.characters ?? 0,
  perRequest: 1,
});

/** Which rule prices a request. Throws as `rate` does. */
export function ruleOf(list: PriceList, model: string, usage: Usage, atMs: number): PriceRule {
  const band = bandFor(list, model, usage);
  return { from: band.from, to: band.to, window: windowAt(band, atMs)?.when };
}

function bandFor(list: PriceList, model: string, { promptTokens }: Usage): CompiledBand {
  const band = bandsOf(list, model).find(({ to }) => promptTokens <= to);
  if (band !== undefined) return band;
  throw new RangeError(`price list ${list.version} leaves a gap for ${model} at ${promptTokens} tokens`);
}

/** The request itself and what it has by the piece. */
const ofPieces = (units: UsageBound['units'], rates: CompiledRates): bigint =>
  UNITS.reduce((pico, unit) => pico + rates[unit] * BigInt(units?.[unit] ?? 0), rates.perRequest);

/** The largest cost of the prompts that fall into a band, as a line over the completion tokens. */
export interface CostLine {
  readonly fixed: bigint;
  readonly perCompletionToken: bigint;
}

/**
 * The most that any usage within the bound can cost the customer at `atMs`, by its completion tokens: whatever kinds its tokens turn out to
 * be, and for each band up to that of the largest prompt. This is what a hold is placed for.
 * @throws Refused `price_unknown` when the list has no price for the model.
 */
export function costLines(list: PriceList, model: string, bound: UsageBound, atMs: number): CostLine[] {
  const { promptTokens, without = [], units } = bound;
  const lines: CostLine[] = [];
  for (const band of bandsOf(list, model)) {
    if (band.from > promptTokens) break;
    const { price } = ratesAt(band, atMs);
    const largest = BigInt(band.to < promptTokens ? band.to : promptTokens);
    const fixed = ofPieces(units, price) + dearest(price, INPUT_KINDS, without) * largest;
    lines.push({ fixed, perCompletionToken: dearest(price, OUTPUT_KINDS, without) });
  }
  return lines;
}

/** The highest rate of these kinds, but for those that a request can't use. */
function dearest(rates: CompiledRates, kinds: readonly TokenKind[], without: readonly TokenKind[]): bigint {
  let most = 0n;
  for (const kind of kinds) if (rates[kind] > most && !without.includes(kind)) most = rates[kind];
  return most;
}

/** The most that so many completion tokens can cost, with their prompt. */
export function maxCost(lines: readonly CostLine[], completionTokens: number): Amount {
  const count = BigInt(completionTokens);
  let most = ZERO;
  for (const { fixed, perCompletionToken } of lines) most = max(most, picoUsd(fixed + perCompletionToken * count));
  return most;
}

/** The greatest number of completion tokens whose `maxCost` fits into the budget, at most `MAX_TOKENS`; -1 when not even the prompt fits. */
export function affordableCompletionTokens(lines: readonly CostLine[], budget: Amount): number {
  let most = BigInt(MAX_TOKENS);
  for (const { fixed, perCompletionToken } of lines) {
    if (fixed > budget) return -1;
    if (perCompletionToken === 0n) continue;
    const fits = (budget - fixed) / perCompletionToken;
    if (fits < most) most = fits;
  }
  // oxlint-disable-next-line no-restricted-globals -- a count of tokens, at most MAX_TOKENS
  return Number(most);
}
