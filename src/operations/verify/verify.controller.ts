import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import {
  Access,
  Answers,
  AnswersPage,
  BooleanField,
  Idempotent,
  IntegerField,
  ListQuery,
  type Page,
  TextField,
} from '../../platform/http/index.js';
import { Jobs, showJob, StartedJob } from '../../platform/jobs/index.js';
import { showVerification, Verification } from './verification.dto.js';
import { type VerifyInput, VerifyJob } from './verify-job.js';

/** JSON numbers are exact up to here. */
const MOST_EVENTS = 2 ** 53 - 1;

export class Verify {
  @TextField('the events of this account only', { min: 1, max: 200, optional: true })
  readonly account_id?: string;

  @IntegerField('trust what the checkpoint of so many events seals, and verify what came later', {
    min: 1,
    max: MOST_EVENTS,
    optional: true,
  })
  readonly since?: number;

  @BooleanField('compare every row of the read models with the events, too; takes twice as long', { default: true })
  readonly read_models: boolean = true;
}

/** Checks the ledger, as `tokenhub verify` does (docs/audit.md). */
@ApiTags('Operations')
@Controller('api/operator/verify')
@Access('operator')
export class VerifyController {
  constructor(
    private readonly jobs: Jobs,
    private readonly job: VerifyJob,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The verifications of the last 90 days, newest first, with what each found' })
  @AnswersPage('A page of them', Verification)
  list(@Query() query: ListQuery): Promise<Page<Verification>> {
    return this.jobs.page(this.job, query, showVerification);
  }

  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    summary: 'Verify the ledger',
    description:
      'A job. Its result has `is_right`, the `faults` (a sentence each, a hundred at most, evenly of every kind; `fault_count` counts all), `warnings` and the trial balance. While one with the same fields runs, that one is the answer.',
  })
  @Answers(202, 'The job', StartedJob)
  async start(
    @Body() { account_id, since, read_models }: Verify,
    @Req() { principal, idempotency: { id } }: FastifyRequest,
  ): Promise<StartedJob> {
    const asked = { ...(account_id !== undefined && { account_id }), ...(since !== undefined && { since }) };
    const input: VerifyInput = { ...asked, read_models };
    await this.job.check(input);
    return showJob(await this.jobs.start(this.job, { id, input, by: principal.userId, key: JSON.stringify(input) }));
  }
}
