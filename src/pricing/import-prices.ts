// Imports provider costs into a price list: the new list, what it changes, and what can't be imported.
import { type Catalogue, isRetired, SHIPPED } from './catalogue.js';
import { checkPriceList } from './price-list.check.js';
import type { ModelPrices } from './price-list.js';
import { costsAt, NotImportable, type PriceSource } from './genai-prices.js';
import { changesOf, type PriceChange } from './price-changes.js';
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
