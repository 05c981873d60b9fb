import { Injectable } from '@nestjs/common';
import { EventStore, ReadModelStore, withTimeout } from '../../event-store/index.js';
import { errorText } from '../../kernel/index.js';
import { Accounts, balances } from '../../ledger/index.js';
import { ClockWatch } from '../workers/clock-watch.js';
import { ProjectionRunner, type ProjectionStatus } from '../workers/projection-runner.js';

/** How long a check waits for the ledger: container health checks give up after five seconds, most probes before. */
const LEDGER_MS = 2_000;
/** How long a check waits for read models, which are no condition of readiness. */
const READ_MODELS_MS = 500;

/** What was found; a fault is why something can't be used. */
export interface Findings {
  readonly ledger: string | undefined;
  readonly readModels: string | undefined;
  /** Undefined when they can't be read. */
  readonly projections: readonly ProjectionStatus[] | undefined;
}

/** Asks the stores of this gateway how they do. */
@Injectable()
export class Health {
  constructor(
    private readonly store: EventStore,
    private readonly accounts: Accounts,
    private readonly readModels: ReadModelStore,
    private readonly projections: ProjectionRunner,
    private readonly clocks: ClockWatch,
  ) {}

  /** Never rejects. */
  async check(): Promise<Findings> {
    const [ledger, readModels, projections] = await Promise.all([
      faultOf(withTimeout(this.#takesCalls(), LEDGER_MS)),
      faultOf(withTimeout(this.readModels.checkpoint(balances.view), READ_MODELS_MS)),
      withTimeout(this.projections.statuses(), READ_MODELS_MS).catch(() => undefined),
    ]);
    return { ledger, readModels: readModels ?? this.projections.writeFault, projections };
  }

  /** Every call needs a hold, so the ledger must take appends; that it can be read is not enough. */
  async #takesCalls(): Promise<void> {
    await Promise.all([this.store.head(), this.accounts.writable(), this.clocks.check()]);
  }
}

/** Why a check fails; undefined when it does not. */
const faultOf = (check: Promise<unknown>): Promise<string | undefined> => check.then(() => undefined, errorText);
