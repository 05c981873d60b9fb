import { expect, it } from 'vitest';
import { MemoryEventStore } from '../adapters/memory/memory-event-store.js';
import { toInstant } from '../kernel/index.js';
import { eventsSince } from './events-since.js';

/** A store that counts the events that were read of it. */
class CountingStore extends MemoryEventStore {
  readonly reads: number[] = [];
  override async readStream(...[stream, from, limit]: Parameters<MemoryEventStore['readStream']>) {
    const events = await super.readStream(stream, from, limit);
    this.reads.push(events.length);
    return events;
  }
}

const storeWith = async (instants: readonly number[]) => {
  const store = new CountingStore();
  const events = instants.map((at, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    type: 'T',
    data: { at: toInstant(at) },
    metadata: {},
  }));
  await store.append('s', -1, events);
  return store;
};
const first = async (store: MemoryEventStore, at: number) => {
  for await (const { revision } of eventsSince(store, 's', toInstant(at))) return revision;
  return undefined;
};

it('starts at the first event that is not before the instant, however many have the same one', async () => {
  for (const instants of [[1], [1, 1, 1], [1, 2, 2, 2, 5, 5, 9], [3, 3, 4, 8, 8, 8, 8, 8, 9, 9, 11]]) {
    const store = await storeWith(instants);
    for (let at = 0; at <= 12; at++) {
      const expected = instants.findIndex((instant) => instant >= at);
      expect(await first(store, at), `${instants.join()} at ${at}`).toBe(expected === -1 ? undefined : expected);
    }
  }
});

it('does not read what is before it', async () => {
  const store = await storeWith(Array.from({ length: 5_000 }, (_, index) => index));
  expect(await first(store, 4_990)).toBe(4_990);
  expect(store.reads.reduce((sum, read) => sum + read, 0)).toBeLessThan(50);
});
