import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '#openapi';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  Access,
  Answers,
  Asks,
  checked,
  Idempotent,
  JsonBody,
  listOf,
  ListQuery,
  type Page,
  Takes,
} from '../../platform/http/index.js';
import { accepted } from '../../kernel/index.js';
import { ApproveRefund, DeclineRefund, RequestRefund } from '../refunds/refunds.messages.js';
import { PaymentReads } from './payment-reads.js';
import * as schemas from './payments.schemas.js';
import { readAmount } from '../orders/topup-offer.js';

type Refund = z.output<typeof schemas.RefundAnswer>;

const RefundsQuery = ListQuery.extend({
  status: schemas.RefundAnswer.shape.status.optional().describe('those that stand so only'),
});

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
  @Asks(RefundsQuery)
  @Answers(200, 'A page of them', listOf(schemas.RefundAnswer))
  list(@Query() query: unknown): Promise<Page<Refund>> {
    const { status, ...asked } = checked(RefundsQuery, query);
    return this.reads.refunds(status === undefined ? {} : { status }, asked);
  }

  @Post()
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({ summary: 'Ask for a refund on behalf of an account' })
  @Takes(schemas.FinanceRefundBody)
  @Answers(201, 'The refunds, one for each top-up', schemas.RefundsAskedAnswer)
  async request(
    @JsonBody(schemas.FinanceRefundBody) body: z.output<typeof schemas.FinanceRefundBody>,
    @Req() { principal, idempotency }: FastifyRequest,
  ): Promise<z.output<typeof schemas.RefundsAskedAnswer>> {
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
  @Answers(200, 'The refund; `approved` as long as Stripe has not paid it', schemas.RefundAnswer)
  async approve(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<Refund> {
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
  @Takes(schemas.DeclineBody)
  @Answers(200, 'The refund', schemas.RefundAnswer)
  async decline(
    @JsonBody(schemas.DeclineBody) { reason }: z.output<typeof schemas.DeclineBody>,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<Refund> {
    const { accountId } = await this.reads.refund(id);
    await this.commands.execute(new DeclineRefund(accountId, id, { declinedBy: principal.userId, reason }));
    return this.#show(id);
  }

  async #show(id: string): Promise<Refund> {
    return schemas.showRefund(await this.reads.refund(id));
  }
}
