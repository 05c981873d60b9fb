// A price list with the provider costs of a source: what it would be, what that changes, and what it can't take over.
import { type Catalogue, isRetired, SHIPPED } from './catalogue.js';
import { checkPriceList } from './price-list.check.js';
import type { ModelPrices } from './price-list.js';
import { costsAt, NotImportable, type PriceSource } from './genai-prices.js';
import { changesOf, markedUp, type PriceChange, recosted } from './reprice.js';

export interface ImportOptions {
  /** The instant whose prices are wanted, in epoch milliseconds. */
  readonly atMs: number;
  /** What customers pay beyond cost, in per cent, as a decimal string; without it, what they pay stays. */
  readonly markup?: string | undefined;
  /** The only models to look at; all of the list without it. */
  readonly only?: readonly string[] | undefined;
  /** The shipped one without it. */
  readonly catalogue?: Catalogue;
}

export interface PriceImport {
  /** The whole list as it is to be published. */
  readonly models: readonly ModelPrices[];
  readonly changes: readonly PriceChange[];
  /** Models that stay as they are, and why. */
  readonly left: readonly { readonly model: string; readonly reason: string }[];
  /** What a person should know of models that were taken over. */
  readonly notes: readonly { readonly model: string; readonly note: string }[];
}

/** Looks up every model of a price list. Pure; one model that can't be taken over keeps no other from it. */
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

/** @throws NotImportable when its maker has withdrawn it: the source's prices of then say nothing about now. */
function onSale(catalogue: Catalogue, id: string, atMs: number) {
  const model = catalogue.find(id);
  if (model === undefined) throw new NotImportable('The catalogue does not have this model.');
  if (isRetired(model, atMs)) throw new NotImportable('Its maker has withdrawn it.');
  return model;
}

/** @throws NotImportable naming what a price list does not take, such as a price of more digits than are exact. */
function refuseFaults({ models: known }: Catalogue, prices: ModelPrices): void {
  const faults = checkPriceList({ effectiveFrom: '2000-01-01T00:00:00Z', models: [prices] }, known);
  if (faults.length === 0) return;
  const sentences = faults.map(({ path, message }) => `${path.replace('models[0].', '')}: ${message}`);
  throw new NotImportable(`A price list does not take it: ${sentences.join(' ')}`);
}
