// Imports provider costs into a price list: the new list, what it changes, and what can't be imported.
import { refuse, Refused, toInstant } from '../kernel/index.js';
import { type Catalogue, isRetired, SHIPPED } from './catalogue.js';
import { checkPriceList } from './price-list.check.js';
import type { ModelPrices } from './price-list.js';
import { costsAt, NotImportable, type PriceSource } from './genai-prices.js';
import { changesOf, type PriceChange } from './price-changes.js';
import { inForceAt, type PriceVersion } from './price-versions.js';
import { type PriceWarning, warningsOf } from './price-warnings.js';
import { markedUp, recosted } from './reprice.js';

export interface ImportOptions {
  /** The instant of the prices to import, in epoch milliseconds. */
  readonly atMs: number;
  /** The markup on cost that customers pay, in per cent, as a decimal string. Absent: customer prices stay. */
  readonly markup?: string | undefined;
  /** The models to import. Absent: all of the list. */
  readonly only?: readonly string[] | undefined;
  /** Absent: the shipped one. */
  readonly catalogue?: Catalogue;
}

export interface PriceImport {
  /** The whole list to publish. */
  readonly models: readonly ModelPrices[];
  readonly changes: readonly PriceChange[];
  /** Models that stay as they are, and why. */
  readonly left: readonly { readonly model: string; readonly reason: string }[];
  /** Notes on the models that were imported. */
  readonly notes: readonly { readonly model: string; readonly note: string }[];
}

/** What importing into the version in force at that instant would do. */
export interface PriceListImport extends PriceImport {
  readonly atMs: number;
  /** The version that is in force then. */
  readonly base: PriceVersion;
  /** The newest version of all. */
  readonly newest: number;
  /** What to look at before it is published. */
  readonly warnings: readonly PriceWarning[];
}

/** Imports into what is in force at an instant; `nowMs` is in epoch milliseconds. @throws Refused `no_price_list`, `model_not_priced` */
export function importInto(
  versions: readonly PriceVersion[],
  source: PriceSource,
  { nowMs, catalogue = SHIPPED, ...options }: ImportOptions & { readonly nowMs: number },
): PriceListImport {
  const { atMs, only = [] } = options;
  const base = inForceAt(versions, atMs);
  if (base === undefined) {
    const message = `No price list is in force on ${toInstant(atMs)}. Publish one first: tokenhub prices publish`;
    throw new Refused(refuse('conflict', 'no_price_list', message));
  }
  const missing = only.find((id) => !base.models.some(({ model }) => model === id));
  if (missing !== undefined)
    throw new Refused(refuse('invalid', 'model_not_priced', `Price list ${base.version} has no "${missing}".`));
  const found = importPrices(base.models, source, { ...options, catalogue });
  const draft = { models: found.models, effectiveFromMs: atMs, atMs: nowMs };
  const warnings = found.changes.length === 0 ? [] : warningsOf(draft, versions, catalogue.models);
  return { ...found, atMs, base, newest: versions.length, warnings };
}

/** Imports every model of a price list. Pure. A model that can't be imported does not stop the others. */
export function importPrices(
  list: readonly ModelPrices[],
  source: PriceSource,
  { atMs, markup, only, catalogue = SHIPPED }: ImportOptions,
): PriceImport {
  const changes: PriceChange[] = [];
  const left: { model: string; reason: string }[] = [];
  const notes: { model: string; note: string }[] = [];
  const models = list.map((old): ModelPrices => {
    const { model } = old;
    if (only !== undefined && !only.includes(model)) return old;
    try {
      const costs = costsAt(source, onSale(catalogue, model, atMs), atMs);
      refuseFaults(catalogue, { model, bands: costs.bands });
      const now = markup === undefined ? recosted(old, costs.bands) : markedUp(model, costs.bands, markup);
      refuseFaults(catalogue, now);
      notes.push(...costs.notes.map((note) => ({ model, note })));
      const changed = changesOf(old, now);
      changes.push(...changed);
      return changed.length === 0 ? old : now;
    } catch (error) {
      if (!(error instanceof NotImportable)) throw error;
      left.push({ model, reason: error.message });
      return old;
    }
  });
  return { models, changes, left, notes };
}

/** @throws NotImportable when its maker has withdrawn it: the source only has its old prices. */
function onSale(catalogue: Catalogue, id: string, atMs: number) {
  const model = catalogue.find(id);
  if (model === undefined) throw new NotImportable('The catalogue does not have this model.');
  if (isRetired(model, atMs)) throw new NotImportable('Its maker has withdrawn it.');
  return model;
}

/** @throws NotImportable naming what a price list can't contain, such as a price with too many digits. */
function refuseFaults({ models: known }: Catalogue, prices: ModelPrices): void {
  const faults = checkPriceList({ effectiveFrom: '2000-01-01T00:00:00Z', models: [prices] }, known);
  if (faults.length === 0) return;
  const sentences = faults.map(({ path, message }) => `${path.replace('models[0].', '')}: ${message}`);
  throw new NotImportable(`A price list does not take it: ${sentences.join(' ')}`);
}
