import type { CommandBus, QueryBus } from '@nestjs/cqrs';
import { expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { loadConfig } from '../config.js';
import { toInstant } from '../kernel/index.js';
import { PriceBook, startingPriceList } from '../pricing/index.js';
import { PriceLists } from '../pricing/price-lists.js';
import { Demo } from './demo.js';

const NOON = Date.parse('2026-11-01T12:00:00Z');

it('starts beside another gateway that publishes the starting prices a moment later, and is there first', async () => {
  const store = new MemoryEventStore();
  const priceLists = new PriceLists(store, new PriceBook());
  const publish = (at: number) => priceLists.publish(startingPriceList(), toInstant(at), at);
  const execute = async () => {
    await publish(NOON + 1);
    return publish(NOON);
  };
  const commands = { execute } as unknown as CommandBus;
  const queries = { execute: () => priceLists.all() } as unknown as QueryBus;
  const config = loadConfig({ NODE_ENV: 'production' });
  await new Demo(commands, queries, store, config).onApplicationBootstrap();
  expect((await priceLists.all()).map(({ version }) => version)).toEqual([1]);
});
