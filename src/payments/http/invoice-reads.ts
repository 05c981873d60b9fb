import { Injectable } from '@nestjs/common';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { Clock, Refused, refuse } from '../../kernel/index.js';
import { DocumentStore } from '../../platform/documents/index.js';
import { type ListQuery, type Page, page } from '../../platform/http/index.js';
import { buyerOf } from '../invoices/buyers.js';
import { type Invoice, invoiceOf } from '../invoices/invoice.js';
import { type InvoiceRow, invoiceRows } from '../invoices/invoices.projection.js';

/** Reads invoices. Each read waits until the read model has seen the whole ledger. An invoice of another account counts as unknown. */
@Injectable()
export class InvoiceReads {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly documents: DocumentStore,
    private readonly clock: Clock,
  ) {}

  /** Newest payment first. */
  async list(accountId: string | undefined, query: ListQuery): Promise<Page<Invoice>> {
    const where = { invoiced: true, ...(accountId !== undefined && { accountId }) };
    const show = (row: InvoiceRow): InvoiceRow => row;
    const { data, ...rest } = await page(
      { readModels: this.readModels, waitFor: this.waitFor },
      { view: invoiceRows.view, where, orderBy: 'paidAt', show },
      query,
    );
    return {
      ...rest,
      data: (await Promise.all(data.map((row) => this.#show(row)))).filter((each) => each !== undefined),
    };
  }

  /** An invoice of the account; without an account, any. @throws Refused `invoice_not_found` */
  async invoice(number: string, accountId?: string): Promise<Invoice> {
    await this.waitFor.head(invoiceRows.view);
    const [found] = await this.readModels.find(invoiceRows.view, { where: { number }, limit: 1 });
    const row = found?.doc as InvoiceRow | undefined;
    const invoice = row?.accountId === (accountId ?? row?.accountId) ? row && (await this.#show(row)) : undefined;
    if (invoice !== undefined) return invoice;
    throw new Refused(
      refuse('not_found', 'invoice_not_found', 'There is no such invoice. GET /api/invoices lists yours.'),
    );
  }

  async #show(row: InvoiceRow): Promise<Invoice | undefined> {
    const { number, accountId } = row;
    if (number === undefined) return undefined;
    return invoiceOf(row, await buyerOf(this.documents, { number, accountId }, this.clock.now()));
  }
}
