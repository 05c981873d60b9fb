// What people decide about prices (docs/adr/0005-commands-people-give.md).
import { Command, Query } from '@nestjs/cqrs';
import type { PublishPrices as Publication } from './price-list.decider.js';
import type { PriceListPublished } from './price-list.js';

/** Publishes a price list and returns it; undefined when the newest version has the same prices. Refused: `invalid_price_list`. */
export class PublishPrices extends Command<PriceListPublished | undefined> {
  constructor(
    readonly models: Publication['models'],
    /** An ISO 8601 instant. Absent: now. */
    readonly effectiveFrom?: Publication['effectiveFrom'],
    readonly act: Pick<Publication, 'by' | 'reason'> = {},
  ) {
    super();
  }
}

/** Every version of the price list, oldest first. */
export class GetPriceLists extends Query<readonly PriceListPublished[]> {}
