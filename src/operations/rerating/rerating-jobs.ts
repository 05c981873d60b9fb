import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock, type JsonObject, refuse, Refused, toInstant } from '../../kernel/index.js';
import { type JobKind, type JobRun, Jobs } from '../../platform/jobs/index.js';
import {
  type AccountReport,
  formatTotals,
  noTotals,
  plusReport,
  Reratings,
  type Watched,
} from '../../rerating/index.js';
import { type DryRunRerating, requestOf } from './rerating-request.dto.js';
import { type Planned, type ProposeRerating, showPlanned } from './reratings.dto.js';

/** The id of a job, and the user id of who starts it. A run that it proposes has its id: proposed again, it is the same run. */
export interface JobOrder {
  readonly id: string;
  readonly by: string;
}

interface Result extends JsonObject {
  readonly rerating_id: string;
}

type Proposing = ProposeRerating & JsonObject;

/** Charges that were booked after `as_of` are not in it. */
type Trying = DryRunRerating & JsonObject & { readonly as_of: string };
type Tried = JsonObject & { readonly planned: Planned & JsonObject };

interface OfRun extends JsonObject {
  readonly rerating_id: string;
}

type Reversing = OfRun & { readonly reason: string };

const ROLE = 'operator';

/** Tries, proposes, reverses and applies re-rating runs as jobs: each reads all charges of its period. What refuses one at once does so before the job. */
@Injectable()
export class ReratingJobs implements OnModuleInit {
  readonly #trying: JobKind<Trying, Tried> = {
    kind: 'rerating_dry_run',
    role: ROLE,
    run: async (body, job) => {
      let totals = noTotals;
      for await (const report of this.#tried(body, watched(job))) totals = plusReport(totals, report);
      return { planned: { ...showPlanned(formatTotals(totals)) } };
    },
  };
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
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this.#trying);
    this.jobs.register(this.#proposing);
    this.jobs.register(this.#reversing);
    this.jobs.register(this.#applying);
  }

  /** Finds what a run would change, and records nothing. Refused: `invalid_period`, `price_list_not_found`, `price_list_withdrawn`. */
  async dryRun(order: JobOrder, body: DryRunRerating) {
    await this.reratings.requireProposable(requestOf(body));
    const input = { ...given(body), as_of: toInstant(this.clock.now()) } as Trying;
    return this.jobs.start(this.#trying, { ...order, input });
  }

  /** What a dry run that is done has found, account by account, from the charges again. Refused: `job_not_found`, `dry_run_not_done`. */
  async tried(id: string): Promise<AsyncIterable<AccountReport>> {
    const { doc } = await this.jobs.get(ROLE, id);
    if (doc.kind !== this.#trying.kind)
      throw new Refused(refuse('not_found', 'job_not_found', `The job “${id.slice(0, 40)}” is no dry run.`));
    if (doc.status !== 'succeeded')
      throw new Refused(refuse('conflict', 'dry_run_not_done', `This dry run is ${doc.status}.`));
    return this.#tried(doc.input as Trying);
  }

  /** Refused: `invalid_period`, `price_list_not_found`, `price_list_withdrawn`. */
  async propose(order: JobOrder, body: ProposeRerating) {
    await this.reratings.requireProposable(requestOf(body));
    return this.jobs.start(this.#proposing, { ...order, input: given(body) as Proposing });
  }

  /** Refused: `rerating_not_found`, `rerating_not_over`, `reversal_open`. */
  async reverse(order: JobOrder, rerating_id: string, reason: string) {
    await this.reratings.requireReversible(rerating_id);
    return this.jobs.start(this.#reversing, { ...order, input: { rerating_id, reason } });
  }

  /** One job for each run, however often it is asked for. Refused: `rerating_not_found`, `rerating_not_approved`, `rerating_cancelled`. */
  async apply(order: JobOrder, rerating_id: string) {
    await this.reratings.requireApproved(rerating_id);
    return this.jobs.start(this.#applying, { ...order, input: { rerating_id }, key: rerating_id });
  }

  #tried({ as_of: asOf, ...body }: Trying, watching: Watched = {}): AsyncIterable<AccountReport> {
    return this.reratings.dryRun(requestOf(body), { asOf, ...watching });
  }
}

/** Fields that were not given are there, undefined, and are none in JSON. */
const given = (body: DryRunRerating): JsonObject => JSON.parse(JSON.stringify(body)) as JsonObject;

const watched = ({ id, signal, progress }: JobRun) => ({ runId: id, signal, progress });
