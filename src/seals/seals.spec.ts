import { beforeAll, expect, it } from 'vitest';
import { CountingStore } from '../../test/support/ledger/counting-store.js';
import { MemoryReadModelStore } from '../adapters/memory/memory-read-model-store.js';
import { Seals } from './seals.js';

const store = new CountingStore();
const readModels = new MemoryReadModelStore();
const COUNT = 1_100;

/** As many checkpoints as a gateway makes in a day, of every second size. */
beforeAll(async () => {
  const seals = new Seals(store, readModels, undefined, []);
  for (let size = 2; size <= 2 * COUNT; size += 2) {
    await seals.record({ origin: 'o', size, root: Buffer.alloc(32), note: `note ${size}` }, size);
  }
});

it('knows the newest of many checkpoints without reading all of them', async () => {
  store.eventsRead = 0;
  expect(await new Seals(store, readModels, undefined, []).newest()).toMatchObject({ size: 2 * COUNT });
  expect(store.eventsRead).toBeLessThan(COUNT / 2);
});

it('finds the checkpoint of a size with few reads', async () => {
  const seals = new Seals(store, readModels, undefined, []);
  store.eventsRead = 0;
  for (const size of [2, 800, 2 * COUNT]) expect(await seals.noteOf(size)).toBe(`note ${size}`);
  for (const size of [1, 801, 2 * COUNT + 2]) expect(await seals.noteOf(size)).toBeUndefined();
  expect(store.eventsRead).toBeLessThan(6 * 30);
});
