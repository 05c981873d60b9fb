// What /api answers about replays: the jobs of `replay-job.ts`, with what came of each.
import { ApiExtraModels } from '#openapi';
import {
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
} from '../../platform/http/index.js';
import type { Stored } from '../../platform/documents/index.js';
import { type Job, JOB_STATUSES, JobError, type JobStatus } from '../../platform/jobs/index.js';
import type { ReplayInput, ReplayOutcome } from './replay-job.js';

const OPTIONAL = { required: false };
const InstantOrNull = (what: string) => ShownOrNull(what, { format: 'date-time' });

export class ReplayedView {
  @Shown('its name with the version')
  readonly view!: string;

  @ShownInteger('of a rebuild: the events that were taken in', OPTIONAL)
  readonly events?: number;

  @ShownInteger('of a comparison: the position as of which rows were compared', OPTIONAL)
  readonly position?: number;

  @ShownInteger('of a comparison: how many rows or fields differ', OPTIONAL)
  readonly differences?: number;

  @Shown('why it could not be done', OPTIONAL)
  readonly failure?: string;
}

export class ReplayResult {
  @ShownObject(ReplayedView, 'one for each read model', { isArray: true })
  readonly views!: readonly ReplayedView[];

  @Shown('of a comparison: the first differences, a sentence each', { type: [String], ...OPTIONAL })
  readonly differences?: readonly string[];
}

@ApiExtraModels(ReplayResult, JobError)
export class ReplayRun {
  @Shown('of the job')
  readonly id!: string;

  @ShownAlways('replay')
  readonly object!: 'replay';

  @ShownEnum(JOB_STATUSES)
  readonly status!: JobStatus;

  @Shown('the read models, by name with the version', { type: [String] })
  readonly views!: readonly string[];

  @Shown('whether they are compared only, and nothing changes')
  readonly diff!: boolean;

  @Shown('a user id')
  readonly started_by!: string;

  @ShownInstant('when it was asked for')
  readonly created_at!: string;

  @InstantOrNull('when it was over')
  readonly finished_at!: string | null;

  @ShownObjectOrNull(ReplayResult, 'what came of it; null until it has succeeded')
  readonly result!: ReplayResult | null;

  @ShownObjectOrNull(JobError, 'why it failed')
  readonly error!: JobError | null;
}

export function showReplay({ id, doc }: Stored<Job>): ReplayRun {
  const { views, diff } = doc.input as ReplayInput;
  const outcome = doc.status === 'succeeded' ? (doc.result as ReplayOutcome | undefined) : undefined;
  return {
    id,
    object: 'replay',
    status: doc.status,
    views,
    diff,
    started_by: doc.by,
    created_at: doc.createdAt,
    finished_at: doc.finishedAt ?? null,
    result: outcome ?? null,
    error: doc.error ?? null,
  };
}
