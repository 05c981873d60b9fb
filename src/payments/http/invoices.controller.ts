import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, AnswersPage, ListQuery, type Page, sendPage } from '../../platform/http/index.js';
import { invoicePage } from '../invoices/invoice.js';
import { InvoiceReads } from './invoice-reads.js';
import { Invoice, InvoiceQuery } from './invoices.dto.js';

/** A customer's invoices. */
@ApiTags('Invoices')
@Controller('api/invoices')
@Access('customer')
export class InvoicesController {
  constructor(private readonly reads: InvoiceReads) {}

  @Get()
  @ApiOperation({ summary: 'Your invoices, newest payment first, each with the credit notes of its refunds' })
  @AnswersPage('A page of them', Invoice)
  list(@Req() { principal }: FastifyRequest, @Query() query: ListQuery): Promise<Page<Invoice>> {
    return this.reads.list(principal.accountId, query);
  }

  @Get(':number')
  @ApiOperation({ summary: 'An invoice: a page to print, or with `format=json` its figures' })
  @ApiOkResponse({ description: 'The invoice', content: { 'text/html': { schema: { type: 'string' } } } })
  async show(
    @Req() { principal }: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('number') number: string,
    @Query() { format }: InvoiceQuery,
  ): Promise<void> {
    const invoice = await this.reads.invoice(number, principal.accountId);
    if (format === 'json') return void reply.header('cache-control', 'no-store').send(invoice);
    sendPage(reply, `Invoice ${invoice.number}`, invoicePage(invoice));
  }
}
