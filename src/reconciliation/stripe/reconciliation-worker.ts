import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { ReadModelStore, rowsOf, WaitFor, withTimeout } from '../../event-store/index.js';
import { Clock, DAY_MS, dayOf, fromInstant, startOfDay, toInstant } from '../../kernel/index.js';
import { Metrics, PeriodicWorkers, SCRAPE_WAIT_MS } from '../../platform/index.js';
import { PaymentProviderRefused, PaymentProviderUnavailable } from '../../payments/index.js';
import { type Alarm, alarmOf, cannotRun } from './alarm.js';
import { OPEN_STATUSES } from './compare.js';
import { type ComparisonRow, type ItemRow, reconciliationDays, reconciliationItems } from './items.projection.js';
import { FinanceMail } from './finance-mail.js';
import type { Period } from './period.js';
import { Reconciler } from './reconciler.js';
import { StripeBalance } from './stripe-balance.js';
import { stripeEntries } from './stripe-entries.projection.js';

const LOOK_EVERY_MS = 3_600_000;
const FIRST_AFTER_MS = 60_000;
/** The most days that are caught up after a pause. A longer gap is for `tokenhub reconcile stripe --from`. */
const MOST_DAYS = 31;

/** So many turns fail, an hour apart, before finance hears of it. */
const TRIES = 2;

/**
 * Reconciles each day with Stripe when it is over, and what is open every hour until it is closed. Raises the alarm about what does not agree,
 * or can't be compared: a line in the log, a metric, and an email to finance, one a day for the same differences. Safe to run in every gateway.
 */
@Injectable()
export class ReconciliationWorker implements OnApplicationBootstrap {
  readonly #log = new Logger('reconciliation');
  #failures = 0;
  /** The alarm that everyone has got. */
  #told: string | undefined;
  /** Whether an email could not be sent. */
  #waits = false;

  constructor(
    private readonly workers: PeriodicWorkers,
    private readonly readModels: ReadModelStore,
    private readonly waitFor: WaitFor,
    private readonly reconciler: Reconciler,
    private readonly balance: StripeBalance,
    private readonly mail: FinanceMail,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    const gauge: Gauge<'status'> = new Gauge({
      name: 'tokenhub_unreconciled_transactions',
      help: 'Transactions and payouts of Stripe that do not agree with the ledger, by how they stand',
      labelNames: ['status'],
      registers: [metrics.registry],
      collect: async () => {
        const open = await withTimeout(this.#open(), SCRAPE_WAIT_MS).catch(() => undefined);
        gauge.reset();
        for (const status of open === undefined ? [] : OPEN_STATUSES)
          gauge.set({ status }, open?.filter((item) => item.status === status).length ?? 0);
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
    try {
      await this.#compare(signal);
      this.#failures = 0;
    } catch (error) {
      if (signal?.aborted) return;
      // Stripe may be away for a moment. A refusal of its stays one until somebody acts.
      if (++this.#failures >= TRIES || error instanceof PaymentProviderRefused)
        await this.#tell(cannotRun(dayOf(toInstant(this.clock.now())), reasonOf(error)));
      throw error;
    }
  }

  async #compare(signal: AbortSignal | undefined): Promise<void> {
    for (const { view } of [stripeEntries, reconciliationItems, reconciliationDays]) await this.waitFor.head(view);
    const period = await this.#due();
    if (period === undefined) return;
    const last = (await this.reconciler.run(period, this.balance, { source: 'api', signal })).at(-1);
    await this.waitFor.head(reconciliationItems.view);
    const alarm = last && alarmOf(last, await this.#open(), this.clock.now());
    this.#waits = false;
    if (alarm === undefined) return;
    this.#log.error(
      `Stripe and the ledger do not agree: ${alarm.line}. "tokenhub reconcile list" shows what, and "tokenhub reconcile resolve" closes it.`,
    );
    await this.#tell(alarm);
  }

  /** Mail that does not go out is no reason to compare less. It is tried again with the next comparison. */
  async #tell(alarm: Alarm): Promise<void> {
    if (this.#told === alarm.id) return;
    try {
      if (await this.mail.tell(alarm)) this.#told = alarm.id;
    } catch (error) {
      this.#waits = true;
      this.#log.warn(`the email to finance could not be sent, and is tried again: ${String(error)}`);
    }
  }

  /** The days since the last comparison; yesterday again while something is open; undefined when there is nothing to do. */
  async #due(): Promise<Period | undefined> {
    const to = startOfDay(this.clock.now());
    const yesterday = to - DAY_MS;
    const [last] = await this.readModels.find(reconciliationDays.view, { orderBy: 'day', descending: true, limit: 1 });
    const next = last === undefined ? yesterday : fromInstant((last.doc as ComparisonRow).day) + DAY_MS;
    if (next < to) return { from: Math.max(next, to - MOST_DAYS * DAY_MS), to };
    return this.#waits || (await this.#open()).length > 0 ? { from: yesterday, to } : undefined;
  }

  async #open(): Promise<readonly ItemRow[]> {
    const open: ItemRow[] = [];
    const rows = rowsOf<ItemRow>(this.readModels, reconciliationItems.view, { where: { open: true } });
    for await (const { doc } of rows) open.push(doc);
    return open;
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof PaymentProviderRefused || error instanceof PaymentProviderUnavailable ? error.detail : String(error);
