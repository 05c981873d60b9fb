// How invoices are booked: the tax that a price includes leaves revenue and is owed to the state; a credit note takes its share back, and a
// debit note books that again. Pure.
import { CHART, creditTo, debit, moving, type Posting } from '../../ledger/index.js';
import { fromMinor } from '../topups/price.js';
import type { InvoiceEvent } from './invoice.events.js';

/** The postings of an event, in the currency of the payment; empty when there is no tax in it. */
export function invoicePostings({ type, data }: InvoiceEvent): Posting[] {
  const tax = fromMinor(type === 'CreditNoteIssued' ? -data.taxMinor : data.taxMinor, data.currency);
  return moving([debit(CHART.salesTax, tax), creditTo(CHART.tax, tax)]);
}
