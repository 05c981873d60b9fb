// What /api answers about verifications: the jobs of `verify-job.ts`, with what each found.
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
import { JOB_STATUSES, type JobStatus, type Job, JobError } from '../../platform/jobs/index.js';
import type { Stored } from '../../platform/documents/index.js';
import type { VerifyInput, VerifyOutcome } from './verify-job.js';

const InstantOrNull = (what: string) => ShownOrNull(what, { format: 'date-time' });

class VerifiedBalance {
  @Shown('the account of the books')
  readonly account!: string;

  @Shown('ISO 4217')
  readonly currency!: string;

  @Shown('debits are positive (exact decimal)')
  readonly balance!: string;
}

export class VerificationResult {
  @Shown('whether nothing is wrong')
  readonly is_right!: boolean;

  @ShownInteger('how much is wrong')
  readonly fault_count!: number;

  @Shown('what is wrong, a sentence each; a hundred at most', { type: [String] })
  readonly faults!: readonly string[];

  @Shown('what could not be checked, a sentence each', { type: [String] })
  readonly warnings!: readonly string[];

  @ShownInteger('events read')
  readonly events!: number;

  @ShownInteger('streams read')
  readonly streams!: number;

  @ShownInteger('accounts among them')
  readonly accounts!: number;

  @ShownInteger('charges computed again')
  readonly charges!: number;

  @ShownInteger('holds that were open at the end')
  readonly open_holds!: number;

  @ShownInteger('checkpoints compared with the log')
  readonly checkpoints!: number;

  @ShownInteger('read models compared with the events')
  readonly read_models!: number;

  @ShownObject(VerifiedBalance, 'the balance of every account of the books', { isArray: true })
  readonly trial_balance!: readonly VerifiedBalance[];
}

@ApiExtraModels(VerificationResult, JobError)
export class Verification {
  @Shown('of the job')
  readonly id!: string;

  @ShownAlways('verification')
  readonly object!: 'verification';

  @ShownEnum(JOB_STATUSES)
  readonly status!: JobStatus;

  @ShownOrNull('the account that alone was verified; null for the whole ledger')
  readonly account_id!: string | null;

  @ShownInteger('the size of the checkpoint that was trusted; null when everything was read', { nullable: true })
  readonly since!: number | null;

  @Shown('whether the rows of the read models were compared, too')
  readonly read_models!: boolean;

  @Shown('a user id')
  readonly started_by!: string;

  @ShownInstant('when it was asked for')
  readonly created_at!: string;

  @InstantOrNull('when it was over')
  readonly finished_at!: string | null;

  @ShownObjectOrNull(VerificationResult, 'what it found; null until it has succeeded')
  readonly result!: VerificationResult | null;

  @ShownObjectOrNull(JobError, 'why it failed')
  readonly error!: JobError | null;
}

export function showVerification({ id, doc }: Stored<Job>): Verification {
  const { account_id, since, read_models } = doc.input as VerifyInput;
  const found = doc.status === 'succeeded' ? (doc.result as VerifyOutcome | undefined) : undefined;
  return {
    id,
    object: 'verification',
    status: doc.status,
    account_id: account_id ?? null,
    since: since ?? null,
    read_models,
    started_by: doc.by,
    created_at: doc.createdAt,
    finished_at: doc.finishedAt ?? null,
    result: found ?? null,
    error: doc.error ?? null,
  };
}
