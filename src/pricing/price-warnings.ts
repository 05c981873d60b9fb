// What is probably a mistake in a price list, though it can be published: a person looks at it before it is.
import { times, usd, ZERO } from '../kernel/index.js';
import type { Model } from './catalogue.js';
import type { KnownModel } from './price-list.check.js';
import { amountsOf, changesOf, listChanges, type PriceChange, ratesIn, timesOf } from './price-changes.js';
import { windowText } from './price-windows.js';
import type { ModelPrices, Rates } from './price-list.js';
import { inForceAt, nextAfter, type PriceVersion } from './price-versions.js';

export const WARNING_CODES = [
  'model_gone',
  'free',
  'below_cost',
  'unlikely_change',
  'for_the_past',
  'ends_with_another_version',
] as const;

export interface PriceWarning {
  readonly code: (typeof WARNING_CODES)[number];
  /** The model it is about; absent where it is about the whole list. */
  readonly model?: string;
  readonly message: string;
}

/** A list that is about to be published. */
export interface Draft {
  readonly models: readonly ModelPrices[];
  readonly effectiveFromMs: number;
  /** Now, in epoch milliseconds. */
  readonly atMs: number;
}

/** A model of the catalogue, with its maker's list price where it is known. */
export type ListedModel = KnownModel & Partial<Pick<Model, 'prices'>>;

/** What to look at before a list without faults is published; empty when nothing is unusual. */
export function warningsOf(
  draft: Draft,
  versions: readonly PriceVersion[],
  catalogue: Iterable<ListedModel>,
): PriceWarning[] {
  const { models, effectiveFromMs } = draft;
  const old = inForceAt(versions, effectiveFromMs)?.models ?? [];
  const before = new Map(old.map((prices) => [prices.model, prices]));
  const listed = new Map([...catalogue].map(({ id, prices }) => [id, prices?.bands]));
  const priced = new Set(models.map(({ model }) => model));
  return [
    ...old.filter(({ model }) => !priced.has(model)).map(({ model }) => gone(model)),
    ...models.flatMap((prices) => {
      const bands = listed.get(prices.model);
      const usual = before.get(prices.model) ?? (bands && { model: prices.model, bands });
      if (usual && changesOf(usual, prices).length === 0) return [];
      return [...inItself(prices), ...(usual ? compared(usual, prices, before.has(prices.model)) : [])];
    }),
    ...inTime(draft, versions),
  ];
}

const gone = (model: string): PriceWarning => ({
  code: 'model_gone',
  model,
  message: `${model} had a price and has none now: it can’t be called any more.`,
});

/** What is odd about the prices of a model, whatever they were before. */
function inItself({ model, bands }: ModelPrices): PriceWarning[] {
  return bands.flatMap((band) =>
    [undefined, ...timesOf(band)].flatMap((when) => {
      const { price, cost } = ratesIn(band, when);
      const [sale, purchase] = [amountsOf(price), amountsOf(cost)];
      const kinds = Object.keys(sale) as (keyof Rates)[];
      const where = when === undefined ? '' : ` (${windowText(when)})`;
      const below = kinds.filter((kind) => usd(purchase[kind]) > usd(sale[kind]));
      const free = kinds.every((kind) => usd(sale[kind]) === ZERO);
      const loss = below.map((kind) => `${kind} costs $${purchase[kind]} and sells at $${sale[kind]}`).join(', ');
      return [
        ...(free ? [{ code: 'free' as const, model, message: `${model}${where} is free: every rate is 0.` }] : []),
        ...(below.length > 0 ? [{ code: 'below_cost' as const, model, message: `${model}${where}: ${loss}.` }] : []),
      ];
    }),
  );
}

/** What is odd about a change; of a model that is new in the list, about the difference to its maker's list price. */
function compared(usual: ModelPrices, now: ModelPrices, wasPriced: boolean): PriceWarning[] {
  const usually = wasPriced ? 'what it was' : 'the list price of its maker';
  return changesOf(usual, now).flatMap((change): PriceWarning[] => {
    const { model, of, kind, prompt, when, from, to } = change;
    const about = `${model}: the ${of} of ${kind}${[prompt, when].map((part) => part && ` (${part})`).join('')}`;
    if (to !== null && usd(to) === ZERO && of === 'price') {
      const zero = wasPriced ? `becomes 0; it was $${from}` : `is 0; ${usually} is $${from}`;
      return [{ code: 'free', model, message: `${about} ${zero}.` }];
    }
    const factor = unlikely(change);
    if (factor === undefined) return [];
    return [{ code: 'unlikely_change', model, message: `${about} is $${to}, ${factor} ${usually}, $${from}.` }];
  });
}

/** How a rate differs, where it is ten times as much or more, or a tenth or less. */
function unlikely({ from, to }: PriceChange): string | undefined {
  if (from === null || to === null) return undefined;
  const [before, after] = [usd(from), usd(to)];
  if (before === ZERO || after === ZERO) return undefined;
  if (after >= times(before, 10n)) return `${after / before} times as much as`;
  if (before < times(after, 10n)) return undefined;
  const mistaken = before === times(after, 1_000n) ? ' (is it a price per thousand tokens?)' : '';
  const perToken = before === times(after, 1_000_000n) ? ' (is it a price per token?)' : '';
  return `1/${before / after}${mistaken}${perToken} of`;
}

/** What a list does before now, and when another one follows it. */
function inTime({ models, effectiveFromMs, atMs }: Draft, versions: readonly PriceVersion[]): PriceWarning[] {
  const warnings: PriceWarning[] = [];
  if (effectiveFromMs < atMs && inForceAt(versions, atMs) !== undefined) {
    const message = 'It is for the past: charges that were made since keep their price, until somebody re-rates them.';
    warnings.push({ code: 'for_the_past', message });
  }
  const next = nextAfter(versions, effectiveFromMs);
  const others = new Set(next && listChanges(models, next.models).map(({ model }) => model));
  if (next === undefined || others.size === 0) return warnings;
  const about = others.size === 1 ? [...others][0] : `${others.size} models`;
  const message =
    `It is in force only until ${next.effectiveFrom}, when version ${next.version} follows with other prices for ${about}. ` +
    'To keep these, publish them from that instant, too.';
  return [...warnings, { code: 'ends_with_another_version', message }];
}
