import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { EventStore, eventsOf } from '../../event-store/index.js';
import { Access, Answers, AnswersPage, type CsvRow, csvFile, type Page } from '../../platform/http/index.js';
import { correctedBy, invoiceStream, readInvoiceEvent } from '../invoices/invoice.events.js';
import { fromMinor } from '../topups/price.js';
import { InvoiceReads } from './invoice-reads.js';
import { Invoice, InvoicesQuery, InvoiceYear } from './invoices.dto.js';

const COLUMNS = [
  'number',
  'issued_at',
  'corrects',
  'topup_id',
  'account_id',
  'refund_id',
  'currency',
  'net',
  'tax',
  'total',
];

/** Invoices, with their credit and debit notes, as finance sees them. */
@ApiTags('Finance')
@Controller('api/finance/invoices')
@Access('finance')
export class FinanceInvoicesController {
  constructor(
    private readonly reads: InvoiceReads,
    private readonly store: EventStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Invoices of every account, newest payment first' })
  @AnswersPage('A page of them', Invoice)
  list(@Query() { account_id: accountId, ...query }: InvoicesQuery): Promise<Page<Invoice>> {
    return this.reads.list(accountId, query);
  }

  @Get('register.csv')
  @ApiOperation({
    summary:
      'The register of a year: its invoices, credit notes and debit notes in the order in which they were issued, as CSV',
  })
  @Answers(200, 'The register')
  register(@Query() { year }: InvoiceYear): StreamableFile {
    return csvFile(`invoices-${year}.csv`, COLUMNS, this.#register(year));
  }

  async *#register(year: string): AsyncGenerator<CsvRow> {
    for await (const recorded of eventsOf(this.store, invoiceStream(year))) {
      const event = readInvoiceEvent(recorded);
      const { type, data } = event;
      const sign = type === 'CreditNoteIssued' ? -1 : 1;
      const money = (minor: number): bigint => fromMinor(sign * minor, data.currency).amount;
      yield {
        number: data.number,
        issued_at: data.at,
        corrects: correctedBy(event),
        topup_id: data.topupId,
        account_id: data.accountId,
        refund_id: type === 'InvoiceIssued' ? null : data.refundId,
        currency: data.currency,
        net: money(data.grossMinor - data.taxMinor),
        tax: money(data.taxMinor),
        total: money(data.grossMinor),
      };
    }
  }

  @Get(':number')
  @ApiOperation({ summary: 'An invoice of any account' })
  @Answers(200, 'The invoice', Invoice)
  retrieve(@Param('number') number: string): Promise<Invoice> {
    return this.reads.invoice(number);
  }
}
