import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { balances } from '../../ledger/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  Approval,
  AtMost,
  csvFile,
  Idempotent,
  notFound,
  page,
  type Page,
} from '../../platform/http/index.js';
import { showJob, StartedJob } from '../../platform/jobs/index.js';
import { REPORT_COLUMNS, type ReratingRun, reratingRuns, Reratings } from '../../rerating/index.js';
import { csvRowsOf, totalsOf } from './rerating-sums.js';
import { ReratingJobs } from './rerating-jobs.js';
import * as dto from './reratings.dto.js';

const orderOf = ({ idempotency: { id }, principal: { userId: by } }: FastifyRequest) => ({ id, by });

/** Prices charges of the past by another version of the price list: one operator proposes it, another one approves it. */
@ApiTags('Operations')
@Controller('api/operator/reratings')
@Access('operator')
export class ReratingsController {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly reratings: Reratings,
    private readonly jobs: ReratingJobs,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every re-rating run, newest first' })
  @AnswersPage('A page of them', dto.ReratingRun)
  list(@Query() { status, reverses, ...query }: dto.RunsQuery): Promise<Page<dto.ReratingRun>> {
    const where = { ...(status && { status }), ...(reverses && { reverses }) };
    const listing = { view: reratingRuns.view, where, orderBy: 'proposedAt', show: dto.showRun };
    return page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
  }

  @Post()
  @HttpCode(202)
  @AtMost(6)
  @Idempotent()
  @ApiOperation({
    summary: 'Find what a version would change, and propose it',
    description:
      'A job prices every charge of the period, about a million in half a minute. Its `result` names the run: `{"rerating_id":"…"}`.',
  })
  @Answers(202, 'The job', StartedJob)
  async propose(@Body() body: dto.ProposeRerating, @Req() request: FastifyRequest): Promise<StartedJob> {
    return showJob(await this.jobs.propose(orderOf(request), body));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run, and how far it is' })
  @Answers(200, 'The run', dto.ReratingRun)
  async retrieve(@Param('id') id: string): Promise<dto.ReratingRun> {
    await this.waitFor.head(reratingRuns.view);
    const row = (await this.readModels.load(reratingRuns.view, [id])).get(id);
    if (row !== undefined) return dto.showRun(row.doc as ReratingRun);
    throw notFound('rerating_not_found', `There is no re-rating run "${id.slice(0, 40)}".`, 'id');
  }

  @Get(':id/totals')
  @AtMost(6)
  @ApiOperation({
    summary: 'What a run changes: by model, by day, and the accounts with the largest differences',
    description: 'Reads the charges of the period again: about a million charges in half a minute.',
  })
  @Answers(200, 'The totals', dto.ReratingTotals)
  async totals(@Param('id') id: string): Promise<dto.ReratingTotals> {
    return dto.showTotals(await totalsOf(this.reratings.report(id), dto.MOST_ACCOUNTS));
  }

  @Get(':id/report.csv')
  @AtMost(6)
  @ApiOperation({
    summary:
      'By account, model and day: what was charged, what it is by the new prices, the difference, and whether it brings the account below zero',
    description:
      'Reads the charges of the period again, account by account, and sends each as it comes: about a million charges in half a minute.',
  })
  @Answers(200, 'The report')
  async report(@Param('id') id: string): Promise<StreamableFile> {
    await this.retrieve(id);
    await this.waitFor.head(balances.view); // while an error can still be told
    return csvFile(`rerating-${id}.csv`, REPORT_COLUMNS, csvRowsOf(this.reratings.report(id)));
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve a run that someone else has proposed' })
  @Answers(200, 'The run', dto.ReratingRun)
  async approve(
    @Body() { reason }: Approval,
    @Param('id') id: string,
    @Req() { principal }: FastifyRequest,
  ): Promise<dto.ReratingRun> {
    await this.reratings.approve(id, principal.userId, { reason });
    return this.retrieve(id);
  }

  @Post(':id/apply')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    summary: 'Book an approved run, or go on with it',
    description:
      'A job books it, and goes on by itself when its gateway stops or dies. A run has one job at a time, which is the answer however often this is asked for; what is booked is never booked again. `applied` of the run tells how far it is.',
  })
  @Answers(202, 'The job', StartedJob)
  async apply(@Param('id') id: string, @Req() request: FastifyRequest): Promise<StartedJob> {
    return showJob(await this.jobs.apply(orderOf(request), id));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    summary: 'Do not apply a run, or not any further; what is booked stays',
    description: 'A job that applies it ends with the account that it is at, as `failed` with `rerating_cancelled`.',
  })
  @Answers(200, 'The run', dto.ReratingRun)
  async cancel(
    @Param('id') id: string,
    @Body() { reason }: dto.DecideRerating,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.ReratingRun> {
    await this.reratings.cancel(id, { by, reason });
    return this.retrieve(id);
  }

  @Post(':id/reverse')
  @HttpCode(202)
  @AtMost(6)
  @Idempotent()
  @ApiOperation({
    summary: 'Propose a run that undoes another one',
    description: 'A job, as for any other proposal. A run that is over can be undone, by one other run at a time.',
  })
  @Answers(202, 'The job', StartedJob)
  async reverse(
    @Param('id') id: string,
    @Body() { reason }: dto.DecideRerating,
    @Req() request: FastifyRequest,
  ): Promise<StartedJob> {
    return showJob(await this.jobs.reverse(orderOf(request), id, reason));
  }
}
