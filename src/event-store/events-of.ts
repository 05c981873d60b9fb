import type { EventStore, RecordedEvent } from './event-store.js';

const PAGE = 2_000;

/** All events of a stream, in order, read in pages. */
export async function* eventsOf(store: EventStore, stream: string): AsyncGenerator<RecordedEvent> {
  for (let from = 0; ; from += PAGE) {
    const page = await store.readStream(stream, from, PAGE);
    yield* page;
    if (page.length < PAGE) return;
  }
}
