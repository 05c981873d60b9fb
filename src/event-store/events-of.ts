import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventStore, type RecordedEvent, START } from './event-store.js';

const PAGE = 2_000;
/** How many events are handed out in one turn of the event loop. */
const PER_TURN = 250;

type Page = readonly RecordedEvent[];

/** The events of a stream from a revision on, in order, read in pages. */
export const eventsOf = (store: EventStore, stream: string, first = 0): AsyncGenerator<RecordedEvent> =>
  inTurns(streamPages(store, stream, first));

/** The events of all streams, in order, read in pages. */
export const allEvents = (store: EventStore): AsyncGenerator<RecordedEvent> => inTurns(logPages(store));

async function* streamPages(store: EventStore, stream: string, first: number): AsyncGenerator<Page> {
  for (let from = first; ; from += PAGE) {
    const page = await store.readStream(stream, from, PAGE);
    yield page;
    if (page.length < PAGE) return;
  }
}

/** The log after a position, page by page; no page is empty. */
export async function* logPages(store: EventStore, start = START): AsyncGenerator<Page> {
  for (let after = start; ;) {
    const page = await store.readAll(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

/** A store in a file answers without a turn of the event loop: a report on the whole log would keep every call of its gateway waiting. */
async function* inTurns(pages: AsyncIterable<Page>): AsyncGenerator<RecordedEvent> {
  for await (const page of pages) {
    for (const [index, event] of page.entries()) {
      yield event;
      if ((index + 1) % PER_TURN === 0) await nextTurn();
    }
  }
}
