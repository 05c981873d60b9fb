// An invoice as people and programs read it, with its credit notes. Pure.
import type { BillingDetails } from '../../identity/index.js';
import { dayOf } from '../../kernel/index.js';
import { html, type Html } from '../../platform/http/index.js';
import { formatMinor } from '../topups/price.js';
import type { InvoicedRefund, InvoiceRow } from './invoices.projection.js';

interface Party {
  readonly name: string;
  readonly address: readonly string[];
  readonly tax_id: string | null;
}

interface CreditNote {
  readonly number: string;
  readonly issued_at: string;
  readonly refund_id: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
}

/** Reverses a credit note whose refund came back. */
interface DebitNote extends CreditNote {
  readonly reverses: string;
}

/** Amounts are exact decimals of `currency`, but for `credit`, which is in US dollars. */
export interface Invoice {
  readonly object: 'invoice';
  readonly number: string;
  readonly issued_at: string;
  readonly paid_at: string;
  readonly account_id: string;
  readonly topup_id: string;
  readonly payment: string;
  readonly seller: Party & { readonly note: string | null };
  readonly buyer: Party | null;
  readonly description: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly total: string;
  readonly credit: string;
  readonly rate: string | null;
  readonly credit_notes: readonly CreditNote[];
  readonly debit_notes: readonly DebitNote[];
}

/** Undefined for a top-up that has no invoice. */
export function invoiceOf(row: InvoiceRow, buyer: BillingDetails | undefined): Invoice | undefined {
  const { number, issuedAt, paidAt, seller, currency, priceMinor, taxMinor, quote, credit } = row;
  if (number === undefined || issuedAt === undefined || paidAt === undefined || seller === undefined) return undefined;
  return {
    object: 'invoice',
    number,
    issued_at: issuedAt,
    paid_at: paidAt,
    account_id: row.accountId,
    topup_id: row.topupId,
    payment: row.paymentIntentId ?? '',
    seller: { ...partyOf(seller), note: seller.note ?? null },
    buyer: buyer === undefined ? null : partyOf(buyer),
    description: `$${credit} of prepaid credit for calls of AI models`,
    currency,
    ...amountsOf(priceMinor, taxMinor, currency),
    credit,
    rate: quote === undefined ? null : `${quote.numerator} fen for ${quote.denominator} cents`,
    credit_notes: row.refunds.flatMap((refund) => creditNoteOf(refund, currency)),
    debit_notes: row.refunds.flatMap((refund) => debitNoteOf(refund, currency)),
  };
}

const partyOf = ({ name, address, taxId }: BillingDetails): Party => ({ name, address, tax_id: taxId ?? null });

const amountsOf = (grossMinor: number, taxMinor: number, currency: string) => ({
  net: formatMinor(grossMinor - taxMinor, currency),
  tax: formatMinor(taxMinor, currency),
  total: formatMinor(grossMinor, currency),
});

function creditNoteOf({ refundId, amountMinor, creditNote }: InvoicedRefund, currency: string): CreditNote[] {
  if (creditNote === undefined) return [];
  const { number, issuedAt, taxMinor } = creditNote;
  return [{ number, issued_at: issuedAt, refund_id: refundId, ...amountsOf(-amountMinor, -taxMinor, currency) }];
}

function debitNoteOf({ refundId, amountMinor, creditNote, debitNote }: InvoicedRefund, currency: string): DebitNote[] {
  if (creditNote === undefined || debitNote === undefined) return [];
  const { number, issuedAt, taxMinor } = debitNote;
  const amounts = amountsOf(amountMinor, taxMinor, currency);
  return [{ number, issued_at: issuedAt, refund_id: refundId, reverses: creditNote.number, ...amounts }];
}

const line = (name: string, value: string | Html): Html =>
  html`<dt>${name}</dt>
    <dd>${value}</dd>`;

/** The day, UTC: what counts on an invoice. */
const day = (name: string, at: string): Html => line(name, dayOf(at));

/** Each line keeps its own direction: a house number would else join a name in Arabic before it. */
const lines = (texts: readonly string[]): Html => html`${texts.map((text) => html`<bdi>${text}</bdi><br />`)}`;

const party = (name: string, { name: who, address, tax_id: taxId }: Party): Html =>
  html`${line(name, lines([who, ...address]))}${taxId === null ? undefined : line('Tax number', taxId)}`;

const amounts = ({ net, tax, total }: Pick<Invoice, 'net' | 'tax' | 'total'>, currency: string): Html =>
  html`${tax === '0.00' ? undefined : html`${line('Net', `${net} ${currency}`)} ${line('Tax', `${tax} ${currency}`)}`}
  ${line('Total', `${total} ${currency}`)}`;

/** The page of an invoice, to print or to save as a PDF. */
export function invoicePage(invoice: Invoice): Html {
  const currency = invoice.currency.toUpperCase();
  const missing = html`<p class="hint">
    This invoice names no buyer yet. Add your billing details to <a href="/statements">Statements and invoices</a>, and
    open it again.
  </p>`;
  return html`<dl>
      ${line('Number', invoice.number)} ${day('Issued', invoice.issued_at)} ${day('Supplied', invoice.paid_at)}
      ${party('Seller', invoice.seller)} ${invoice.buyer === null ? undefined : party('Buyer', invoice.buyer)}
      ${line('For', invoice.description)} ${invoice.rate === null ? undefined : line('Rate', invoice.rate)}
      ${amounts(invoice, currency)} ${line('Paid', `with payment ${invoice.payment}`)}
    </dl>
    ${invoice.buyer === null ? missing : undefined}
    ${invoice.seller.note === null ? undefined : html`<p>${invoice.seller.note}</p>`}
    ${invoice.credit_notes.map(
      (note) =>
        html`<h1>Credit note</h1>
          <dl>
            ${line('Number', note.number)} ${day('Issued', note.issued_at)} ${line('Corrects', invoice.number)}
            ${line('Refund', note.refund_id)} ${amounts(note, currency)}
          </dl>`,
    )}
    ${invoice.debit_notes.map(
      (note) =>
        html`<h1>Debit note</h1>
          <dl>
            ${line('Number', note.number)} ${day('Issued', note.issued_at)} ${line('Corrects', invoice.number)}
            ${line('Reverses', note.reverses)} ${line('Returned refund', note.refund_id)} ${amounts(note, currency)}
          </dl>`,
    )}`;
}
