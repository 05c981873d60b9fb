// The events of invoices, stream `invoices-<year>`: the invoices of the top-ups that were paid in a year (UTC), the credit notes of the
// refunds that were paid out in it, and the debit notes of those whose money came back in it. One stream a year numbers each without gaps. They name the seller, which is a company, and never the buyer.
import { z } from 'zod';
import { currency, type EventOf, id, instant, minor, usd } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

const at = instant('when it was issued; never earlier than the event before');
const text = (what: string) => z.string().min(1).max(500).describe(what);

const seller = z
  .strictObject({
    name: text('its name'),
    address: z.array(text('a line')).max(10).describe('its address, line by line'),
    taxId: text('its tax number').optional(),
    note: text('what its invoices must say, such as why no tax is charged').optional(),
  })
  .describe('who sells, as it was configured then');

const amounts = {
  currency: currency('of the payment'),
  grossMinor: minor('the whole amount, tax included').positive(),
  taxMinor: minor('the part of it that is tax; zero where Stripe Tax is off').nonnegative(),
  credit: usd('the credit that it is about'),
};

export const invoiceEventSchemas = {
  InvoiceIssued: z
    .strictObject({
      number: text('its number, without gaps within the year'),
      topupId: id('the top-up that was paid'),
      accountId: id('the account that was credited'),
      paidAt: instant('when the top-up was paid: the date of supply'),
      paymentIntentId: id('Stripe’s payment intent'),
      ...amounts,
      seller,
      at,
    })
    .describe(
      'A paid top-up was invoiced. Where the price includes tax, the tax leaves revenue and is owed to the state.',
    ),
  CreditNoteIssued: z
    .strictObject({
      number: text('its number, without gaps within the year'),
      invoiceNumber: text('the invoice that it corrects'),
      topupId: id('the top-up of the invoice'),
      accountId: id('the account'),
      refundId: id('the refund that was paid out'),
      refundedAt: instant('when it was paid out'),
      ...amounts,
      seller,
      at,
    })
    .describe('A refund was paid out: its part of the invoice is taken back, with its share of the tax.'),
  // A document that amends an invoice and refers to it unambiguously is an invoice itself (Directive 2006/112/EC, article 219); what was
  // issued is never taken back.
  DebitNoteIssued: z
    .strictObject({
      number: text('its number, without gaps within the year'),
      creditNoteNumber: text('the credit note that it reverses, whole'),
      invoiceNumber: text('the invoice that stands again'),
      topupId: id('the top-up of the invoice'),
      accountId: id('the account'),
      refundId: id('the refund whose money came back'),
      failedAt: instant('when it failed'),
      ...amounts,
      seller,
      at,
    })
    .describe('A refund failed after its credit note: what that took back of the invoice is due again, with its tax.'),
};

type Schemas = typeof invoiceEventSchemas;
export type InvoiceEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type InvoiceEvent = EventOf<Schemas>;
export type Seller = InvoiceEventData<'InvoiceIssued'>['seller'];

/** The document that another one corrects; null for an invoice. */
export function correctedBy({ type, data }: InvoiceEvent): string | null {
  if (type === 'InvoiceIssued') return null;
  return type === 'CreditNoteIssued' ? data.invoiceNumber : data.creditNoteNumber;
}

const STREAM_PREFIX = 'invoices-';

/** The stream that numbers what belongs to the year of an instant (ISO 8601). */
export const invoiceStream = (instantOf: string): string => `${STREAM_PREFIX}${instantOf.slice(0, 4)}`;

/** The year of a stream; undefined for a stream of another kind. */
export const yearOfInvoices = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const invoiceUpcasters: Upcasters = {};

/** A recorded event of invoices in its present shape. */
export const readInvoiceEvent = (recorded: RecordedEvent) => readEvent(invoiceUpcasters, recorded) as InvoiceEvent;
