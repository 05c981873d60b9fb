import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { fromInstant, negate, usd } from '../../kernel/index.js';
import { GetAccount } from '../../ledger/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  Idempotent,
  ListQuery,
  notFound,
  page,
  type Page,
} from '../../platform/http/index.js';
import { QueueHands } from '../queue/hands.js';
import { PROPOSED_ADJUSTMENT } from '../queue/queue.decider.js';
import { queueItems, type QueueRow } from '../queue/queue-items.projection.js';
import * as dto from './adjustments.dto.js';

/** Corrections of a balance by hand. One operator proposes one; it waits in the queue until another one approves or declines it. */
@ApiTags('Operations')
@Controller('api/operator/accounts/:id/adjustments')
@Access('operator')
export class AdjustmentsController {
  constructor(
    private readonly queries: QueryBus,
    private readonly hands: QueueHands,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What was proposed for an account, newest first' })
  @AnswersPage('A page of them', dto.Adjustment)
  list(@Param('id') accountId: string, @Query() query: ListQuery): Promise<Page<dto.Adjustment>> {
    const where = { accountId, kind: PROPOSED_ADJUSTMENT };
    const listing = { view: queueItems.view, where, orderBy: 'since', show: dto.showAdjustment };
    return page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
  }

  @Post()
  @HttpCode(201)
  @Idempotent()
  @ApiOperation({
    summary: 'Propose to credit or debit an account by hand',
    description:
      'Nothing is booked yet: `POST /api/operator/queue/{id}/approve` by somebody else books it, `…/decline` ends it. `GET /api/operator/queue/{id}` shows what it would book.',
  })
  @Answers(201, 'The proposal', dto.Adjustment)
  async propose(
    @Param('id') accountId: string,
    @Body() { direction, amount, service_date, reason }: dto.ProposeAdjustment,
    @Req() { principal: { userId: by }, idempotency: { id: itemId } }: FastifyRequest,
  ): Promise<dto.Adjustment> {
    await this.queries.execute(new GetAccount(accountId));
    const proposal = {
      itemId,
      kind: PROPOSED_ADJUSTMENT,
      accountId,
      amount: direction === 'debit' ? negate(usd(amount)) : usd(amount),
      servedAt: service_date === undefined ? undefined : fromInstant(service_date),
      by,
      reason,
    };
    await this.hands.run(
      async ({ decisions }) => void (await decisions.execute({ type: 'ProposeCredit', ...proposal })),
    );
    return this.#adjustment(itemId);
  }

  async #adjustment(itemId: string): Promise<dto.Adjustment> {
    await this.waitFor.head(queueItems.view);
    const row = (await this.readModels.load(queueItems.view, [itemId])).get(itemId);
    if (row === undefined) throw notFound('adjustment_not_found', 'There is no such adjustment.', 'id');
    return dto.showAdjustment(row.doc as QueueRow);
  }
}
