// The invoices, credit notes and debit notes of a year. Invariants: each series counts 1, 2, 3 … without a gap; a top-up has one invoice, a
// refund one credit note and one debit note. Pure: a number is only taken by the event that carries it, so nothing that fails can leave a gap.
import { type Decider, fromInstant, type Rejection, toInstant, type Issued } from '../../kernel/index.js';
import type { InvoiceEvent, InvoiceEventData } from './invoice.events.js';

interface Base extends Issued {
  /** The year of the stream. */
  readonly year: string;
}

/** The command by which each document is issued. */
const ISSUED_BY = {
  IssueInvoice: 'InvoiceIssued',
  IssueCreditNote: 'CreditNoteIssued',
  IssueDebitNote: 'DebitNoteIssued',
} as const satisfies Record<string, InvoiceEvent['type']>;
type Issue = keyof typeof ISSUED_BY;

export type InvoiceCommand = {
  [T in Issue]: Base & { readonly type: T } & Omit<InvoiceEventData<(typeof ISSUED_BY)[T]>, 'number' | 'at'>;
}[Issue];

export interface InvoiceBook {
  /** What has each document: top-ups have invoices, refunds have credit notes and debit notes. */
  readonly issued: Readonly<Record<InvoiceEvent['type'], Set<string>>>;
  lastAt: number;
}

const PREFIX: Readonly<Record<InvoiceEvent['type'], string>> = {
  InvoiceIssued: '',
  CreditNoteIssued: 'CN',
  DebitNoteIssued: 'DN',
};
const DIGITS = 6;

export const invoiceBook: Decider<InvoiceBook, InvoiceCommand, InvoiceEvent> = {
  initial: () => ({
    issued: { InvoiceIssued: new Set(), CreditNoteIssued: new Set(), DebitNoteIssued: new Set() },
    lastAt: 0,
  }),
  decide,
  evolve(book, event) {
    const { type, data } = event;
    const at = fromInstant(data.at);
    const [known, id] = [book.issued[type], subjectOf(data)];
    if (at < book.lastAt) throw new Error(`impossible history: ${type} is earlier than the event before it`);
    if (known.has(id)) throw new Error(`impossible history: ${id} has a second ${type}`);
    if (!data.number.endsWith(counted(known.size + 1)))
      throw new Error(`impossible history: ${data.number} leaves a gap after ${known.size}`);
    known.add(id);
    book.lastAt = at;
    return book;
  },
};

function decide(command: InvoiceCommand, { issued, lastAt }: InvoiceBook): readonly InvoiceEvent[] | Rejection {
  const { commandId: _id, at, year, type: issue, ...data } = command;
  const type = ISSUED_BY[issue];
  const known = issued[type];
  if (known.has(subjectOf(data))) return [];
  const number = `${PREFIX[type]}${year}${counted(known.size + 1)}`;
  return [{ type, data: { number, ...data, at: toInstant(Math.max(at, lastAt)) } } as InvoiceEvent];
}

/** What has at most one document of a kind. */
const subjectOf = (data: { readonly topupId: string } | { readonly refundId: string }): string =>
  'refundId' in data ? data.refundId : data.topupId;

const counted = (count: number): string => `-${String(count).padStart(DIGITS, '0')}`;
