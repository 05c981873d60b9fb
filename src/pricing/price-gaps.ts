// Where a price list falls short of the catalogue: models without a price, and prices that their makers have changed since.
import { isDeepStrictEqual } from 'node:util';
import type { Catalogue, Model } from './catalogue.js';
import type { PriceList } from './rate.js';

export interface PriceGaps {
  /** Can't be called. */
  readonly unpriced: readonly Model[];
  /** Still at the list price that its maker has replaced by another one. */
  readonly outdated: readonly Model[];
}

/** What the list in force at an instant (ms since the epoch) lacks; all of the catalogue where none is. */
export function priceGaps({ models }: Catalogue, list: PriceList | undefined, atMs: number): PriceGaps {
  const priced = new Map(list?.document.models.map(({ model, bands }) => [model, bands]));
  return {
    unpriced: models.filter(({ id }) => !priced.has(id)),
    outdated: models.filter(
      ({ id, prices: { bands, later } }) =>
        later !== undefined && Date.parse(later.from) <= atMs && isDeepStrictEqual(priced.get(id), bands),
    ),
  };
}
