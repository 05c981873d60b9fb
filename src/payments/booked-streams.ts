import { bookedStream } from '../ledger/index.js';
import { balanceAlert } from './alerts/balance-alert.js';
import { accountOfBalanceAlert, readBalanceAlertEvent } from './alerts/balance-alert.events.js';
import { automaticTopup } from './automatic/automatic-topup.js';
import { accountOfAutomaticTopups, readAutomaticTopupEvent } from './automatic/automatic-topup.events.js';
import { invoiceBook } from './invoices/invoice-book.js';
import { readInvoiceEvent, yearOfInvoices } from './invoices/invoice.events.js';
import { invoicePostings } from './invoices/postings.js';
import { payout, payoutOfStream, readPayoutEvent } from './payouts/payout.js';
import { paymentPostings } from './postings.js';
import { readTopupEvent, topupOfStream } from './topups/topup.events.js';
import { topup } from './topups/topup.js';

export const topupStreams = bookedStream({
  idOf: topupOfStream,
  read: readTopupEvent,
  decider: topup,
  postings: paymentPostings,
});

/** An agreement about a saved card moves no money. */
export const automaticTopupStreams = bookedStream({
  idOf: accountOfAutomaticTopups,
  read: readAutomaticTopupEvent,
  decider: automaticTopup,
  postings: () => [],
});

/** Nor does what somebody wants to be told. */
export const balanceAlertStreams = bookedStream({
  idOf: accountOfBalanceAlert,
  read: readBalanceAlertEvent,
  decider: balanceAlert,
  postings: () => [],
});

export const payoutStreams = bookedStream({
  idOf: payoutOfStream,
  read: readPayoutEvent,
  decider: payout,
  postings: paymentPostings,
});

export const invoiceStreams = bookedStream({
  idOf: yearOfInvoices,
  read: readInvoiceEvent,
  decider: invoiceBook,
  postings: invoicePostings,
});
