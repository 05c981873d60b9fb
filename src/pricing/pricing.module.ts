import { Module } from '@nestjs/common';
import { PriceBook } from './price-book.js';
import { PriceLists } from './price-lists.js';
import { GetPriceListsHandler, PublishPricesHandler } from './pricing.handlers.js';

@Module({
  providers: [PriceBook, PriceLists, PublishPricesHandler, GetPriceListsHandler],
  exports: [PriceBook, PriceLists],
})
export class PricingModule {}
