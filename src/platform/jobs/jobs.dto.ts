// What /api answers about jobs.
import { ApiExtraModels } from '#openapi';
import type { JsonObject } from '../../kernel/index.js';
import type { Stored } from '../documents/index.js';
import {
  EnumField,
  ListQuery,
  Shown,
  ShownAlways,
  ShownEnum,
  ShownInteger,
  ShownInstant,
  ShownObjectOrNull,
  ShownOrNull,
  TextField,
} from '../http/index.js';
import { type Job, JOB_STATUSES, type JobStatus } from './job.js';

const anyObject = { type: 'object', additionalProperties: true };
const InstantOrNull = (what: string) => ShownOrNull(what, { format: 'date-time' });

export class JobsQuery extends ListQuery {
  @TextField('what they do, as `kind` says it', { min: 1, max: 100, optional: true })
  readonly kind?: string;

  @EnumField('how they stand', JOB_STATUSES, { optional: true })
  readonly status?: JobStatus;
}

export class JobProgress {
  @ShownInteger('how much is done: events of the ledger, as a rule; charges, of a re-rating')
  readonly done!: number;

  @ShownInteger('of how much')
  readonly total!: number;

  @ShownOrNull('an estimate, from the speed of the last half minute; null before there is one, and once it is over', {
    type: 'integer',
  })
  readonly seconds_left!: number | null;
}

class JobError {
  @Shown('as errors of /api have it')
  readonly code!: string;

  @Shown('what went wrong, and what to do')
  readonly message!: string;
}

/** What every answer about a job says, whatever it does. */
@ApiExtraModels(JobError)
export class JobFacts {
  @Shown('of the job')
  readonly id!: string;

  @ShownEnum(JOB_STATUSES)
  readonly status!: JobStatus;

  @Shown('a user id')
  readonly started_by!: string;

  @ShownInstant('when it was asked for')
  readonly created_at!: string;

  @InstantOrNull('when it was over')
  readonly finished_at!: string | null;

  @ShownObjectOrNull(JobError, 'why it failed')
  readonly error!: JobError | null;
}

@ApiExtraModels(JobProgress)
export class StartedJob extends JobFacts {
  @ShownAlways('job')
  readonly object!: 'job';

  @Shown('what it does')
  readonly kind!: string;

  @Shown('what it was asked for', anyObject)
  readonly input!: JsonObject;

  @InstantOrNull('when it began')
  readonly started_at!: string | null;

  @ShownObjectOrNull(JobProgress, 'how far it is; null before it knows')
  readonly progress!: JobProgress | null;

  @ShownOrNull('the user id of the person who cancelled it; it may take a moment to end')
  readonly cancelled_by!: string | null;

  @Shown('what it found; null until it has succeeded', { ...anyObject, nullable: true })
  readonly result!: JsonObject | null;
}

export const factsOf = ({ id, doc }: Stored<Job>): JobFacts => ({
  id,
  status: doc.status,
  started_by: doc.by,
  created_at: doc.createdAt,
  finished_at: doc.finishedAt ?? null,
  error: doc.error ?? null,
});

export function showJob(job: Stored<Job>): StartedJob {
  const { doc } = job;
  const { progress } = doc;
  return {
    ...factsOf(job),
    object: 'job',
    kind: doc.kind,
    input: doc.input,
    started_at: doc.startedAt ?? null,
    progress: progress
      ? { done: progress.done, total: progress.total, seconds_left: progress.secondsLeft ?? null }
      : null,
    cancelled_by: doc.cancelledBy ?? null,
    result: doc.result ?? null,
  };
}
