import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { ReadModelStore, WaitFor } from '../../event-store/index.js';
import { balances } from '../../ledger/index.js';
import {
  Access,
  Answers,
  AnswersPage,
  AtMost,
  csvFile,
  type CsvRow,
  Idempotent,
  notFound,
  page,
  type Page,
} from '../../platform/http/index.js';
import { REPORT_COLUMNS, reportRow, type ReratingRun, reratingRuns, Reratings } from '../../rerating/index.js';
import { ReratingRunner } from './rerating-runner.js';
import * as dto from './reratings.dto.js';

/** Prices charges of the past by another version of the price list: one operator proposes it, another one approves it. */
@ApiTags('Operations')
@Controller('api/operator/reratings')
@Access('operator')
export class ReratingsController {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly reratings: Reratings,
    private readonly runner: ReratingRunner,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every re-rating run, newest first' })
  @AnswersPage('A page of them', dto.ReratingRun)
  list(@Query() { status, ...query }: dto.RunsQuery): Promise<Page<dto.ReratingRun>> {
    const where: Record<string, string> = status === undefined ? {} : { status };
    const listing = { view: reratingRuns.view, where, orderBy: 'proposedAt', show: dto.showRun };
    return page({ readModels: this.readModels, waitFor: this.waitFor }, listing, query);
  }

  @Post()
  @HttpCode(201)
  @AtMost(6)
  @Idempotent()
  @ApiOperation({
    summary: 'Find what a version would change, and propose it',
    description: 'Answers when every charge of the period was priced: about half a minute for a million.',
  })
  @Answers(201, 'The run, with what the dry run found', dto.ReratingRun)
  async propose(
    @Body() { reason, ...body }: dto.ProposeRerating,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.ReratingRun> {
    await this.waitFor.head(balances.view);
    const run = await this.reratings.propose(dto.requestOf({ reason, ...body }), { by, reason });
    return this.retrieve(run ?? '');
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

  @Get(':id/report.csv')
  @AtMost(6)
  @ApiOperation({
    summary: 'By account, model and day: what was charged, what it is by the new prices, the difference',
  })
  @Answers(200, 'The report')
  async report(@Param('id') id: string): Promise<StreamableFile> {
    await this.retrieve(id);
    await this.waitFor.head(balances.view);
    return csvFile(`rerating-${id}.csv`, REPORT_COLUMNS, this.#rows(id));
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Approve a run that someone else has proposed' })
  @Answers(200, 'The run', dto.ReratingRun)
  async approve(@Param('id') id: string, @Req() { principal }: FastifyRequest): Promise<dto.ReratingRun> {
    await this.reratings.approve(id, principal.userId);
    return this.retrieve(id);
  }

  @Post(':id/apply')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Begin to book an approved run, or go on with it',
    description:
      '`applied` tells how far it is. What is booked is never booked again, however often this is asked for.',
  })
  @Answers(202, 'The run', dto.ReratingRun)
  async apply(@Param('id') id: string): Promise<dto.ReratingRun> {
    await this.waitFor.head(balances.view);
    await this.runner.start(id);
    return this.retrieve(id);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({ summary: 'Do not apply a run, or not any further; what is booked stays' })
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
  @HttpCode(201)
  @AtMost(6)
  @Idempotent()
  @ApiOperation({ summary: 'Propose a run that undoes another one' })
  @Answers(201, 'The new run', dto.ReratingRun)
  async reverse(
    @Param('id') id: string,
    @Body() { reason }: dto.DecideRerating,
    @Req() { principal: { userId: by } }: FastifyRequest,
  ): Promise<dto.ReratingRun> {
    await this.waitFor.head(balances.view);
    return this.retrieve((await this.reratings.reverse(id, { by, reason })) ?? '');
  }

  async *#rows(id: string): AsyncGenerator<CsvRow> {
    for await (const { rows } of this.reratings.report(id)) yield* rows.map(reportRow);
  }
}
