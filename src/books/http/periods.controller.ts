import { Body, Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { WaitFor } from '../../event-store/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  ApproveProposal,
  Idempotent,
  invalidRequest,
  type Page,
  pageOf,
} from '../../platform/http/index.js';
import { showJob, StartedJob } from '../../platform/jobs/index.js';
import { Periods, PROPOSAL_VIEWS } from '../close/periods.js';
import { CloseJob } from './close-job.js';
import * as dto from './periods.dto.js';

/** The closing of months: one person proposes it, another one approves it. */
@ApiTags('Finance')
@Controller('api/finance/books/periods')
@Access('finance')
export class PeriodsController {
  constructor(
    private readonly periods: Periods,
    private readonly closing: CloseJob,
    private readonly waitFor: WaitFor,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The months that are closed, or proposed to be, newest first' })
  @AnswersPage('All of them, on one page', dto.AccountingPeriod)
  async list(): Promise<Page<dto.AccountingPeriod>> {
    const decided = [...(await this.periods.all()), await this.periods.proposal()].filter((each) => each !== undefined);
    const data = decided.toReversed().map((each) => dto.showPeriod(each.period, each));
    return pageOf(data);
  }

  @Get(':month')
  @ApiOperation({ summary: 'A month, with its trial balance when it is closed' })
  @Answers(200, 'The month', dto.AccountingPeriodBooks)
  async retrieve(@Param('month') month: string): Promise<dto.AccountingPeriodBooks> {
    checkMonth(month);
    const proposal = await this.periods.proposal();
    if (proposal?.period === month) return dto.showBooks(month, proposal);
    return dto.showBooks(
      month,
      (await this.periods.all()).find(({ period }) => period === month),
    );
  }

  @Post(':month/propose')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Propose to close a month: from then on nothing is booked into it' })
  @Answers(200, 'The month, which waits for a second person', dto.AccountingPeriodBooks)
  async propose(
    @Param('month') month: string,
    @Body() { reason }: dto.PeriodDecision,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.AccountingPeriodBooks> {
    checkMonth(month);
    for (const view of PROPOSAL_VIEWS) await this.waitFor.head(view);
    await this.periods.propose(month, { by, reason });
    return this.retrieve(month);
  }

  @Post(':month/approve')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    summary: 'Close a month that someone else has proposed, for good',
    description: 'Reads the whole log, about half a minute for a million events. Then the month is `closed`.',
  })
  @Answers(202, 'The job that does it', StartedJob)
  async approve(
    @Body() { reason, proposed_at: proposedAt }: ApproveProposal,
    @Param('month') month: string,
    @Req() { principal: { userId: by }, idempotency: { id } }: FastifyRequest,
  ): Promise<StartedJob> {
    checkMonth(month);
    return showJob(await this.closing.start(month, { by, reason, proposedAt, id }));
  }

  @Post(':month/decline')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Decline a proposal: the month is open again' })
  @Answers(200, 'The month', dto.AccountingPeriodBooks)
  async decline(
    @Param('month') month: string,
    @Body() { reason }: dto.PeriodDecision,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.AccountingPeriodBooks> {
    checkMonth(month);
    await this.periods.decline(month, { by, reason });
    return this.retrieve(month);
  }
}

/** @throws ApiError 400 */
function checkMonth(month: string): void {
  if (/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month)) return;
  throw invalidRequest('The month must be one such as 2026-03.', 'month');
}
