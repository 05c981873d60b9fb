import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { ReadModelStore, rowsOf, WaitFor } from '../../event-store/index.js';
import { Clock, DAY_MS, fromInstant, startOfDay } from '../../kernel/index.js';
import { Metrics, PeriodicWorkers } from '../../platform/index.js';
import { OPEN_STATUSES } from './compare.js';
import { type ComparisonRow, type ItemRow, reconciliationDays, reconciliationItems } from './items.projection.js';
import { type Period, Reconciler } from './reconciler.js';
import { StripeBalance } from './stripe-balance.js';
import { stripeEntries } from './stripe-entries.projection.js';

const LOOK_EVERY_MS = 3_600_000;
const FIRST_AFTER_MS = 60_000;
/** The most days that are caught up after a pause. A longer gap is for `tokenhub reconcile stripe --from`. */
const MOST_DAYS = 31;

/**
 * Reconciles each day with Stripe when it is over, and what is open every hour until it is closed. Raises the alarm about what does not agree:
 * a line in the log and a metric. Safe to run in every gateway.
 */
@Injectable()
export class ReconciliationWorker implements OnApplicationBootstrap {
  readonly #log = new Logger('reconciliation');

  constructor(
    private readonly workers: PeriodicWorkers,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly reconciler: Reconciler,
    private readonly balance: StripeBalance,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    const gauge: Gauge<'status'> = new Gauge({
      name: 'tokenhub_unreconciled_transactions',
      help: 'Transactions and payouts of Stripe that do not agree with the ledger, by how they stand',
      labelNames: ['status'],
      registers: [metrics.registry],
      collect: async () => {
        const counts = await this.#open().catch(() => new Map<string, number>());
        gauge.reset();
        for (const [status, count] of counts) gauge.set({ status }, count);
      },
    });
  }

  onApplicationBootstrap(): void {
    const turn = (signal: AbortSignal): Promise<void> => this.look(signal);
    this.workers.start({
      name: 'reconciling with Stripe',
      everyMs: LOOK_EVERY_MS,
      firstAfterMs: FIRST_AFTER_MS,
      turn,
    });
  }

  /** One turn. @throws PaymentProviderUnavailable, ViewBehind */
  async look(signal?: AbortSignal): Promise<void> {
    for (const { view } of [stripeEntries, reconciliationItems, reconciliationDays]) await this.waitFor.head(view);
    const period = await this.#due();
    if (period === undefined) return;
    const days = await this.reconciler.run(period, this.balance, { source: 'api', signal });
    await this.waitFor.head(reconciliationItems.view);
    const open = [...(await this.#open())].filter(([status, count]) => status !== 'pending' && count > 0);
    const total = days.at(-1)?.totals ?? [];
    const unexplained = total.some(
      ({ closingMinor, ledgerMinor, explainedMinor }) =>
        closingMinor !== undefined && closingMinor - ledgerMinor !== explainedMinor,
    );
    if (open.length === 0 && !unexplained) return;
    const items = open.map(([status, count]) => `${count} ${status}`).join(', ') || 'no open item explains why';
    this.#log.error(
      `Stripe and the ledger do not agree: ${items}. "tokenhub reconcile list" shows what, and "tokenhub reconcile resolve" closes it.`,
    );
  }

  /** The days since the last comparison; yesterday again while something is open; undefined when there is nothing to do. */
  async #due(): Promise<Period | undefined> {
    const to = startOfDay(this.clock.now());
    const yesterday = to - DAY_MS;
    const [last] = await this.readModels.find(reconciliationDays.view, { orderBy: 'day', descending: true, limit: 1 });
    const next = last === undefined ? yesterday : fromInstant((last.doc as ComparisonRow).day) + DAY_MS;
    if (next < to) return { from: Math.max(next, to - MOST_DAYS * DAY_MS), to };
    const isOpen = [...(await this.#open()).values()].some((count) => count > 0);
    return isOpen ? { from: yesterday, to } : undefined;
  }

  async #open(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>(OPEN_STATUSES.map((status) => [status, 0]));
    for await (const { doc } of rowsOf<ItemRow>(this.readModels, reconciliationItems.view, { where: { open: true } })) {
      counts.set(doc.status, (counts.get(doc.status) ?? 0) + 1);
    }
    return counts;
  }
}
