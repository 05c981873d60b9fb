// One row for each item that the ledger has booked on `assets:stripe:balance`, by the id under which Stripe has it.
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { payoutOfStream, readPayoutEvent, readTopupEvent, topupOfStream } from '../../payments/index.js';
import { dayOfReconciliation, readReconciliationEvent } from './reconciliation.events.js';

/** A type, not an interface, as a row’s fields are JSON. */
export type StripeEntry = {
  readonly stream: string;
  /** What moved the money: `payment`, `refund`, `dispute`, `payout`, `resolution` … */
  readonly what: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  /** When Stripe made it; for events that don’t say, when we learned of it. */
  readonly date: string;
};

export interface StripeEntriesRow extends JsonObject {
  readonly itemId: string;
  /** The date of the first entry. */
  readonly date: string;
  /** The top-up, when there is one. */
  readonly topupId?: string;
  readonly entries: readonly StripeEntry[];
}

export const stripeEntries: Projection<StripeEntriesRow> = {
  view: { name: 'stripe-entries-1', indexes: [['date']] },
  rowId: (event) => itemOf(event),
  step(row, event) {
    const entries = [...(row?.entries ?? []), ...entriesOf(event)];
    const topupId = row?.topupId ?? topupOfStream(event.stream);
    const date = row?.date ?? entries[0]?.date ?? String(event.data['at']);
    return { itemId: itemOf(event) ?? '', date, ...(topupId !== undefined && { topupId }), entries };
  },
};

function itemOf({ stream, type, data }: RecordedEvent): string | undefined {
  if (payoutOfStream(stream) !== undefined) return payoutOfStream(stream);
  if (type === 'BalanceTransactionBooked' && topupOfStream(stream) !== undefined)
    return String(data['balanceTransactionId']);
  const books = type === 'ResolutionApproved' && data['action'] !== 'explain';
  return books && dayOfReconciliation(stream) !== undefined ? String(data['itemId']) : undefined;
}

function entriesOf(event: RecordedEvent): StripeEntry[] {
  const { stream } = event;
  if (topupOfStream(stream) !== undefined) return ofTopup(event);
  if (payoutOfStream(stream) !== undefined) return ofPayout(event);
  const { type, data } = readReconciliationEvent(event);
  if (type !== 'ResolutionApproved') return [];
  return data.corrections.map((correction) => ({ stream, what: 'resolution', ...correction, date: data.date }));
}

function ofTopup(event: RecordedEvent): StripeEntry[] {
  const { type, data } = readTopupEvent(event);
  if (type !== 'BalanceTransactionBooked') return [];
  const { source: what, currency, amountMinor, feeMinor, createdAt, at } = data;
  return [{ stream: event.stream, what, currency, amountMinor, feeMinor, date: createdAt ?? at }];
}

/** To us, a payout’s fee is beside what the bank received; at Stripe, both leave the balance. */
function ofPayout(event: RecordedEvent): StripeEntry[] {
  const { type, data } = readPayoutEvent(event);
  const base = { stream: event.stream, currency: data.currency, date: data.createdAt ?? data.at };
  return type === 'PayoutPaid'
    ? [{ ...base, what: 'payout', amountMinor: -data.amountMinor, feeMinor: data.feeMinor }]
    : [{ ...base, what: 'payout_failure', amountMinor: data.amountMinor, feeMinor: 0 }];
}
