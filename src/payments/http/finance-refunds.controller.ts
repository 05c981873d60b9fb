import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { Access, Answers, AnswersPage, Idempotent, type Page } from '../../platform/http/index.js';
import { accepted } from '../../kernel/index.js';
import type { RefundProposal } from '../../ledger/index.js';
import {
  ApproveRefund,
  ApproveRefundEnd,
  DeclineRefund,
  ProposeRefundEnd,
  RequestRefund,
} from '../refunds/refunds.messages.js';
import { PaymentReads } from './payment-reads.js';
import * as refundsDto from './refunds.dto.js';
import { readAmount } from '../orders/topup-offer.js';

/** Refunds as finance sees them: whoever asked for a large one does not approve it. */
@ApiTags('Finance')
@Controller('api/finance/refunds')
@Access('finance')
export class FinanceRefundsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly reads: PaymentReads,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Refunds of every account, newest first; `status=requested` are those that wait for approval',
  })
  @AnswersPage('A page of them', refundsDto.Refund)
  list(@Query() { status, ...page }: refundsDto.RefundsQuery): Promise<Page<refundsDto.Refund>> {
    return this.reads.refunds(status === undefined ? {} : { status }, page);
  }

  @Post()
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({ summary: 'Ask for a refund on behalf of an account' })
  @Answers(201, 'The refunds, one for each top-up', refundsDto.Refunds)
  async request(
    @Body() body: refundsDto.RequestRefundFor,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<refundsDto.Refunds> {
    const { account_id: accountId, topup_id: topupId, amount, reason } = body;
    const input = { topupId, amount: amount === undefined ? undefined : accepted(readAmount(amount)), reason };
    const command = new RequestRefund(accountId, idempotency.id, { ...input, requestedBy: principal.userId });
    const ids = await this.commands.execute(command);
    return { object: 'list', data: await Promise.all(ids.map((id) => this.#show(id))) };
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve a refund: it is sent at once' })
  @Answers(200, 'The refund; `approved` as long as Stripe has not paid it', refundsDto.Refund)
  async approve(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<refundsDto.Refund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new ApproveRefund(accountId, id, principal.userId));
    return this.#show(id);
  }

  @Post(':id/decline')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Decline a refund that is not approved: its credit is there again, and the customer is told why',
  })
  @Answers(200, 'The refund', refundsDto.Refund)
  async decline(
    @Body() { reason }: refundsDto.DeclineRefund,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<refundsDto.Refund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new DeclineRefund(accountId, id, { declinedBy: principal.userId, reason }));
    return this.#show(id);
  }

  @Post(':id/complete')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Propose to complete by hand a refund that Stripe does not end: someone else approves it with `end`',
  })
  @Answers(200, 'The refund', refundsDto.Refund)
  complete(
    @Body() { reason, outside = false }: refundsDto.EndRefund,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<refundsDto.Refund> {
    return this.#propose(id, { outcome: 'completed', outside, reason, requestedBy: principal.userId });
  }

  @Post(':id/fail')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary:
      'Propose to fail by hand a refund that Stripe does not end: its credit comes back when someone else approves',
  })
  @Answers(200, 'The refund', refundsDto.Refund)
  fail(
    @Body() { reason }: refundsDto.FailRefund,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<refundsDto.Refund> {
    return this.#propose(id, { outcome: 'failed', outside: false, reason, requestedBy: principal.userId });
  }

  @Post(':id/end')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve that a refund ends by hand as it was proposed' })
  @Answers(200, 'The refund', refundsDto.Refund)
  async end(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<refundsDto.Refund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new ApproveRefundEnd(accountId, id, principal.userId));
    return this.#show(id);
  }

  async #propose(id: string, proposal: RefundProposal): Promise<refundsDto.Refund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new ProposeRefundEnd(accountId, id, proposal));
    return this.#show(id);
  }

  async #show(id: string): Promise<refundsDto.Refund> {
    return refundsDto.showRefund(await this.reads.refund(id));
  }
}
