import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Clock, toInstant } from '../kernel/index.js';
import type { PriceListPublished } from './price-list.js';
import { PriceLists } from './price-lists.js';
import { GetPriceLists, PublishPrices } from './pricing.messages.js';

@CommandHandler(PublishPrices)
export class PublishPricesHandler implements ICommandHandler<PublishPrices> {
  constructor(
    private readonly priceLists: PriceLists,
    private readonly clock: Clock,
  ) {}

  execute({ models, effectiveFrom, act }: PublishPrices): Promise<PriceListPublished | undefined> {
    const at = this.clock.now();
    return this.priceLists.publish(models, effectiveFrom ?? toInstant(at), at, act);
  }
}

@QueryHandler(GetPriceLists)
export class GetPriceListsHandler implements IQueryHandler<GetPriceLists> {
  constructor(private readonly priceLists: PriceLists) {}

  execute(): Promise<readonly PriceListPublished[]> {
    return this.priceLists.all();
  }
}
