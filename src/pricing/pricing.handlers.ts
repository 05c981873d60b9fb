import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Clock, toInstant } from '../kernel/index.js';
import type { PriceListPublished } from './price-list.js';
import { PriceLists } from './price-lists.js';
import type { PriceVersion } from './price-versions.js';
import { GetPriceLists, PublishPrices, WithdrawPrices } from './pricing.messages.js';

@CommandHandler(PublishPrices)
export class PublishPricesHandler implements ICommandHandler<PublishPrices> {
  constructor(
    private readonly priceLists: PriceLists,
    private readonly clock: Clock,
  ) {}

  execute({ models, effectiveFrom, act }: PublishPrices): Promise<PriceListPublished | undefined> {
    const at = this.clock.now();
    return this.priceLists.publish({ models, effectiveFrom: effectiveFrom ?? toInstant(at), at, ...act });
  }
}

@CommandHandler(WithdrawPrices)
export class WithdrawPricesHandler implements ICommandHandler<WithdrawPrices> {
  constructor(
    private readonly priceLists: PriceLists,
    private readonly clock: Clock,
  ) {}

  execute({ version, act }: WithdrawPrices): Promise<void> {
    return this.priceLists.withdraw({ version, ...act, at: this.clock.now() });
  }
}

@QueryHandler(GetPriceLists)
export class GetPriceListsHandler implements IQueryHandler<GetPriceLists> {
  constructor(private readonly priceLists: PriceLists) {}

  execute(): Promise<readonly PriceVersion[]> {
    return this.priceLists.all();
  }
}
