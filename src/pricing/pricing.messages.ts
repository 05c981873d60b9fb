import { Command, Query } from '@nestjs/cqrs';
import type { ModelPrices, PriceListPublished } from './price-list.js';

/** Publishes a price list and returns it; undefined when the newest version has the same prices. Refused: `invalid_price_list`. */
export class PublishPrices extends Command<PriceListPublished | undefined> {
  constructor(
    /** Checked whole: may come from a file as it is. */
    readonly models: readonly ModelPrices[],
    /** An ISO 8601 instant; now without it. */
    readonly effectiveFrom?: string,
    /** Who of the staff does it, a user id, and why. */
    readonly act: { readonly by?: string; readonly reason?: string | undefined } = {},
  ) {
    super();
  }
}

/** Every version of the price list, oldest first. */
export class GetPriceLists extends Query<readonly PriceListPublished[]> {}
