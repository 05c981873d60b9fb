// What every event store must do. The suite does not assume that the store is empty or that it is alone in it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appends } from './event-store.appends.js';
import { events, newStream, readAllOf, stored, type Fixture, type OpenedEventStore } from './event-store.fixture.js';
import { reads } from './event-store.reads.js';
import { subscribers } from './event-store.subscribers.js';

export function eventStoreContract(
  name: string,
  { open, durable = true }: { open: () => Promise<OpenedEventStore>; durable?: boolean },
): void {
  describe(`the event store contract: ${name}`, () => {
    const fixture = {} as Fixture;

    beforeEach(async () => {
      const opened = await open();
      Object.assign(fixture, { opened, store: opened.store, stream: newStream() });
    });
    afterEach(() => fixture.opened.close());

    describe('an append', () => {
      appends(fixture);
    });
    describe('a read', () => {
      reads(fixture);
    });
    describe('a subscriber', () => {
      subscribers(fixture);
    });

    it('that is asked whether it takes appends says so, and has no event more', async () => {
      const { store, stream } = fixture;
      await store.append(stream, -1, events(2));
      const before = await store.head();
      await Promise.all([store.probe(), store.probe()]);
      expect(await readAllOf(store, before, 10)).toEqual([]);
      await store.append(stream, 1, events(1));
      expect(await stored(fixture)).toHaveLength(3);
    });

    if (!durable) return; // declared by adapters that nothing outlives: those of tests
    it('keeps its events when it is closed and opened again', async () => {
      const { opened, store, stream } = fixture;
      await store.append(stream, -1, events(3));
      const [before, head] = [await stored(fixture), await store.head()];
      fixture.store = (await opened.reopen?.()) ?? store;
      expect(await stored(fixture)).toEqual(before);
      expect(await fixture.store.head()).toBeGreaterThanOrEqual(head);
      await fixture.store.append(stream, 2, events(1));
      expect(await stored(fixture)).toHaveLength(4);
    });
  });
}
