import { Injectable, type OnModuleInit } from '@nestjs/common';
import { eventsOf, EventStore, readEvent, type RecordedEvent, StreamWriter } from '../event-store/index.js';
import { accepted, newId } from '../kernel/index.js';
import { Catalogue, SHIPPED } from './catalogue.js';
import { PriceBook } from './price-book.js';
import {
  PRICE_LIST_STREAM,
  priceListDecider,
  type PriceListCommand,
  type PriceListState,
  type PublishPrices,
  type WithdrawPrices,
} from './price-list.decider.js';
import type { PriceListEvent, PriceListPublished } from './price-list.js';
import type { PriceVersion } from './price-versions.js';

/** Every published version, also those that were withdrawn. */
export async function* publishedPriceLists(store: EventStore): AsyncGenerator<PriceListPublished> {
  for await (const event of eventsOf(store, PRICE_LIST_STREAM)) {
    const { type, data } = readPriceListEvent(event);
    if (type === 'PriceListPublished') yield data;
  }
}

const readPriceListEvent = (recorded: RecordedEvent) => readEvent({}, recorded) as PriceListEvent;

export type Publication = Omit<PublishPrices, 'type' | 'commandId' | 'knownModels'>;

/** The stream of price lists: publishes and withdraws versions, and applies them to the price book. A gateway refreshes it (`PriceListRefresh`). */
@Injectable()
export class PriceLists implements OnModuleInit {
  readonly #writer: StreamWriter<PriceListState, PriceListCommand, PriceListEvent>;
  /** The first revision that this process has not read. */
  #next = 0;

  constructor(
    private readonly store: EventStore,
    private readonly priceBook: PriceBook,
    private readonly catalogue: Catalogue = SHIPPED,
  ) {
    this.#writer = new StreamWriter({ store, decider: priceListDecider });
  }

  onModuleInit(): Promise<void> {
    return this.refresh();
  }

  /** Applies events that this process has not seen. */
  async refresh(): Promise<void> {
    for await (const event of eventsOf(this.store, PRICE_LIST_STREAM, this.#next)) {
      this.priceBook.apply(readPriceListEvent(event));
      this.#next = Math.max(this.#next, event.revision + 1);
    }
  }

  /** Every version, up to now. */
  async all(): Promise<readonly PriceVersion[]> {
    await this.refresh();
    return this.priceBook.versions;
  }

  /**
   * The version that was published; undefined when these prices are in force from that instant already.
   * @throws Refused `invalid_price_list` with every fault, `price_list_conflict`, `price_list_doubtful` with every warning.
   */
  async publish(publication: Publication): Promise<PriceListPublished | undefined> {
    const knownModels = this.catalogue.models;
    const event = await this.#decide({ type: 'PublishPrices', commandId: newId(), ...publication, knownModels });
    return event?.type === 'PriceListPublished' ? event.data : undefined;
  }

  /** Also when it was withdrawn before. @throws Refused `price_list_not_found`, `price_list_in_force` */
  async withdraw(withdrawal: Omit<WithdrawPrices, 'type' | 'commandId'>): Promise<void> {
    await this.#decide({ type: 'WithdrawPrices', commandId: newId(), ...withdrawal });
  }

  async #decide(command: PriceListCommand): Promise<PriceListEvent | undefined> {
    const [event] = accepted(await this.#writer.execute(PRICE_LIST_STREAM, command));
    await this.refresh();
    return event;
  }
}
