import { Body, Controller, Get, HttpCode, Param, Post, Req, type StreamableFile } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import { WaitFor } from '../../event-store/index.js';
import { balances } from '../../ledger/index.js';
import { Access, Answers, AtMost, csvFile, Idempotent } from '../../platform/http/index.js';
import { showJob, StartedJob } from '../../platform/jobs/index.js';
import { REPORT_COLUMNS } from '../../rerating/index.js';
import { ReratingJobs } from './rerating-jobs.js';
import { DryRunRerating } from './rerating-request.dto.js';
import { csvRowsOf, totalsOf } from './rerating-sums.js';
import { MOST_ACCOUNTS, ReratingTotals, showTotals } from './reratings.dto.js';

/** What re-rating runs would change, without proposing them. */
@ApiTags('Operations')
@Controller('api/operator/reratings/dry-runs')
@Access('operator')
export class ReratingDryRunsController {
  constructor(
    private readonly jobs: ReratingJobs,
    private readonly waitFor: WaitFor,
  ) {}

  @Post()
  @HttpCode(202)
  @AtMost(6)
  @Idempotent()
  @ApiOperation({
    summary: 'Find what a version would change, and record nothing',
    description:
      'A job prices every charge of the period, about a million in half a minute. Its `result` has what a run would have as `planned`.',
  })
  @Answers(202, 'The job', StartedJob)
  async start(
    @Body() body: DryRunRerating,
    @Req() { idempotency: { id }, principal: { userId: by } }: FastifyRequest,
  ): Promise<StartedJob> {
    return showJob(await this.jobs.dryRun({ id, by }, body));
  }

  @Get(':id/totals')
  @AtMost(6)
  @ApiOperation({
    summary: 'What a dry run has found: by model, by day, and the accounts with the largest differences',
    description: '`id` is that of its job. Reads the charges of the period again.',
  })
  @Answers(200, 'The totals', ReratingTotals)
  async totals(@Param('id') id: string): Promise<ReratingTotals> {
    return showTotals(await totalsOf(await this.jobs.tried(id), MOST_ACCOUNTS));
  }

  @Get(':id/report.csv')
  @AtMost(6)
  @ApiOperation({
    summary: 'What a dry run has found, by account, model and day',
    description: '`id` is that of its job. Reads the charges of the period again, and sends each account as it comes.',
  })
  @Answers(200, 'The report')
  async report(@Param('id') id: string): Promise<StreamableFile> {
    const reports = await this.jobs.tried(id);
    await this.waitFor.head(balances.view); // while an error can still be told
    return csvFile(`rerating-dry-run-${id}.csv`, REPORT_COLUMNS, csvRowsOf(reports));
  }
}
