import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventStore, type Projection, ReadModelStore, type Row } from '../../event-store/index.js';
import { type JsonObject, refuse, Refused } from '../../kernel/index.js';
import { balances, charges, lots } from '../../ledger/index.js';
import { type JobKind, type JobRun, Jobs, progressOf } from '../../platform/jobs/index.js';
import { reratingRuns } from '../../rerating/index.js';
import { named } from './replay-job.js';
import { viewAsOf } from './replay.js';

/** A job’s result has room for so many. */
const MOST_ROWS = 100;

/** What operators see in /api of accounts and runs anyway. The rows of the others have what is for finance, or for nobody but their readers. */
const SHOWN: readonly string[] = [balances, charges, lots, reratingRuns].map(({ view }) => view.name);

// Types, not interfaces: only so they pass for JSON objects.
type UntilInput = {
  /** By its name with the version. */
  readonly view: string;
  /** The last event of it: its position, or the latest time of its recording in epoch milliseconds. */
  readonly until: { readonly position: number } | { readonly instant: number };
  readonly account_id?: string;
};

type UntilOutcome = {
  readonly view: string;
  /** Of the last event that it has seen. */
  readonly position: number;
  readonly row_count: number;
  /** The first of them, as they are kept. */
  readonly rows: readonly JsonObject[];
};

/** The read model of a name, if /api shows its rows. Refused: `view_not_found`, `view_not_shown`. */
export function viewShown(name: string): Projection {
  const projection = named(name);
  const { name: view } = projection.view;
  if (SHOWN.includes(view)) return projection;
  const sentence = `The rows of ${view} are not shown here, only those of ${SHOWN.join(', ')}. At the command line: tokenhub replay ${view} --until …`;
  throw new Refused(refuse('forbidden', 'view_not_shown', sentence));
}

/** Makes a read model as of a place in the log when an operator asks for it through /api, and keeps nothing of it but what the job tells. */
@Injectable()
export class ReplayUntilJob implements JobKind<UntilInput, UntilOutcome>, OnModuleInit {
  readonly kind = 'replay_until';
  readonly role = 'operator';

  constructor(
    private readonly jobs: Jobs,
    private readonly store: EventStore,
    private readonly readModels: ReadModelStore,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  readonly run = async ({ view, until, account_id: only }: UntilInput, job: JobRun): Promise<UntilOutcome> => {
    const stores = { store: this.store, readModels: this.readModels };
    const rows: JsonObject[] = [];
    let count = 0;
    const onRow = ({ id, position, doc }: Row): void => {
      if (only !== undefined && doc['accountId'] !== only) return;
      count += 1;
      if (rows.length < MOST_ROWS) rows.push({ id, position, ...doc });
    };
    const watch = { signal: job.signal, onProgress: progressOf(job), onRow };
    const { position } = await viewAsOf(stores, viewShown(view), until, watch);
    return { view, position, row_count: count, rows };
  };
}
