// Every entry of the books, with the dates it counts at. All reports are sums over this one pass through the log.
import { allEvents, eventsOf, type EventStore, type RecordedEvent, type WalkOptions } from '../event-store/index.js';
import { monthOf } from '../kernel/index.js';
import { type Posting, postingDateOf, serviceDateOf } from '../ledger/index.js';
import { postingsOf } from './booked-streams.js';
import { BOOKS_STREAM, readBooksEvent } from './close/books.events.js';
import { endOf, evolveBooks, firstOpenInstant, noBooks } from './close/close.decider.js';

/** An event that moves money, with the dates at which it counts. */
export interface BookedEntry {
  readonly event: RecordedEvent;
  readonly postings: readonly Posting[];
  /**
   * The posting date: when it was booked. What was earned in an earlier month is posted when it was earned, or, after the close of that month,
   * at the start of the first month that was open at its place in the log, unless that is the month in which it was booked. A function of the
   * closes before it (and of those by the older rule, which are all before the first one by this), so a closed month never changes.
   */
  readonly bookedAt: string;
  /** When it was booked, or the start of the first month that was open then: by this alone were months closed in older builds. */
  readonly byBooking: string;
  /** When it was earned. */
  readonly serviceDate: string;
}

export const DATE_BASES = ['posting', 'service'] as const;
/** Which date of an entry counts: the books go by posting date, analysis by service date. */
export type DateBasis = (typeof DATE_BASES)[number];

export const dateOf = ({ bookedAt, serviceDate }: BookedEntry, by: DateBasis): string =>
  by === 'posting' ? bookedAt : serviceDate;

const later = (a: string, b: string): string => (a < b ? b : a);

/** Says how one event after another is booked, from the first of the log on. */
export class Booking {
  #books = noBooks();
  #open = '';

  /** @param settled the end of the last month that was closed by the date of booking alone: nothing is moved into it or before */
  constructor(private readonly settled = '') {}

  /** The entry of the next event; undefined when it moves nothing. */
  take(event: RecordedEvent, postings: readonly Posting[] = postingsOf(event)): BookedEntry | undefined {
    if (event.stream === BOOKS_STREAM) {
      this.#books = evolveBooks(this.#books, readBooksEvent(event));
      this.#open = firstOpenInstant(this.#books);
    }
    if (postings.length === 0) return undefined;
    const [at, serviceDate] = [postingDateOf(event), serviceDateOf(event)];
    const byBooking = later(at, this.#open);
    const byService = later(later(serviceDate, this.#open), this.settled);
    const bookedAt = monthOf(byService) < monthOf(at) ? byService : byBooking;
    return { event, postings, bookedAt, byBooking, serviceDate };
  }
}

const PROGRESS_EVERY = 10_000;

/** The entries, in the order of the log. */
export async function* bookedEntries(
  store: EventStore,
  { onProgress, signal, upTo = () => true }: WalkOptions = {},
): AsyncGenerator<BookedEntry> {
  const head = await store.head();
  const booking = new Booking(await settledUntil(store, upTo));
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

/** The end of the last month that was closed by the date of booking alone; empty when none was. */
async function settledUntil(store: EventStore, upTo: NonNullable<WalkOptions['upTo']>): Promise<string> {
  let settled = '';
  for await (const event of eventsOf(store, BOOKS_STREAM)) {
    if (!upTo(event)) break;
    const { type, data } = readBooksEvent(event);
    if (type === 'PeriodClosed' && data.datedBy === undefined) settled = endOf(data.period);
  }
  return settled;
}
