import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiOperation, ApiTags } from '#openapi';
import {
  Access,
  Answers,
  AnswersPage,
  BooleanField,
  Idempotent,
  ListQuery,
  type Page,
  TextListField,
} from '../../platform/http/index.js';
import { Jobs, showJob, StartedJob } from '../../platform/jobs/index.js';
import { ReplayRun, showReplay } from './replay.dto.js';
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

/** Makes read models again from the events, as `tokenhub replay` does. */
@ApiTags('Operations')
@Controller('api/operator/replays')
@Access('operator')
export class ReplaysController {
  constructor(
    private readonly jobs: Jobs,
    private readonly job: ReplayJob,
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
}
