import { bookedStream } from '../ledger/index.js';
import { payout, payoutOfStream, readPayoutEvent } from './payout.js';
import { paymentPostings } from './postings.js';
import { readTopupEvent, topupOfStream } from './topup.events.js';
import { topup } from './topup.js';

export const topupStreams = bookedStream({
  idOf: topupOfStream,
  read: readTopupEvent,
  decider: topup,
  postings: paymentPostings,
});

export const payoutStreams = bookedStream({
  idOf: payoutOfStream,
  read: readPayoutEvent,
  decider: payout,
  postings: paymentPostings,
});
