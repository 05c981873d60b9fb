// What people decide about prices (docs/adr/0005-commands-people-give.md).
import { Command, Query } from '@nestjs/cqrs';
import type { PriceListPublished } from './price-list.js';
import type { Publication } from './price-lists.js';
import type { PriceVersion } from './price-versions.js';

/**
 * Publishes a price list and returns it; undefined when these prices are in force from that instant already. Refused:
 * `invalid_price_list` with every fault, `price_list_conflict`, `price_list_doubtful` with every warning.
 */
export class PublishPrices extends Command<PriceListPublished | undefined> {
  constructor(
    readonly models: Publication['models'],
    /** An ISO 8601 instant. Absent: now. */
    readonly effectiveFrom?: Publication['effectiveFrom'],
    readonly act: Pick<Publication, 'by' | 'reason' | 'expected' | 'acceptWarnings'> = {},
  ) {
    super();
  }
}

/** Withdraws a version that is not in force yet. Refused: `price_list_not_found`, `price_list_in_force`. */
export class WithdrawPrices extends Command<void> {
  constructor(
    readonly version: number,
    readonly act: { readonly by: string; readonly reason: string },
  ) {
    super();
  }
}

/** Every version of the price list, oldest first. */
export class GetPriceLists extends Query<readonly PriceVersion[]> {}
