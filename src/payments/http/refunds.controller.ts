import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import {
  Access,
  Answers,
  Asks,
  Idempotent,
  JsonBody,
  listOf,
  ListQuery,
  type Page,
  Takes,
} from '../../platform/http/index.js';
import { accepted } from '../../kernel/index.js';
import { RequestRefund } from '../refunds/refunds.messages.js';
import { PaymentReads } from './payment-reads.js';
import * as schemas from './payments.schemas.js';
import { readAmount } from '../orders/topup-offer.js';

type Refund = z.output<typeof schemas.RefundAnswer>;

/** Getting unused credit back. */
@ApiTags('Refunds')
@Controller('api/refunds')
@Access('customer')
export class RefundsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reads: PaymentReads,
  ) {}

  @Post()
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({
    summary: 'Ask for unused credit back: of one top-up, or of the newest ones first. It can’t be spent from now on',
  })
  @Takes(schemas.RequestRefundBody)
  @Answers(201, 'The refunds, one for each top-up', schemas.RefundsAskedAnswer)
  async request(
    @JsonBody(schemas.RequestRefundBody) body: z.output<typeof schemas.RequestRefundBody>,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<z.output<typeof schemas.RefundsAskedAnswer>> {
    const { topup_id: topupId, amount, reason } = body;
    const input = { topupId, amount: amount === undefined ? undefined : accepted(readAmount(amount)), reason };
    const command = new RequestRefund(principal.accountId, idempotency.id, { ...input, requestedBy: principal.userId });
    const ids = await this.commands.execute(command);
    const rows = await Promise.all(ids.map((id) => this.reads.refund(id, principal.accountId)));
    return { object: 'list', data: rows.map(schemas.showRefund) };
  }

  @Get()
  @ApiOperation({ summary: 'Your refunds, newest first' })
  @Asks(ListQuery)
  @Answers(200, 'A page of them', listOf(schemas.RefundAnswer))
  list(@Req() { principal }: FastifyRequest, @Query() query: unknown): Promise<Page<Refund>> {
    return this.reads.refunds({ accountId: principal.accountId }, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A refund' })
  @Answers(200, 'The refund', schemas.RefundAnswer)
  async retrieve(@Req() { principal }: FastifyRequest, @Param('id') id: string): Promise<Refund> {
    return schemas.showRefund(await this.reads.refund(id, principal.accountId));
  }
}
