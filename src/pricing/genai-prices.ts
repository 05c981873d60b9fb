// Provider prices from genai-prices (https://github.com/pydantic/genai-prices, MIT): the npm package or its data file.
import { z } from 'zod';
import { formatUsd, picoUsd, usd } from '../kernel/index.js';
import type { Maker, Model } from './catalogue/model.js';
import type { ModelPrices, Rates, WindowTimes } from './price-list.js';

/** A number, or its decimal text, which is exact. */
const decimal = z.union([z.number(), z.string()]).transform(String);
const tiered = z.object({
  base: decimal,
  tiers: z.array(z.object({ start: z.coerce.number().pipe(z.int().min(0)), price: decimal })),
});
const prices = z.record(z.string(), z.union([decimal, tiered]).optional());
const startDate = z.object({ start_date: z.iso.date() });
const timeOfDay = z.object({ start_time: z.string(), end_time: z.string() });
const conditional = z.object({ constraint: z.union([startDate, timeOfDay]).nullish(), prices });
const providerSchema = z.object({
  id: z.string(),
  models: z.array(
    z.object({ id: z.string(), match: z.json(), prices: z.union([z.array(conditional).min(1), prices]) }),
  ),
});

type Prices = z.infer<typeof prices>;
type Conditional = z.infer<typeof conditional>;
export type Provider = z.infer<typeof providerSchema>;

/** Undefined where the source has no such provider. */
export type PriceSource = (providerId: string) => Provider | undefined;

/** @throws z.ZodError when the shape differs */
export const readProvider = (provider: unknown): Provider => providerSchema.parse(provider);
export const readProviders = (document: unknown): Provider[] => z.array(providerSchema).parse(document);

/** The source's names of the catalogue's makers. It has no others of them. */
const PROVIDER_OF: ReadonlyMap<Maker, string> = new Map([
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['deepseek', 'deepseek'],
  ['moonshot', 'moonshotai'],
  ['zhipu', 'zai'],
]);

/** Provider costs of a model as bands of a price list, with notes on what a price list can't express. */
export interface Costs {
  readonly bands: ModelPrices['bands'];
  readonly notes: readonly string[];
}

/** Why a model's prices can't be imported. */
export class NotImportable extends Error {
  override readonly name = 'NotImportable';
}

/** What the provider of a model charges at an instant. @throws NotImportable */
export function costsAt(source: PriceSource, model: Model, atMs: number): Costs {
  const providerId = PROVIDER_OF.get(model.maker);
  const provider = providerId === undefined ? undefined : source(providerId);
  if (provider === undefined) throw new NotImportable(`The source has no prices of ${model.maker}.`);
  const entry = provider.models.find(({ id, match }) =>
    [id, ...namesIn(match)].some((name) => isNamed(model.id, name)),
  );
  if (entry === undefined) throw new NotImportable(`The source has no model of this name under ${provider.id}.`);
  const list = Array.isArray(entry.prices) ? entry.prices : [{ prices: entry.prices }];
  const { base, windows, notes } = inForce(list, atMs);
  return {
    bands: bandsOf(model, base, windows),
    notes: [...notes, ...leftOut([base, ...windows.map((one) => one.prices)])],
  };
}

/** The exact names in a match rule. Patterns are ignored: "claude-sonnet-5…" also matches the names of later models. */
function namesIn(match: unknown): string[] {
  if (Array.isArray(match)) return match.flatMap(namesIn);
  if (typeof match !== 'object' || match === null) return [];
  return Object.entries(match).flatMap(([how, what]) => {
    if (how === 'or' || how === 'and') return namesIn(what);
    return (how === 'equals' || how === 'starts_with') && typeof what === 'string' ? [what] : [];
  });
}

/** Whether an id equals a name, ignoring case and the date of a snapshot. */
function isNamed(id: string, name: string): boolean {
  const [one, other] = [id.toLowerCase(), name.toLowerCase()];
  return one.startsWith(other) && /^(?:-\d{8}|-\d{4}-\d{2}-\d{2})?$/.test(one.slice(other.length));
}

interface Window {
  readonly times: WindowTimes;
  readonly prices: Prices;
}

