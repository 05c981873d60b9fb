import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventStore, type RecordedEvent, START } from './event-store.js';

const PAGE = 2_000;
/** How many events are handed out in one turn of the event loop. */
const PER_TURN = 250;

/** The events of a stream from a revision on, in order, read in pages. */
export async function* eventsOf(store: EventStore, stream: string, first = 0): AsyncGenerator<RecordedEvent> {
  for (let from = first; ; from += PAGE) {
    const page = await store.readStream(stream, from, PAGE);
    yield* inTurns(page);
    if (page.length < PAGE) return;
  }
}

/** The events of all streams after a position, in order, read in pages. */
export async function* allEvents(store: EventStore, start = START): AsyncGenerator<RecordedEvent> {
  for await (const page of logPages(store, start)) yield* inTurns(page);
}

/** The same, page by page; no page is empty. */
export async function* logPages(store: EventStore, start = START): AsyncGenerator<readonly RecordedEvent[]> {
  for (let after = start; ;) {
    const page = await store.readAll(after, PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

/** A store in a file answers without a turn of the event loop: a report on the whole log would keep every call of its gateway waiting. */
async function* inTurns(page: readonly RecordedEvent[]): AsyncGenerator<RecordedEvent> {
  for (let first = 0; first < page.length; first += PER_TURN) {
    const some = page.slice(first, first + PER_TURN);
    yield* some;
    if (some.length === PER_TURN) await nextTurn();
  }
}
