import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { JsonObject } from '../../kernel/index.js';
import { type JobKind, type JobRun, Jobs } from '../../platform/jobs/index.js';
import { Reratings } from '../../rerating/index.js';
import { type ProposeRerating, requestOf } from './reratings.dto.js';

/** The id of a job, and the user id of who starts it. A run that it proposes has its id: proposed again, it is the same run. */
export interface JobOrder {
  readonly id: string;
  readonly by: string;
}

interface Result extends JsonObject {
  readonly rerating_id: string;
}

type Proposing = ProposeRerating & JsonObject;

interface OfRun extends JsonObject {
  readonly rerating_id: string;
}

type Reversing = OfRun & { readonly reason: string };

const ROLE = 'operator';

/** Proposes, reverses and applies re-rating runs as jobs: each reads all charges of its period. What refuses one at once does so before the job. */
@Injectable()
export class ReratingJobs implements OnModuleInit {
  readonly #proposing: JobKind<Proposing, Result> = {
    kind: 'rerating_proposal',
    role: ROLE,
    run: async (body, job) => {
      await this.reratings.propose(requestOf(body), { by: job.by, reason: body.reason }, watched(job));
      return { rerating_id: job.id };
    },
  };
  readonly #reversing: JobKind<Reversing, Result> = {
    kind: 'rerating_reversal',
    role: ROLE,
    run: async ({ rerating_id, reason }, job) => {
      await this.reratings.reverse(rerating_id, { by: job.by, reason }, watched(job));
      return { rerating_id: job.id };
    },
  };
  readonly #applying: JobKind<OfRun, Result> = {
    kind: 'rerating_application',
    role: ROLE,
    run: async ({ rerating_id }, job) => {
      await this.reratings.apply(rerating_id, watched(job));
      return { rerating_id };
    },
  };

  constructor(
    private readonly jobs: Jobs,
    private readonly reratings: Reratings,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.#proposing);
    this.jobs.register(this.#reversing);
    this.jobs.register(this.#applying);
  }

  /** Refused: `invalid_period`, `price_list_not_found`, `price_list_withdrawn`. */
  async propose(order: JobOrder, body: ProposeRerating) {
    await this.reratings.requireProposable(requestOf(body));
    // Fields that were not given are there, undefined, and are none in JSON.
    const input = JSON.parse(JSON.stringify(body)) as Proposing;
    return this.jobs.start(this.#proposing, { ...order, input });
  }

  /** Refused: `rerating_not_found`. */
  async reverse(order: JobOrder, rerating_id: string, reason: string) {
    await this.reratings.requireKnown(rerating_id);
    return this.jobs.start(this.#reversing, { ...order, input: { rerating_id, reason } });
  }

  /** One job for each run, however often it is asked for. Refused: `rerating_not_found`, `rerating_not_approved`, `rerating_cancelled`. */
  async apply(order: JobOrder, rerating_id: string) {
    await this.reratings.requireApproved(rerating_id);
    return this.jobs.start(this.#applying, { ...order, input: { rerating_id }, key: rerating_id });
  }
}

const watched = ({ id, signal, progress }: JobRun) => ({ runId: id, signal, progress });
