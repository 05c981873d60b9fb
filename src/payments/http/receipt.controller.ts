import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, sendPage } from '../../platform/http/index.js';
import { Refused, refuse } from '../../kernel/index.js';
import { PaymentReads } from './payment-reads.js';
import { ReceiptQuery } from './topups.dto.js';
import { receiptOf, receiptPage } from './receipt.js';

/** The receipt of a top-up. */
@ApiTags('Top-ups')
@Controller('api/topups')
@Access('customer')
export class ReceiptController {
  constructor(private readonly reads: PaymentReads) {}

  @Get(':id/receipt')
  @ApiOperation({ summary: 'The receipt of a paid top-up: a page to print, or with `format=json` its figures' })
  @ApiOkResponse({ description: 'The receipt', content: { 'text/html': { schema: { type: 'string' } } } })
  async receipt(
    @Req() { principal }: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('id') id: string,
    @Query() { format }: ReceiptQuery,
  ): Promise<void> {
    const receipt = receiptOf(await this.reads.topup(principal.accountId, id));
    if (receipt === undefined)
      throw new Refused(refuse('conflict', 'topup_not_paid', 'This top-up is not paid, so it has no receipt.'));
    if (format === 'json') return void reply.header('cache-control', 'no-store').send(receipt);
    sendPage(reply, 'Receipt', receiptPage(receipt));
  }
}
