import { Injectable } from '@nestjs/common';
import { newId } from '../../kernel/index.js';
import { Jobs } from '../../platform/jobs/index.js';
import { type ReplayInput, ReplayJob } from '../replay/replay-job.js';
import { ViewRebuilds } from './hands.js';

/** Rebuilds read models as jobs of this gateway, or of another one. */
@Injectable()
export class RebuildJobs extends ViewRebuilds {
  constructor(
    private readonly jobs: Jobs,
    private readonly job: ReplayJob,
  ) {
    super();
  }

  override async start(view: string, by: string): Promise<void> {
    const input: ReplayInput = { views: [view], diff: false };
    await this.jobs.start(this.job, { id: newId(), input, by, key: JSON.stringify(input) });
  }
}
