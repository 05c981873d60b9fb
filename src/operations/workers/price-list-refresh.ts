import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PeriodicWorkers } from '../../platform/index.js';
import { PriceLists } from '../../pricing/index.js';

/** How soon a price list that another process publishes takes effect here. Until then, calls are priced by the versions known here. */
const REFRESH_EVERY_MS = 1_000;

/** Takes in the price lists that other processes publish. */
@Injectable()
export class PriceListRefresh implements OnApplicationBootstrap {
  constructor(
    private readonly priceLists: PriceLists,
    private readonly workers: PeriodicWorkers,
  ) {}

  onApplicationBootstrap(): void {
    const turn = (): Promise<void> => this.priceLists.refresh();
    this.workers.start({ name: 'reading new price lists', everyMs: REFRESH_EVERY_MS, turn });
  }
}
