import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../../event-store/index.js';
import { countOf, refuse, Refused } from '../../kernel/index.js';
import { accountStream, type TrialBalanceLine } from '../../ledger/index.js';
import { type JobKind, type JobRun, Jobs, progressOf } from '../../platform/jobs/index.js';
import { InvalidNote, Seals, type SignedCheckpoint } from '../../seals/index.js';
import { verify } from './verify.js';

/** A job’s result has room for so many, of all kinds. */
const MOST_FAULTS = 100;

// Types, not interfaces: only so they pass for JSON objects. They are shown as they are.
export type VerifyInput = {
  readonly account_id?: string;
  /** The size of a checkpoint. */
  readonly since?: number;
  readonly read_models: boolean;
};

export type VerifyOutcome = {
  readonly is_right: boolean;
  readonly fault_count: number;
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly events: number;
  readonly streams: number;
  readonly accounts: number;
  readonly charges: number;
  readonly open_holds: number;
  readonly checkpoints: number;
  readonly read_models: number;
  readonly trial_balance: readonly (TrialBalanceLine & { readonly [field: string]: string })[];
};

/** Verifies the ledger when an operator asks for it through /api. It changes nothing, so it may begin again at any time. */
@Injectable()
export class VerifyJob implements JobKind<VerifyInput, VerifyOutcome | Record<string, never>>, OnModuleInit {
  readonly kind = 'verify';
  readonly role = 'operator';

  constructor(
    private readonly jobs: Jobs,
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
    private readonly seals: Seals,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** Refused: `account_not_found`, `checkpoint_not_found`, `checkpoint_invalid`. */
  async check({ account_id: accountId, since }: VerifyInput): Promise<void> {
    if (accountId !== undefined && (await this.store.readStream(accountStream(accountId), 0, 1)).length === 0)
      throw new Refused(refuse('not_found', 'account_not_found', `There is no account ${accountId}.`));
    await this.#checkpoint(since);
  }

  readonly run = async (
    { account_id: account, since: size, read_models: readModels }: VerifyInput,
    job: JobRun,
  ): Promise<VerifyOutcome | Record<string, never>> => {
    const since = await this.#checkpoint(size);
    try {
      const options = { account, since, readModels, seals: this.seals, signal: job.signal, mostFaults: MOST_FAULTS };
      const found = await verify(this.store, this.readModels, { ...options, onProgress: progressOf(job) });
      const { faults, faultCount, openHolds, readModels: compared, trialBalance, ...figures } = found;
      return {
        is_right: faultCount === 0,
        fault_count: faultCount,
        faults,
        ...figures,
        open_holds: openHolds,
        read_models: compared,
        trial_balance: trialBalance.map((line) => ({ ...line })),
      };
    } catch (error) {
      if (job.signal.aborted) return {};
      throw error;
    }
  };

  async #checkpoint(size: number | undefined): Promise<SignedCheckpoint | undefined> {
    if (size === undefined) return undefined;
    const note = await this.seals.noteOf(size);
    if (note === undefined)
      throw new Refused(
        refuse('not_found', 'checkpoint_not_found', `There is no checkpoint of ${countOf(size, 'event')}.`),
      );
    try {
      return this.seals.openCheckpoint(note);
    } catch (error) {
      if (!(error instanceof InvalidNote)) throw error;
      const sentence = `The checkpoint of ${countOf(size, 'event')} is not one of this ledger: ${error.message}.`;
      throw new Refused(refuse('conflict', 'checkpoint_invalid', sentence));
    }
  }
}
