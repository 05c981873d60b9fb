import { Injectable } from '@nestjs/common';
import type { Stored } from '../../platform/documents/index.js';
import { type Job, type JobKind, type JobRun, Jobs } from '../../platform/jobs/index.js';
import { Periods } from '../close/periods.js';

type Approving = {
  readonly period: string;
  /** Which proposal is approved, by its instant: a queued job never approves a later one. */
  readonly proposedAt: string;
};

/** Closes months as jobs, since that reads the whole log. */
@Injectable()
export class CloseJobs {
  readonly #closing: Pick<JobKind, 'kind' | 'role'> = { kind: 'close_period', role: 'finance' };

  constructor(
    private readonly periods: Periods,
    private readonly jobs: Jobs,
  ) {
    jobs.register({ ...this.#closing, run: (input: Approving, job) => this.#close(input, job) });
  }

  /** Refused at once: `close_not_proposed`, `second_person_needed`. */
  async start(period: string, by: string, id: string): Promise<Stored<Job>> {
    const proposal = await this.periods.approvable(period, by);
    const input = { period, proposedAt: proposal?.at ?? '' };
    return this.jobs.start(this.#closing, { id, input, by, key: period });
  }

  async #close({ period, proposedAt }: Approving, { by, signal, progress }: JobRun) {
    const onProgress = ({ position, head }: { position: number; head: number }): void => progress(position, head);
    const { digest, entries } = await this.periods.approve(period, by, { proposedAt, signal, onProgress });
    return { period, entries, digest };
  }
}
