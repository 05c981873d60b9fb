import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '#openapi';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Access, html, sendPage } from '../../platform/http/index.js';
import { Refused, refuse } from '../../kernel/index.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { PaymentProviderUnavailable } from '../provider/payment-provider.js';
import type { Payment } from '../provider/payment.js';
import { PaymentReads } from './payment-reads.js';
import { ReceiptQuery } from './topups.dto.js';
import { receiptOf, receiptPage, returnPage } from './receipt.js';

/** Pages about a top-up: its receipt, and where its checkout returns to. */
@ApiTags('Top-ups')
@Controller()
export class TopupPagesController {
  constructor(
    private readonly sync: PaymentSync,
    private readonly reads: PaymentReads,
  ) {}

  @Get('api/topups/:id/receipt')
  @Access('customer')
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
    sendPage(reply, 200, 'Receipt', receiptPage(receipt));
  }

  /** Whoever has its address comes from the checkout: it tells how that top-up stands, and nothing of its account. */
  @Get(['topup/success', 'topup/canceled'])
  @Access('anyone')
  @ApiExcludeEndpoint()
  async returned(@Res() reply: FastifyReply, @Query('topup') id?: string): Promise<void> {
    const known = typeof id === 'string' ? await this.reads.anyTopup(id) : undefined;
    if (known === undefined)
      return sendPage(reply, 404, 'No such top-up', html`<p>There is no top-up at this address.</p>`);
    const payment = await this.#synced(known.topupId);
    const row = (await this.reads.anyTopup(known.topupId)) ?? known;
    const { title, content } = returnPage(row, payment?.checkoutUrl);
    sendPage(reply, 200, title, content);
  }

  /** When the provider is down, the page shows what the ledger knows. */
  async #synced(topupId: string): Promise<Payment | undefined> {
    try {
      return await this.sync.sync(topupId);
    } catch (error) {
      if (error instanceof PaymentProviderUnavailable) return undefined;
      throw error;
    }
  }
}
