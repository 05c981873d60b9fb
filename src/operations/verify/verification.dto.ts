// What /api answers about verifications: the jobs of `verify-job.ts`, with what each found.
import { ApiExtraModels } from '#openapi';
import {
  Shown,
  ShownAlways,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  ShownOrNull,
} from '../../platform/http/index.js';
import { factsOf, type Job, JobFacts } from '../../platform/jobs/index.js';
import type { Stored } from '../../platform/documents/index.js';
import type { VerifyInput, VerifyOutcome } from './verify-job.js';

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

  @Shown('what is wrong, a sentence each; a hundred at most, evenly of every kind', { type: [String] })
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

@ApiExtraModels(VerificationResult)
export class Verification extends JobFacts {
  @ShownAlways('verification')
  readonly object!: 'verification';

  @ShownOrNull('the account that alone was verified; null for the whole ledger')
  readonly account_id!: string | null;

  @ShownInteger('the size of the checkpoint that was trusted; null when everything was read', { nullable: true })
  readonly since!: number | null;

  @Shown('whether the rows of the read models were compared, too')
  readonly read_models!: boolean;

  @ShownObjectOrNull(VerificationResult, 'what it found; null until it has succeeded')
  readonly result!: VerificationResult | null;
}

export function showVerification(job: Stored<Job>): Verification {
  const { input, result = null } = job.doc;
  const { account_id = null, since = null, read_models } = input as VerifyInput;
  const found = result as VerifyOutcome | null;
  return { ...factsOf(job), object: 'verification', account_id, since, read_models, result: found };
}
