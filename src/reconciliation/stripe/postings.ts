// What the reconciliation with Stripe books: the approved correction of an item, so that `assets:stripe:balance` agrees with Stripe. Pure.
import { type BookAccount, CHART, bookedStream, creditTo, debit, moving, type Posting } from '../../ledger/index.js';
import { fromMinor } from '../../payments/index.js';
import { reconciliation } from './reconciliation.js';
import {
  dayOfReconciliation,
  readReconciliationEvent,
  type ReconciliationEvent,
  type ResolutionAction,
} from './reconciliation.events.js';

/** Against what an action books the difference. */
const COUNTER: Readonly<Record<Exclude<ResolutionAction, 'explain'>, BookAccount>> = {
  foreign_payment: CHART.unmatchedPayments,
  stripe_fee: CHART.stripeFees,
  settle_topup: CHART.stripeClearing,
  bank_transfer: CHART.bank,
  write_off: CHART.writtenOff,
};

/** The postings of an event; they sum to zero in each currency. Empty when the event moves no money. */
export function reconciliationPostings({ type, data }: ReconciliationEvent): Posting[] {
  if (type !== 'ResolutionApproved' || data.action === 'explain') return [];
  const counter = COUNTER[data.action];
  const entry = data.corrections.flatMap(({ currency, amountMinor, feeMinor }) => [
    debit(CHART.stripeBalance, fromMinor(amountMinor - feeMinor, currency)),
    debit(CHART.stripeFees, fromMinor(feeMinor, currency)),
    creditTo(counter, fromMinor(amountMinor, currency)),
  ]);
  return moving(entry);
}

export const reconciliationStreams = bookedStream({
  idOf: dayOfReconciliation,
  read: readReconciliationEvent,
  decider: reconciliation,
  postings: reconciliationPostings,
});
