import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import {
  Access,
  Answers,
  AnswersPage,
  Approval,
  ApproveProposal,
  Idempotent,
  type Page,
} from '../../platform/http/index.js';
import { accepted } from '../../kernel/index.js';
import type { RefundProposal } from '../../ledger/index.js';
import {
  ApproveRefund,
  ApproveRefundEnd,
  DeclineRefund,
  DeclineRefundEnd,
  ProposeRefundEnd,
  RequestRefund,
} from '../refunds/refunds.messages.js';
import * as financeDto from './finance-refunds.dto.js';
import { FinanceReads } from './finance-reads.js';
import { RefundCases } from './refund-cases.js';
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
    private readonly finance: FinanceReads,
    private readonly cases: RefundCases,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Refunds of every account, newest first; `status=requested` are those that wait for approval',
  })
  @AnswersPage('A page of them', financeDto.FinanceRefund)
  async list(@Query() query: financeDto.FinanceRefundsQuery): Promise<Page<financeDto.FinanceRefund>> {
    const { status, account_id: accountId, topup_id: topupId, ...wanted } = query;
    const where = {
      ...(status !== undefined && { status }),
      ...(accountId !== undefined && { accountId }),
      ...(topupId !== undefined && { topupId }),
    };
    const { data, ...rest } = await this.reads.refundRows(where, wanted);
    return { ...rest, data: await this.finance.withTopups(data) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'A refund, with what a decision on it does, and whether you may approve it' })
  @Answers(200, 'The refund', financeDto.FinanceRefundCase)
  retrieve(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<financeDto.FinanceRefundCase> {
    return this.cases.of(id, principal.userId);
  }

  @Post()
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({ summary: 'Ask for a refund on behalf of an account' })
  @Answers(201, 'The refunds, one for each top-up', financeDto.FinanceRefunds)
  async request(
    @Body() body: refundsDto.RequestRefundFor,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<financeDto.FinanceRefunds> {
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
  @Answers(200, 'The refund; `approved` as long as Stripe has not paid it', financeDto.FinanceRefund)
  async approve(
    @Body() { reason }: Approval,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<financeDto.FinanceRefund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new ApproveRefund(accountId, id, principal.userId, reason));
    return this.#show(id);
  }

  @Post(':id/decline')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Decline a refund that is not approved: its credit is there again, and the customer is told why',
  })
  @Answers(200, 'The refund', financeDto.FinanceRefund)
  async decline(
    @Body() { reason }: refundsDto.DeclineRefund,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<financeDto.FinanceRefund> {
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
  @Answers(200, 'The refund', financeDto.FinanceRefund)
  complete(
    @Body() { reason, outside = false }: refundsDto.EndRefund,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<financeDto.FinanceRefund> {
    return this.#propose(id, { outcome: 'completed', outside, reason, requestedBy: principal.userId });
  }

  @Post(':id/fail')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary:
      'Propose to fail by hand a refund that Stripe does not end: its credit comes back when someone else approves',
  })
  @Answers(200, 'The refund', financeDto.FinanceRefund)
  fail(
    @Body() { reason }: refundsDto.FailRefund,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<financeDto.FinanceRefund> {
    return this.#propose(id, { outcome: 'failed', outside: false, reason, requestedBy: principal.userId });
  }

  @Post(':id/end')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve that a refund ends by hand as it was proposed' })
  @Answers(200, 'The refund', financeDto.FinanceRefund)
  async end(
    @Body() { reason, proposed_at: proposedAt }: ApproveProposal,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<financeDto.FinanceRefund> {
    const { accountId } = await this.reads.refund(id);
    const approval = { approvedBy: principal.userId, reason, proposedAt };
    await this.commands.execute(new ApproveRefundEnd(accountId, id, approval));
    return this.#show(id);
  }

  @Post(':id/decline-end')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Decline a proposal to end a refund by hand: it is under way as before' })
  @Answers(200, 'The refund', financeDto.FinanceRefund)
  async declineEnd(
    @Body() { reason }: refundsDto.DeclineRefundEnd,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<financeDto.FinanceRefund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new DeclineRefundEnd(accountId, id, { declinedBy: principal.userId, reason }));
    return this.#show(id);
  }

  async #propose(id: string, proposal: RefundProposal): Promise<financeDto.FinanceRefund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new ProposeRefundEnd(accountId, id, proposal));
    return this.#show(id);
  }

  async #show(id: string): Promise<financeDto.FinanceRefund> {
    const [refund] = await this.finance.withTopups([await this.reads.refund(id)]);
    if (refund === undefined) throw new Error(`${id} is gone`);
    return refund;
  }
}
