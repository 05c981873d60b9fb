import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { loadConfig } from '../platform/config.js';
import { SystemClock, toInstant } from '../kernel/index.js';
import { PriceBook, SHIPPED, startingPriceList } from '../pricing/index.js';
import { PriceLists } from '../pricing/price-lists.js';
import { Demo } from './demo.js';

const NOON = Date.parse('2026-11-01T12:00:00Z');

let store: MemoryEventStore;
let priceBook: PriceBook;
let priceLists: PriceLists;
let another: PriceLists;
beforeEach(() => {
  store = new MemoryEventStore();
  priceBook = new PriceBook();
  priceLists = new PriceLists(store, priceBook);
  another = new PriceLists(store, new PriceBook());
});

const publish = (to: PriceLists, at: number) =>
  to.publish({ models: startingPriceList(), effectiveFrom: toInstant(at), at, expected: 0 });

/** The first start of a gateway that publishes the starting prices like this. */
function start(publishing: () => Promise<unknown>): Promise<void> {
  const commands = { execute: publishing } as unknown as CommandBus;
  const queries = { execute: () => priceLists.all() } as unknown as QueryBus;
  return new Demo(
    commands,
    queries,
    store,
    SHIPPED,
    new SystemClock(),
    loadConfig({ NODE_ENV: 'production' }),
  ).onApplicationBootstrap();
}

describe('a gateway that starts at the same time as another', () => {
  it('lets the other publish the starting prices, even if they are of a moment later', async () => {
    await start(async () => {
      await publish(another, NOON + 1);
      return publish(priceLists, NOON);
    });
    expect((await priceLists.all()).map(({ version }) => version)).toEqual([1]);
  });

  it('goes by the prices that the other has published since it looked for them', async () => {
    await publish(another, NOON);
    await start(() => Promise.reject(new Error('there is nothing to publish')));
    expect(priceBook.inForce(NOON)?.version).toBe(1);
  });
});
