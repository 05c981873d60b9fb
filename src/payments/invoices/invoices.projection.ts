// One row per paid top-up: its invoice, its refunds with their credit and debit notes, and whether one of them is due.
import type { Projection, RecordedEvent } from '../../event-store/index.js';
import type { JsonObject } from '../../kernel/index.js';
import { type Quote, readTopupEvent, type TopupEvent, topupOfStream } from '../topups/topup.events.js';
import { type InvoiceEvent, readInvoiceEvent, type Seller, yearOfInvoices } from './invoice.events.js';

export interface InvoicedRefund extends JsonObject {
  readonly refundId: string;
  readonly amountMinor: number;
  readonly credit: string;
  /** When Stripe paid it out; none until then. */
  readonly refundedAt?: string;
  /** When it came to nothing, perhaps after it was paid out. */
  readonly failedAt?: string;
  readonly creditNote?: NoteOfRow & JsonObject;
  readonly debitNote?: NoteOfRow & JsonObject;
}

interface NoteOfRow {
  readonly number: string;
  readonly issuedAt: string;
  readonly taxMinor: number;
}

export interface InvoiceRow extends JsonObject {
  readonly topupId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly priceMinor: number;
  readonly taxMinor: number;
  readonly credit: string;
  readonly quote?: Quote & JsonObject;
  readonly paidAt?: string;
  readonly paymentIntentId?: string;
  readonly number?: string;
  readonly issuedAt?: string;
  readonly seller?: Seller & JsonObject;
  readonly refunds: readonly InvoicedRefund[];
  readonly invoiced: boolean;
  /** Whether an invoice, a credit note or a debit note is to be issued. */
  readonly due: boolean;
}

export const invoiceRows: Projection<InvoiceRow> = {
  view: {
    name: 'invoices-2',
    indexes: [['due', 'paidAt'], ['accountId', 'invoiced', 'paidAt'], ['invoiced', 'paidAt'], ['number']],
  },
  rowId({ stream, data }) {
    const topupId = topupOfStream(stream);
    if (topupId !== undefined) return topupId;
    return yearOfInvoices(stream) === undefined ? undefined : String(data['topupId']);
  },
  step(row, recorded) {
    const next =
      yearOfInvoices(recorded.stream) === undefined
        ? ofTopup(row, readTopupEvent(recorded))
        : { ...known(row, recorded), ...ofInvoice(known(row, recorded), readInvoiceEvent(recorded)) };
    return { ...next, due: isDue(next) };
  },
};

function known(row: InvoiceRow | undefined, { type, stream }: RecordedEvent): InvoiceRow {
  if (row === undefined) throw new Error(`${type} in ${stream} is about a top-up that was not ordered`);
  return row;
}

function ofTopup(row: InvoiceRow | undefined, { type, data }: TopupEvent): InvoiceRow {
  if (type === 'TopupOrdered') {
    const { topupId, accountId, currency, priceMinor, credit, quote } = data;
    const order = { topupId, accountId, currency, priceMinor, credit, ...(quote && { quote }) };
    return { ...order, taxMinor: 0, refunds: [], invoiced: false, due: false };
  }
  if (row === undefined) throw new Error(`${type} of a top-up that was not ordered`);
  switch (type) {
    case 'TopupPaid':
      return { ...row, paidAt: data.at, paymentIntentId: data.paymentIntentId, taxMinor: data.taxMinor ?? 0 };
    case 'RefundOrdered':
    case 'RefundFound': {
      const { refundId, amountMinor, credit } = data;
      return { ...row, refunds: [...row.refunds, { refundId, amountMinor, credit }] };
    }
    case 'RefundReported':
      if (data.status === 'pending') return row;
      return withRefund(row, data.refundId, { [data.status === 'succeeded' ? 'refundedAt' : 'failedAt']: data.at });
    case 'CheckoutOpened':
    case 'PaymentPending':
    case 'TopupFailed':
    case 'TopupExpired':
    case 'PaymentMismatched':
    case 'BalanceTransactionBooked':
    case 'FraudWarned':
    case 'TopupCancelRequested':
    case 'TopupSyncRequested':
      return row;
  }
}

function ofInvoice(row: InvoiceRow, { type, data }: InvoiceEvent): InvoiceRow {
  const { number, at: issuedAt, taxMinor, seller } = data;
  if (type === 'InvoiceIssued') return { ...row, number, issuedAt, seller, invoiced: true };
  const note = type === 'CreditNoteIssued' ? 'creditNote' : 'debitNote';
  return withRefund(row, data.refundId, { [note]: { number, issuedAt, taxMinor } });
}

const withRefund = (row: InvoiceRow, refundId: string, change: Partial<InvoicedRefund>): InvoiceRow => ({
  ...row,
  refunds: row.refunds.map((refund) => (refund.refundId === refundId ? { ...refund, ...change } : refund)),
});

const isDue = ({ paidAt, invoiced, refunds }: InvoiceRow): boolean =>
  paidAt !== undefined && (!invoiced || refunds.some((refund) => lacksCreditNote(refund) || lacksDebitNote(refund)));

/** Whether a refund was paid out and has no credit note yet. One whose money came back before it had one needs none. */
export const lacksCreditNote = ({ refundedAt, failedAt, creditNote }: InvoicedRefund): boolean =>
  refundedAt !== undefined && failedAt === undefined && creditNote === undefined;

/** Whether a refund failed after its credit note, which no debit note reverses yet. */
export const lacksDebitNote = ({ failedAt, creditNote, debitNote }: InvoicedRefund): boolean =>
  failedAt !== undefined && creditNote !== undefined && debitNote === undefined;
