import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EventStoreUnavailable, NO_STREAM, type NewEvent } from '../../event-store/event-store.js';
import { MemoryEventStore } from './memory-event-store.js';

const event: NewEvent = { id: '6f1b2f0e-6d0a-4c57-9a3e-2f5d8c1f7a11', type: 'Tested', data: {}, metadata: {} };
const append = (store: MemoryEventStore): Promise<void> => store.append('account-1', NO_STREAM, [event]);
const silent = (promise: Promise<void>): Promise<string> =>
  Promise.race([promise.then(() => 'answered'), sleep(20, 'silent')]);

it('fails an append before it is stored', async () => {
  const store = new MemoryEventStore({ faults: ['fail-before-storing'] });
  await expect(append(store)).rejects.toBeInstanceOf(EventStoreUnavailable);
  expect(await store.head()).toBe(-1);
  await append(store);
  expect(await store.head()).toBe(0);
});

it('loses the reply to an append that is stored', async () => {
  const store = new MemoryEventStore({ faults: ['lose-reply'] });
  await expect(append(store)).rejects.toBeInstanceOf(EventStoreUnavailable);
  expect(await store.head()).toBe(0);
  await append(store);
  expect([await store.head(), store.appends]).toEqual([0, 2]);
});

it('never answers an append, stored or not', async () => {
  const store = new MemoryEventStore({ faults: ['never-answer', 'store-and-never-answer'] });
  expect(await silent(append(store))).toBe('silent');
  expect(await store.head()).toBe(-1);
  expect(await silent(append(store))).toBe('silent');
  expect(await store.head()).toBe(0);
});

it('takes its time', async () => {
  const store = new MemoryEventStore({ appendDelayMs: 50 });
  const slow = append(store);
  expect(await silent(slow)).toBe('silent');
  await slow;
  expect(await store.head()).toBe(0);
});
