// Every entry of the books, with the dates it counts at. All reports are sums over this one pass through the log.
import { allEvents, type EventStore, type RecordedEvent, type WalkOptions } from '../event-store/index.js';
import { type Posting, postingDateOf, serviceDateOf } from '../ledger/index.js';
import { postingsOf } from './booked-streams.js';
import { BOOKS_STREAM, readBooksEvent } from './close/books.events.js';
import { evolveBooks, firstOpenInstant, noBooks } from './close/close.decider.js';

/** An event that moves money. */
export interface BookedEntry {
  readonly event: RecordedEvent;
  readonly postings: readonly Posting[];
  /**
   * The posting date: when it was booked, or the start of the first month that was open at its place in the log, when it came after the close
   * of its own month. A function of the log before it, so a closed month never changes.
   */
  readonly bookedAt: string;
  /** When it was earned. */
  readonly serviceDate: string;
}

export const DATE_BASES = ['posting', 'service'] as const;
/** Which date of an entry counts: the books go by posting date, analysis by service date. */
export type DateBasis = (typeof DATE_BASES)[number];

export const dateOf = ({ bookedAt, serviceDate }: BookedEntry, by: DateBasis): string =>
  by === 'posting' ? bookedAt : serviceDate;

/** Says how one event after another is booked, from the first of the log on. */
export class Booking {
  #books = noBooks();
  #open = '';

  /** The entry of the next event; undefined when it moves nothing. */
  take(event: RecordedEvent, postings: readonly Posting[] = postingsOf(event)): BookedEntry | undefined {
    if (event.stream === BOOKS_STREAM) {
      this.#books = evolveBooks(this.#books, readBooksEvent(event));
      this.#open = firstOpenInstant(this.#books);
    }
    if (postings.length === 0) return undefined;
    const at = postingDateOf(event);
    return { event, postings, bookedAt: at < this.#open ? this.#open : at, serviceDate: serviceDateOf(event) };
  }
}

const PROGRESS_EVERY = 10_000;

/** The entries, in the order of the log. */
export async function* bookedEntries(
  store: EventStore,
  { onProgress, signal, upTo = () => true }: WalkOptions = {},
): AsyncGenerator<BookedEntry> {
  const head = await store.head();
  const booking = new Booking();
  let events = 0;
  for await (const event of allEvents(store)) {
    if (!upTo(event)) return;
    if (++events % PROGRESS_EVERY === 0) {
      signal?.throwIfAborted();
      onProgress?.({ position: event.position, head, events });
    }
    const entry = booking.take(event);
    if (entry !== undefined) yield entry;
  }
}
