import { Inject, Injectable } from '@nestjs/common';
import { EventStore, ReadModelStore, rowsOf, StreamWriter } from '../../event-store/index.js';
import { accepted, Clock } from '../../kernel/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { type InvoiceBook, invoiceBook, type InvoiceCommand } from './invoice-book.js';
import { type InvoiceEvent, invoiceStream, invoiceUpcasters, type Seller } from './invoice.events.js';
import {
  type InvoicedRefund,
  type InvoiceRow,
  invoiceRows,
  lacksCreditNote,
  lacksDebitNote,
} from './invoices.projection.js';
import { taxShare } from './tax-share.js';

/** The seller that is configured; undefined where none is, and then nothing is invoiced. */
function sellerOf({ SELLER_NAME, SELLER_ADDRESS, SELLER_TAX_ID, SELLER_NOTE }: Config): Seller | undefined {
  if (SELLER_NAME === undefined) return undefined;
  return {
    name: SELLER_NAME,
    address: SELLER_ADDRESS?.split(';').map((line) => line.trim()) ?? [],
    ...(SELLER_TAX_ID !== undefined && { taxId: SELLER_TAX_ID }),
    ...(SELLER_NOTE !== undefined && { note: SELLER_NOTE }),
  };
}

/**
 * Issues the invoices, credit notes and debit notes that are due, oldest payment first. Safe to run in every gateway: a number is taken by the append
 * of its event at an exact revision, and what has been issued is not issued again.
 */
@Injectable()
export class InvoiceIssuer {
  readonly #writer: StreamWriter<InvoiceBook, InvoiceCommand, InvoiceEvent>;
  readonly #seller: Seller | undefined;

  constructor(
    store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly clock: Clock,
    @Inject(CONFIG) config: Config,
  ) {
    this.#writer = new StreamWriter({ store, decider: invoiceBook, upcasters: invoiceUpcasters });
    this.#seller = sellerOf(config);
  }

  /** One round; a signal ends it early. */
  async look(signal?: AbortSignal): Promise<void> {
    if (this.#seller === undefined) return;
    const due = rowsOf<InvoiceRow>(this.readModels, invoiceRows.view, { where: { due: true }, orderBy: 'paidAt' });
    for await (const { doc } of due) {
      if (signal?.aborted) return;
      await this.#issue(doc, this.#seller);
    }
  }

  async #issue(row: InvoiceRow, seller: Seller): Promise<void> {
    const { topupId, accountId, currency, priceMinor, taxMinor, credit, paidAt, paymentIntentId, number } = row;
    if (paidAt === undefined || paymentIntentId === undefined) return;
    if (number === undefined) {
      const about = { topupId, accountId, paidAt, paymentIntentId };
      const amounts = { currency, grossMinor: priceMinor, taxMinor, credit };
      return this.#execute(paidAt, `${topupId}/invoice`, { type: 'IssueInvoice', ...about, ...amounts, seller });
    }
    for (const refund of row.refunds.filter(lacksDebitNote)) await this.#debitNote(row, number, refund, seller);
    // In the order of their tax shares, which add up to the tax of the invoice when all is refunded.
    const before = row.refunds.flatMap(({ amountMinor, failedAt, creditNote }) =>
      creditNote === undefined || failedAt !== undefined ? [] : [{ amountMinor, taxMinor: creditNote.taxMinor }],
    );
    for (const refund of row.refunds.filter(lacksCreditNote)) {
      const { refundId, amountMinor, refundedAt = '' } = refund;
      const share = taxShare(row, before, amountMinor);
      const note = { ...noteOf(row, number, refund, seller), refundedAt, taxMinor: share };
      await this.#execute(refundedAt, `${refundId}/credit-note`, { type: 'IssueCreditNote', ...note });
      before.push({ amountMinor, taxMinor: share });
    }
  }

  /** Reverses the credit note as it was issued. */
  async #debitNote(row: InvoiceRow, invoiceNumber: string, refund: InvoicedRefund, seller: Seller): Promise<void> {
    const { refundId, failedAt, creditNote } = refund;
    if (failedAt === undefined || creditNote === undefined) return;
    const { number: creditNoteNumber, taxMinor } = creditNote;
    const note = { ...noteOf(row, invoiceNumber, refund, seller), creditNoteNumber, failedAt, taxMinor };
    await this.#execute(failedAt, `${refundId}/debit-note`, { type: 'IssueDebitNote', ...note });
  }

  async #execute(
    instant: string,
    commandId: string,
    command: {
      [T in InvoiceCommand['type']]: Omit<Extract<InvoiceCommand, { type: T }>, 'commandId' | 'at' | 'year'>;
    }[InvoiceCommand['type']],
  ): Promise<void> {
    const about = { commandId, at: this.clock.now(), year: instant.slice(0, 4) };
    accepted(await this.#writer.execute(invoiceStream(instant), { ...command, ...about }));
  }
}

/** What a credit note and a debit note say alike. */
const noteOf = (row: InvoiceRow, invoiceNumber: string, refund: InvoicedRefund, seller: Seller) => ({
  invoiceNumber,
  topupId: row.topupId,
  accountId: row.accountId,
  refundId: refund.refundId,
  currency: row.currency,
  grossMinor: refund.amountMinor,
  credit: refund.credit,
  seller: row.seller ?? seller,
});
