import { type EventStore, type RecordedEvent, START } from './event-store.js';

const PAGE = 2_000;

/** The events of a stream from a revision on, in order, read in pages. */
export async function* eventsOf(store: EventStore, stream: string, first = 0): AsyncGenerator<RecordedEvent> {
  for (let from = first; ; from += PAGE) {
    const page = await store.readStream(stream, from, PAGE);
    yield* page;
    if (page.length < PAGE) return;
  }
}

/** The events of all streams after a position, in order, read in pages. */
export async function* allEvents(store: EventStore, start = START): AsyncGenerator<RecordedEvent> {
  for (let after = start; ;) {
    const page = await store.readAll(after, PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.position;
  }
}
