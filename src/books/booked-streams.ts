import { accountStreams, type BookedStream } from '../ledger/index.js';
import { automaticTopupStreams, invoiceStreams, payoutStreams, topupStreams } from '../payments/index.js';
import { providerBillStreams, reconciliationStreams } from '../reconciliation/index.js';

/** Every kind of stream whose events are booked. */
export const BOOKED_STREAMS: readonly BookedStream[] = [
  accountStreams,
  topupStreams,
  payoutStreams,
  automaticTopupStreams,
  invoiceStreams,
  reconciliationStreams,
  providerBillStreams,
];
