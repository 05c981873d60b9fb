import { Module } from '@nestjs/common';
import { PriceBook } from './price-book.js';
import { PriceLists } from './price-lists.js';
import { GetPriceListsHandler, PublishPricesHandler, WithdrawPricesHandler } from './pricing.handlers.js';

@Module({
  providers: [PriceBook, PriceLists, PublishPricesHandler, WithdrawPricesHandler, GetPriceListsHandler],
  exports: [PriceBook, PriceLists],
})
export class PricingModule {}
