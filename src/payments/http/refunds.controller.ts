import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AnswersPage, AtMost, Idempotent, ListQuery, type Page } from '../../platform/http/index.js';
import { accepted } from '../../kernel/index.js';
import { RequestRefund, WithdrawRefund } from '../refunds/refunds.messages.js';
import { PaymentReads } from './payment-reads.js';
import * as refundsDto from './refunds.dto.js';
import { readAmount } from '../orders/topup-offer.js';

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
  @AtMost(60)
  @Idempotent()
  @ApiOperation({
    summary: 'Ask for unused credit back: of one top-up, or of the newest ones first. It can’t be spent from now on',
  })
  @Answers(201, 'The refunds, one for each top-up', refundsDto.Refunds)
  async request(
    @Body() body: refundsDto.RequestRefund,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<refundsDto.Refunds> {
    const { topup_id: topupId, amount, reason } = body;
    const input = { topupId, amount: amount === undefined ? undefined : accepted(readAmount(amount)), reason };
    const command = new RequestRefund(principal.accountId, idempotency.id, { ...input, requestedBy: principal.userId });
    const ids = await this.commands.execute(command);
    const rows = await Promise.all(ids.map((id) => this.reads.refund(id, principal.accountId)));
    return { object: 'list', data: rows.map(refundsDto.showRefund) };
  }

  @Get()
  @ApiOperation({ summary: 'Your refunds, newest first' })
  @AnswersPage('A page of them', refundsDto.Refund)
  list(@Req() { principal }: FastifyRequest, @Query() query: ListQuery): Promise<Page<refundsDto.Refund>> {
    return this.reads.refunds({ accountId: principal.accountId }, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A refund' })
  @Answers(200, 'The refund', refundsDto.Refund)
  async retrieve(@Req() { principal }: FastifyRequest, @Param('id') id: string): Promise<refundsDto.Refund> {
    return refundsDto.showRefund(await this.reads.refund(id, principal.accountId));
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @AtMost(60)
  @ApiOperation({ summary: 'Take back a request that nobody has decided on: its credit can be used again' })
  @Answers(200, 'The refund, withdrawn', refundsDto.Refund)
  async withdraw(@Req() { principal }: FastifyRequest, @Param('id') id: string): Promise<refundsDto.Refund> {
    await this.commands.execute(new WithdrawRefund(principal.accountId, id, principal.userId));
    return refundsDto.showRefund(await this.reads.refund(id, principal.accountId));
  }
}
