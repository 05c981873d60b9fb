// Compares a price list with the catalogue: models without a price, and outdated list prices.
import { isDeepStrictEqual } from 'node:util';
import type { Catalogue, Model } from './catalogue.js';
import type { PriceListDocument } from './price-list.js';

export interface PriceGaps {
  /** Models without a price: they can't be called. */
  readonly unpriced: readonly Model[];
  /** Models still at a list price that their maker has changed since. */
  readonly outdated: readonly Model[];
}

/** The gaps of the list in force at an instant (epoch milliseconds); without one, every model is unpriced. */
export function priceGaps({ models }: Catalogue, list: PriceListDocument | undefined, atMs: number): PriceGaps {
  const priced = new Map(list?.models.map(({ model, bands }) => [model, bands]));
  return {
    unpriced: models.filter(({ id }) => !priced.has(id)),
    outdated: models.filter(
      ({ id, prices: { bands, later } }) =>
        later !== undefined && Date.parse(later.from) <= atMs && isDeepStrictEqual(priced.get(id), bands),
    ),
  };
}
