import { accountStreams, bookedStream, type BookedStream } from '../ledger/index.js';
import { automaticTopupStreams, invoiceStreams, payoutStreams, topupStreams } from '../payments/index.js';
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
export const BOOKED_STREAMS: readonly BookedStream[] = [
  accountStreams,
  topupStreams,
  payoutStreams,
  automaticTopupStreams,
  invoiceStreams,
  reconciliationStreams,
  providerBillStreams,
  booksStream,
];
