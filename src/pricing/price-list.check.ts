// Checks a whole price list and names every fault, so that an operator can fix them in one go.
import { isJsonObject } from '../kernel/index.js';
import type { Model } from './catalogue.js';
import { contextLimitSchema, priceListSchema, windowTimesSchema } from './price-list.js';
import { largestPrompt, overlap, weekSpans } from './price-windows.js';

/** A fault of a price list: its path, such as `models[3].bands[0].price.input`, and a sentence. */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** What the check needs to know about a model. */
export type KnownModel = Pick<Model, 'id' | 'soldBy' | 'aliases'>;

type Path = readonly PropertyKey[];

/**
 * Every fault of a price list; empty when it can be published. It checks what it can even in a document of the wrong
 * shape, so that one mistake does not hide another.
 */
export function checkPriceList(document: unknown, knownModels: Iterable<KnownModel>): Fault[] {
  const parsed = priceListSchema.safeParse(document);
  const faults = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => fault(path, message));
  const models: readonly unknown[] = isJsonObject(document) ? listAt(document.models) : [];
  const all = [...knownModels];
  const known = new Map(all.map((model) => [model.id, model]));
  const canonical = new Map(all.flatMap(({ id, aliases = [] }) => aliases.map((alias) => [alias, id])));
  const seen = new Set<string>();
  models.forEach((entry, index) => {
    if (!isJsonObject(entry)) return;
    const path = ['models', index];
    const { model } = entry;
    if (typeof model === 'string') {
      if (!known.has(model)) faults.push(fault([...path, 'model'], unknown(model, canonical.get(model))));
      if (seen.has(model)) faults.push(fault([...path, 'model'], `"${model}" is priced twice.`));
      seen.add(model);
    }
    faults.push(...bandFaults(listAt(entry.bands), [...path, 'bands']));
    const soldBy = typeof model === 'string' ? known.get(model)?.soldBy : undefined;
    if (soldBy !== undefined) faults.push(...unsoldFaults(listAt(entry.bands), soldBy, [...path, 'bands']));
  });
  return faults;
}

const unknown = (model: string, id: string | undefined): string =>
  id === undefined
    ? `"${model}" is not a model of the catalogue. MODELS_FILE adds one.`
    : `"${model}" is another name of "${id}": price that, and both cost the same.`;

/** Without its price, a model that is sold by the piece would be free. A model that should be free says "0". */
function unsoldFaults(bands: readonly unknown[], soldBy: NonNullable<KnownModel['soldBy']>, path: Path): Fault[] {
  return bands.flatMap((band, index) => {
    if (!isJsonObject(band)) return [];
    const priced = [band, ...listAt(band.windows)].filter(isJsonObject);
    const rates = priced.flatMap(({ price, cost }) => [price, cost]).filter(isJsonObject);
    if (rates.every((rate) => rate[soldBy] !== undefined)) return [];
    return [
      fault([...path, index], `This model is sold ${soldBy}: every price needs it, "0" if it is to cost nothing.`),
    ];
  });
}

/** The limits of a model's bands must ascend and leave no prompt without a price; its windows must not overlap. */
function bandFaults(bands: readonly unknown[], path: Path): Fault[] {
  const faults: Fault[] = [];
  let covered: number | undefined = -1;
  bands.forEach((band, index) => {
    if (!isJsonObject(band)) return;
    const here = [...path, index];
    faults.push(...windowFaults(listAt(band.windows), [...here, 'windows']));
    const to = limitOf(band.promptTokens);
    if (to === undefined || covered === undefined) {
      // Without a readable limit the order is unknown. The fault in its shape is named already.
      covered = undefined;
    } else if (to <= covered) {
      faults.push(fault([...here, 'promptTokens'], 'This band overlaps the one before it: limits must ascend.'));
    } else {
      covered = to;
    }
  });
  if (bands.length > 0 && covered !== undefined && covered !== Infinity) {
    faults.push(fault(path, `Prompts of more than ${covered} tokens have no price: the last band takes no limit.`));
  }
  return faults;
}

/** The largest prompt of a band, unbounded without a limit; undefined when the limit can't be read. */
function limitOf(limit: unknown): number | undefined {
  if (limit === undefined) return Infinity;
  const parsed = contextLimitSchema.safeParse(limit);
  return parsed.success ? largestPrompt(parsed.data) : undefined;
}

function windowFaults(windows: readonly unknown[], path: Path): Fault[] {
  const faults: Fault[] = [];
  const spans: { start: number; end: number; index: number }[] = [];
  windows.forEach((window, index) => {
    const times = windowTimesSchema.safeParse(window);
    if (!times.success) return;
    const here = [...path, index];
    const { days = [] } = times.data;
    if (new Set(days).size < days.length) faults.push(fault([...here, 'days'], 'This window names a day twice.'));
    const own = weekSpans(times.data);
    if (own.length === 0) faults.push(fault(here, 'This window closes when it opens: it covers no time.'));
    const met = spans.find((span) => own.some((one) => overlap(span, one)));
    if (met) faults.push(fault(here, `This window overlaps windows[${met.index}].`));
    spans.push(...own.map((span) => ({ ...span, index })));
  });
  return faults;
}

const listAt = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fault = (path: Path, message: string): Fault => ({
  path: path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, ''),
  message,
});
