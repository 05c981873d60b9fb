// The journal: every posting of the whole log, in the order of the log, in a format for other programs.
import { allEvents, type EventStore, type RecordedEvent } from '../../event-store/index.js';
import { addPostings, moving, type Posting, type Totals } from '../../ledger/index.js';
import { BOOKED_STREAMS } from '../booked-streams.js';
import { type JournalFormat, journalFormat } from './journal-formats.js';

export interface JournalWish {
  readonly format: JournalFormat;
  /** ISO 8601, inclusive. Earlier postings are summed up as opening balances. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
}

/** The lines of the journal. */
export async function* journal(store: EventStore, { format, from, to }: JournalWish): AsyncGenerator<string> {
  const { head, entry } = journalFormat[format]();
  yield* head();
  if (from !== undefined) {
    const postings = await bookedBefore(store, from);
    if (postings.length > 0) yield* entry({ at: from, event: undefined, postings });
  }
  for await (const { event, postings, at } of booked(store)) {
    if ((from === undefined || at >= from) && (to === undefined || at < to)) yield* entry({ at, event, postings });
  }
}

/** The balance of every book account before an instant. It needs the whole log, as a later event may carry an earlier instant. */
async function bookedBefore(store: EventStore, instant: string): Promise<Posting[]> {
  const totals: Totals = new Map();
  for await (const { at, postings } of booked(store)) {
    if (at < instant) addPostings(totals, postings);
  }
  return moving([...totals.values()]);
}

interface Booked {
  readonly event: RecordedEvent;
  readonly postings: readonly Posting[];
  readonly at: string;
}

/** Every event that moves money. */
async function* booked(store: EventStore): AsyncGenerator<Booked> {
  for await (const event of allEvents(store)) {
    const postings = BOOKED_STREAMS.find((kind) => kind.owns(event.stream))?.postings(event) ?? [];
    if (postings.length > 0) yield { event, postings, at: String(event.data['at']) };
  }
}
