import type { EventStore, RecordedEvent } from './event-store.js';

const PAGE = 2_000;

/** The events of a stream from a revision on, in order, read in pages. */
export async function* eventsOf(store: EventStore, stream: string, first = 0): AsyncGenerator<RecordedEvent> {
  for (let from = first; ; from += PAGE) {
    const page = await store.readStream(stream, from, PAGE);
    yield* page;
    if (page.length < PAGE) return;
  }
}
