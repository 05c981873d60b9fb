// The invoices and credit notes of a year. Invariants: each series counts 1, 2, 3 … without a gap; a top-up has one invoice, a refund one
// credit note. Pure: a number is only taken by the event that carries it, so nothing that fails can leave a gap.
import { type Decider, fromInstant, type Rejection, toInstant } from '../../kernel/index.js';
import type { InvoiceEvent, InvoiceEventData } from './invoice.events.js';

interface Base {
  readonly commandId: string;
  /** When the command was issued, in epoch milliseconds. */
  readonly at: number;
  /** The year of the stream. */
  readonly year: string;
}

export type InvoiceCommand = Base &
  (
    | ({ readonly type: 'IssueInvoice' } & Omit<InvoiceEventData<'InvoiceIssued'>, 'number' | 'at'>)
    | ({ readonly type: 'IssueCreditNote' } & Omit<InvoiceEventData<'CreditNoteIssued'>, 'number' | 'at'>)
  );

export interface InvoiceBook {
  /** Top-ups that have an invoice. */
  readonly invoiced: Set<string>;
  /** Refunds that have a credit note. */
  readonly credited: Set<string>;
  lastAt: number;
}

const DIGITS = 6;

export const invoiceBook: Decider<InvoiceBook, InvoiceCommand, InvoiceEvent> = {
  initial: () => ({ invoiced: new Set(), credited: new Set(), lastAt: 0 }),
  decide,
  evolve(book, { type, data }) {
    const at = fromInstant(data.at);
    const [known, id] = type === 'InvoiceIssued' ? [book.invoiced, data.topupId] : [book.credited, data.refundId];
    if (at < book.lastAt) throw new Error(`impossible history: ${type} is earlier than the event before it`);
    if (known.has(id)) throw new Error(`impossible history: ${id} has a second ${type}`);
    if (!data.number.endsWith(counted(known.size + 1)))
      throw new Error(`impossible history: ${data.number} leaves a gap after ${known.size}`);
    known.add(id);
    book.lastAt = at;
    return book;
  },
};

function decide(command: InvoiceCommand, book: InvoiceBook): readonly InvoiceEvent[] | Rejection {
  const { commandId: _id, at: issuedAt, year, ...more } = command;
  const at = toInstant(Math.max(issuedAt, book.lastAt));
  if (more.type === 'IssueInvoice') {
    const { type: _type, ...data } = more;
    if (book.invoiced.has(data.topupId)) return [];
    return [{ type: 'InvoiceIssued', data: { number: `${year}${counted(book.invoiced.size + 1)}`, ...data, at } }];
  }
  const { type: _type, ...data } = more;
  if (book.credited.has(data.refundId)) return [];
  return [{ type: 'CreditNoteIssued', data: { number: `CN${year}${counted(book.credited.size + 1)}`, ...data, at } }];
}

const counted = (count: number): string => `-${String(count).padStart(DIGITS, '0')}`;
