import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import {
  Access,
  Answers,
  AnswersPage,
  BooleanField,
  Idempotent,
  InstantField,
  IntegerField,
  invalidRequest,
  ListQuery,
  type Page,
  TextField,
  TextListField,
} from '../../platform/http/index.js';
import { Jobs, showJob, StartedJob } from '../../platform/jobs/index.js';
import { ReplayRun, showReplay } from './replay.dto.js';
import { asOfGiven } from './as-of.dto.js';
import { ReplayUntilJob, viewShown } from './replay-until-job.js';
import { type ReplayInput, ReplayJob, viewsNamed } from './replay-job.js';

const MOST_VIEWS = 100;

export class Replay {
  @TextListField('the read models, by name with or without their version; all of them without any', {
    max: MOST_VIEWS,
    each: 100,
    optional: true,
  })
  readonly views: readonly string[] = [];

  @BooleanField('compare them with the events row by row, and change nothing', { default: false })
  readonly diff: boolean = false;
}

class ReplayUntil {
  @InstantField('as of this instant, by the time of recording; or give a `position`', { optional: true })
  readonly as_of?: string;

  @IntegerField('as of this position of the log', { min: 0, max: Number.MAX_SAFE_INTEGER, optional: true })
  readonly position?: number;

  @TextField('the read model, by name with or without its version', { min: 1, max: 100 })
  readonly view!: string;

  @TextField('only rows of this account', { min: 1, max: 200, optional: true })
  readonly account_id?: string;
}

/** Makes read models again from the events, as `tokenhub replay` does. */
@ApiTags('Operations')
@Controller('api/operator/replays')
@Access('operator')
export class ReplaysController {
  constructor(
    private readonly jobs: Jobs,
    private readonly job: ReplayJob,
    private readonly untilJob: ReplayUntilJob,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The replays of the last 90 days, newest first, with what came of each' })
  @AnswersPage('A page of them', ReplayRun)
  list(@Query() query: ListQuery): Promise<Page<ReplayRun>> {
    return this.jobs.page(this.job, query, showReplay);
  }

  @Post()
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    summary: 'Rebuild read models beside the live ones and put them in place, or compare them',
    description:
      'A job. Its result has a row for each of the `views`; with `diff` also the first `differences`. While one with the same fields runs, that one is the answer; one that needs the same read models otherwise fails with `replay_running`.',
  })
  @Answers(202, 'The job', StartedJob)
  async start(
    @Body() { views, diff }: Replay,
    @Req() { principal, idempotency: { id } }: FastifyRequest,
  ): Promise<StartedJob> {
    const input: ReplayInput = { views: viewsNamed(views), diff };
    return showJob(await this.jobs.start(this.job, { id, input, by: principal.userId, key: JSON.stringify(input) }));
  }

  @Post('until')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    summary: 'Make a read model as of an instant or a position of the log, and keep nothing of it',
    description:
      'A job. Its result has the `position` of the last event, how many rows there are (`row_count`), and the first hundred `rows`, in the order of their ids. An instant counts by the time of recording.',
  })
  @Answers(202, 'The job', StartedJob)
  async until(
    @Body() { view, account_id, ...end }: ReplayUntil,
    @Req() { principal, idempotency: { id } }: FastifyRequest,
  ): Promise<StartedJob> {
    const until = asOfGiven(end);
    if (until === undefined) throw invalidRequest('Give "as_of" or "position".', 'as_of');
    const input = { view: viewShown(view).view.name, until, ...(account_id !== undefined && { account_id }) };
    return showJob(await this.jobs.start(this.untilJob, { id, input, by: principal.userId }));
  }
}
