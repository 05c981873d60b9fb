import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Stored } from '../../platform/documents/index.js';
import { type Job, type JobKind, type JobRun, Jobs, progressOf } from '../../platform/jobs/index.js';
import { Periods } from '../close/periods.js';

// Types, not interfaces: only so they pass for JSON objects.
type Approving = {
  readonly period: string;
  /** Which proposal is approved, by its instant: a queued job never approves a later one. */
  readonly proposedAt: string;
  readonly reason?: string;
};

interface Starting {
  /** A user id. */
  readonly by: string;
  readonly reason?: string | undefined;
  readonly proposedAt?: string | undefined;
  readonly id: string;
}

type Outcome = { readonly period: string; readonly entries: number; readonly digest: string };

/** Closes months as jobs, since that reads the whole log. */
@Injectable()
export class CloseJob implements JobKind<Approving, Outcome>, OnModuleInit {
  readonly kind = 'close_period';
  readonly role = 'finance';

  constructor(
    private readonly periods: Periods,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** Refused at once: `close_not_proposed`, `second_person_needed`, `close_proposed_anew`. */
  async start(period: string, { by, reason, proposedAt, id }: Starting): Promise<Stored<Job>> {
    const proposal = await this.periods.approvable(period, by, proposedAt);
    const input = { period, proposedAt: proposal?.at ?? '', ...(reason !== undefined && { reason }) };
    return this.jobs.start(this, { id, input, by, key: period });
  }

  readonly run = async ({ period, proposedAt, reason }: Approving, job: JobRun): Promise<Outcome> => {
    const watch = { signal: job.signal, onProgress: progressOf(job) };
    const { digest, entries } = await this.periods.approve(period, job.by, { reason, proposedAt, ...watch });
    return { period, entries, digest };
  };
}
