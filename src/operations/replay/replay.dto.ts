// What /api answers about replays: the jobs of `replay-job.ts`, with what came of each.
import { ApiExtraModels } from '#openapi';
import { Shown, ShownAlways, ShownInteger, ShownObject, ShownObjectOrNull } from '../../platform/http/index.js';
import type { Stored } from '../../platform/documents/index.js';
import { factsOf, type Job, JobFacts } from '../../platform/jobs/index.js';
import type { ReplayInput, ReplayOutcome } from './replay-job.js';

const OPTIONAL = { required: false };

class ReplayedView {
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

@ApiExtraModels(ReplayResult)
export class ReplayRun extends JobFacts {
  @ShownAlways('replay')
  readonly object!: 'replay';

  @Shown('the read models, by name with the version', { type: [String] })
  readonly views!: readonly string[];

  @Shown('whether they are compared only, and nothing changes')
  readonly diff!: boolean;

  @ShownObjectOrNull(ReplayResult, 'what came of it; null until it has succeeded')
  readonly result!: ReplayResult | null;
}

export function showReplay(job: Stored<Job>): ReplayRun {
  const { input, result = null } = job.doc;
  const { views, diff } = input as ReplayInput;
  return { ...factsOf(job), object: 'replay', views, diff, result: result as ReplayOutcome | null };
}
