import { Injectable, type OnModuleInit } from '@nestjs/common';
import { eventsOf, EventStore, StreamWriter } from '../event-store/index.js';
import { accepted, newId } from '../kernel/index.js';
import { Catalogue, SHIPPED } from './catalogue.js';
import { PriceBook } from './price-book.js';
import { PRICE_LIST_STREAM, priceListDecider, type PriceListState, type PublishPrices } from './price-list.decider.js';
import type { ModelPrices, PriceListEvent, PriceListPublished } from './price-list.js';

/** The published versions, without the first `but`. */
export async function* publishedPriceLists(store: EventStore, but = 0): AsyncGenerator<PriceListPublished> {
  for await (const { data } of eventsOf(store, PRICE_LIST_STREAM, but)) yield data as unknown as PriceListPublished;
}

/** The stream of price lists: publishes versions and applies them to the price book. A gateway refreshes it (`PriceListRefresh`). */
@Injectable()
export class PriceLists implements OnModuleInit {
  readonly #writer: StreamWriter<PriceListState, PublishPrices, PriceListEvent & { data: never }>;

  constructor(
    private readonly store: EventStore,
    private readonly priceBook: PriceBook,
    private readonly catalogue: Catalogue = SHIPPED,
  ) {
    this.#writer = new StreamWriter({ store, decider: priceListDecider as never });
  }

  onModuleInit(): Promise<void> {
    return this.refresh();
  }

  /** Applies versions that this process has not seen. */
  async refresh(): Promise<void> {
    const known = this.priceBook.newest()?.version ?? 0;
    for (const version of await this.#read(known)) this.priceBook.apply(version);
  }

  /** Every version. They are applied to the price book, too. */
  async all(): Promise<readonly PriceListPublished[]> {
    const versions = await this.#read(0);
    for (const version of versions) this.priceBook.apply(version);
    return versions;
  }

  /** @throws Refused `invalid_price_list` with every fault. */
  async publish(
    models: readonly ModelPrices[],
    effectiveFrom: string,
    at: number,
    act: Pick<PublishPrices, 'by' | 'reason'> = {},
  ): Promise<PriceListPublished | undefined> {
    const command = {
      type: 'PublishPrices',
      commandId: newId(),
      at,
      effectiveFrom,
      models,
      ...act,
      knownModels: this.catalogue.models,
    } as const;
    const [event] = accepted(await this.#writer.execute(PRICE_LIST_STREAM, command));
    await this.refresh();
    return event?.data;
  }

  async #read(from: number): Promise<PriceListPublished[]> {
    const versions: PriceListPublished[] = [];
    for await (const version of publishedPriceLists(this.store, from)) versions.push(version);
    return versions;
  }
}
