import { Injectable, type OnModuleInit } from '@nestjs/common';
import { WaitFor } from '../../event-store/index.js';
import { dayOf, fromInstant, toInstant } from '../../kernel/index.js';
import { type JobKind, type JobRun, Jobs } from '../../platform/jobs/index.js';
import { JobFiles } from '../job-files.js';
import { CsvStatement } from './csv-statement.js';
import { reconciliationDays, reconciliationItems } from './items.projection.js';
import type { Period } from './period.js';
import { Reconciler } from './reconciler.js';
import type { Comparison } from './reconciliation.events.js';
import { StripeBalance } from './stripe-balance.js';
import { stripeEntries } from './stripe-entries.projection.js';

// Types, not interfaces: only so they pass for JSON objects.
export type StripeComparison = {
  /** UTC days; `to` is exclusive. */
  readonly from: string;
  readonly to: string;
  readonly source: Comparison['source'];
};

/** The days and their balances are in `GET /api/finance/reconciliation`, and what differs in its `items`. */
type Outcome = {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly items: Comparison['counts'];
};

/** What a job asks for. */
export const comparisonOf = ({ from, to }: Period, source: Comparison['source']): StripeComparison => ({
  from: dayOf(toInstant(from)),
  to: dayOf(toInstant(to)),
  source,
});

export const statementIn = (texts: readonly string[]): CsvStatement =>
  new CsvStatement(texts.map((text, index) => ({ name: `report ${index + 1}`, text })));

/** Compares days with Stripe when somebody asks for it through /api. */
@Injectable()
export class StripeComparisonJob implements JobKind<StripeComparison, Outcome>, OnModuleInit {
  readonly kind = 'stripe_comparison';
  readonly role = 'finance';

  constructor(
    private readonly jobs: Jobs,
    private readonly files: JobFiles,
    private readonly reconciler: Reconciler,
    private readonly balance: StripeBalance,
    private readonly waitFor: WaitFor,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  readonly run = async (input: StripeComparison, { id, by, signal, progress }: JobRun): Promise<Outcome> => {
    const { from, to, source } = input;
    const period = { from: fromInstant(`${from}T00:00:00.000Z`), to: fromInstant(`${to}T00:00:00.000Z`) };
    const statement = source === 'csv' ? statementIn(await this.files.of(id)) : this.balance;
    for (const { view } of [stripeEntries, reconciliationItems]) await this.waitFor.head(view);
    const days = await this.reconciler.run(period, statement, { source, by, signal, progress });
    for (const { view } of [reconciliationItems, reconciliationDays]) await this.waitFor.head(view);
    await this.files.remove(id);
    return { from, to, days: days.length, items: sumOf(days) };
  };
}

function sumOf(days: readonly Comparison[]): Comparison['counts'] {
  const sum = { matched: 0, pending: 0, ours_only: 0, theirs_only: 0, differs: 0, resolved: 0 };
  for (const { counts } of days)
    for (const status of Object.keys(sum) as (keyof typeof sum)[]) sum[status] += counts[status];
  return sum;
}