/** The last of the conditional prices whose condition holds; the first when none does. */
function inForce(list: readonly Conditional[], atMs: number): { base: Prices; windows: Window[]; notes: string[] } {
  const windows: Window[] = [];
  const notes: string[] = [];
  for (const { constraint, prices: own } of list.toReversed()) {
    if (!constraint) return { base: own, windows, notes };
    if ('start_time' in constraint) {
      windows.unshift({ times: { from: timeIn(constraint.start_time), to: timeIn(constraint.end_time) }, prices: own });
    } else if (Date.parse(constraint.start_date) <= atMs) {
      return { base: own, windows, notes };
    } else {
      notes.push(`It has other prices from ${constraint.start_date} on: import those as of that day.`);
    }
  }
  return { base: list[0]?.prices ?? {}, windows, notes };
}

function timeIn(text: string): string {
  const minute = /^(\d\d:\d\d):00(?:\.0+)?Z$/.exec(text)?.[1];
  if (minute === undefined) throw new NotImportable(`Its time window at ${text} is not at a whole minute of UTC.`);
  return minute;
}

function bandsOf(model: Model, base: Prices, windows: readonly Window[]): ModelPrices['bands'] {
  const starts = [base, ...windows.map((window) => window.prices)].flatMap((own) =>
    Object.values(own).flatMap((price) => (typeof price === 'object' ? price.tiers.map(({ start }) => start) : [])),
  );
  const limits = [...new Set(starts)].toSorted((a, b) => a - b);
  return [...limits, undefined].map((limit, index) => {
    const above = limits[index - 1] ?? -1;
    return {
      ...(limit !== undefined && { promptTokens: { '<=': limit } }),
      price: ratesOf(model, base, above),
      ...(windows.length > 0 && {
        windows: windows.map(({ times, prices: own }) => ({ ...times, price: ratesOf(model, own, above) })),
      }),
    };
  });
}

const KINDS = {
  input_mtok: 'input',
  cache_read_mtok: 'cachedInput',
  cache_write_mtok: 'cacheWrite',
  cache_write_1h_mtok: 'cacheWrite1h',
  output_mtok: 'output',
  output_reasoning_mtok: 'reasoning',
  input_audio_mtok: 'inputAudio',
  output_audio_mtok: 'outputAudio',
  input_image_mtok: 'inputImage',
} as const satisfies Readonly<Record<string, keyof Rates>>;
const PER_1000_REQUESTS = 'requests_kcount';

/** The rates of prompts with more than `above` tokens. A whole request is billed at the highest tier that it exceeds. */
function ratesOf(model: Model, own: Prices, above: number): Rates {
  const priceOf = (key: string): string | undefined => {
    const price = own[key];
    if (typeof price !== 'object') return price;
    return price.tiers.reduce((before, tier) => (tier.start <= above ? tier.price : before), price.base);
  };
  const rates: Partial<Record<keyof Rates, string>> = {};
  for (const [key, kind] of Object.entries(KINDS)) {
    const price = priceOf(key);
    if (price !== undefined) rates[kind] = price;
  }
  const perRequest = priceOf(PER_1000_REQUESTS);
  if (perRequest !== undefined) rates.perRequest = perThousandth(perRequest);
  const { input, output = model.maxOutputTokens === 0 ? '0' : undefined } = rates;
  if (input === undefined) throw new NotImportable('The source has no price of its input.');
  if (output === undefined) throw new NotImportable('The source has no price of its output.');
  return { ...rates, input, output };
}

function perThousandth(price: string): string {
  if (!/^\d{1,9}(\.\d{1,12})?$/.test(price))
    throw new NotImportable(`"${price}" per 1,000 requests is no exact price.`);
  const pico = usd(price);
  if (pico % 1_000n !== 0n) throw new NotImportable(`$${price} per 1,000 requests is not exact per request.`);
  return formatUsd(picoUsd(pico / 1_000n));
}

/** A sentence for each price that a price list can't express. */
function leftOut(all: readonly Prices[]): string[] {
  const keys = new Set(all.flatMap((own) => Object.keys(own)));
  return [...keys]
    .filter((key) => !Object.hasOwn(KINDS, key) && key !== PER_1000_REQUESTS)
    .map((key) => `${key} is left out: ${whyLeftOut(key)}.`);
}

function whyLeftOut(key: string): string {
  if (key.startsWith('cache_')) return 'a cached token has one price here, whatever it holds';
  if (key.endsWith('_kcount')) return 'what providers’ own tools cost is not billed here';
  return 'there is no such kind in a price list';
}
