import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '#openapi';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { Clock } from '../../kernel/index.js';
import { Access, Answers } from '../../platform/http/index.js';
import { Jobs } from '../../platform/jobs/index.js';
import { ReplayJob } from '../replay/replay-job.js';
import { showReplay } from '../replay/replay.dto.js';
import { ProjectionRunner } from '../workers/projection-runner.js';
import { knownViews } from './known-views.js';
import { Projections } from './projections.dto.js';
import { shownViews } from './shown-views.js';

/** Jobs that are open are among the newest. */
const JOBS_LOOKED_AT = 100;

/** The read models, as `tokenhub views` tells them. */
@ApiTags('Operations')
@Controller('api/operator/projections')
@Access('operator')
export class ProjectionsController {
  constructor(
    private readonly runner: ProjectionRunner,
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly jobs: Jobs,
    private readonly replays: ReplayJob,
    private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Every read model: its version, how far it is, and what is made beside it' })
  @Answers(200, 'The read models', Projections)
  async list(): Promise<Projections> {
    const [own, known, { data: replays }, head] = await Promise.all([
      this.runner.statuses(),
      knownViews(this.store, this.readModels, this.clock.now()),
      this.jobs.page(this.replays, { limit: JOBS_LOOKED_AT }, showReplay),
      this.store.head(),
    ]);
    return { object: 'list', head, data: shownViews({ own, known, replays }) };
  }
}
