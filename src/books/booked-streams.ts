import type { RecordedEvent } from '../event-store/index.js';
import { accountStreams, bookedStream, type BookedStream, type Posting } from '../ledger/index.js';
import {
  automaticTopupStreams,
  balanceAlertStreams,
  invoiceStreams,
  payoutStreams,
  topupStreams,
} from '../payments/index.js';
import { providerBillStreams, reconciliationStreams } from '../reconciliation/index.js';

import { BOOKS_STREAM, readBooksEvent } from './close/books.events.js';
import { closing } from './close/close.decider.js';

/** Closing a month moves no money. */
const booksStream = bookedStream({
  idOf: (stream) => (stream === BOOKS_STREAM ? stream : undefined),
  read: readBooksEvent,
  decider: closing,
  postings: () => [],
});

/** Every kind of stream whose events are booked. */
const BOOKED_STREAMS: readonly BookedStream[] = [
  accountStreams,
  topupStreams,
  payoutStreams,
  automaticTopupStreams,
  balanceAlertStreams,
  invoiceStreams,
  reconciliationStreams,
  providerBillStreams,
  booksStream,
];

/** The kind of a stream; undefined when its events are not booked. */
export const bookedStreamOf = (stream: string): BookedStream | undefined =>
  BOOKED_STREAMS.find((kind) => kind.owns(stream));

/** What an event books; nothing when it moves no money. */
export const postingsOf = (event: RecordedEvent): readonly Posting[] =>
  bookedStreamOf(event.stream)?.postings(event) ?? [];
