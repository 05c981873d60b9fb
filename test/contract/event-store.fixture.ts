import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { EventStore, NewEvent, RecordedEvent } from '../../src/event-store/event-store.js';
import type { JsonObject } from '../../src/kernel/index.js';

export interface OpenedEventStore {
  readonly store: EventStore;
  /** Closes the store and opens the same data again; absent where nothing outlives the store. */
  reopen?(): Promise<EventStore>;
  close(): Promise<void>;
}

/** A freshly opened store and a stream that no one has written to. */
export interface Fixture {
  opened: OpenedEventStore;
  store: EventStore;
  stream: string;
}

export const event = (data: JsonObject = {}): NewEvent => ({
  id: randomUUID(),
  type: 'Tested',
  data,
  metadata: { hash: 'h' },
});
export const events = (count: number): NewEvent[] => Array.from({ length: count }, (_, n) => event({ n }));
export const newStream = (): string => `contract-${randomUUID()}`;
export const idsOf = (list: readonly NewEvent[]): string[] => list.map(({ id }) => id);

/** The first 1,000 events of the fixture's stream. */
export const stored = ({ store, stream }: Fixture): Promise<readonly RecordedEvent[]> =>
  store.readStream(stream, 0, 1_000);

export async function readAllOf(store: EventStore, after: number, page: number): Promise<RecordedEvent[]> {
  const seen: RecordedEvent[] = [];
  for (let from = after; ; from = seen.at(-1)?.position ?? after) {
    const batch = await store.readAll(from, page);
    expect(batch.length).toBeLessThanOrEqual(page);
    if (batch.length === 0) return seen;
    seen.push(...batch);
  }
}
