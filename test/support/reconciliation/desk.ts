// A ledger and Stripe’s side of it, both made up, and the reconciliation between them.
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { postingsOf } from '../../../src/books/booked-streams.js';
import { bringUpToDate, type Projection, START } from '../../../src/event-store/index.js';
import { Clock, formatMoney, ZERO } from '../../../src/kernel/index.js';
import { addPostings, type Totals } from '../../../src/ledger/index.js';
import { Payouts, Topups } from '../../../src/payments/index.js';
import {
  type Comparison,
  type ItemRow,
  itemsOf,
  Reconciler,
  Reconciliations,
  reconciliationDays,
  reconciliationItems,
  type Statement,
  stripeEntries,
  type StripeTransaction,
} from '../../../src/reconciliation/index.js';
import { order } from '../payments/topup-spec.js';

export const DAY = Date.parse('2026-03-02T00:00:00.000Z');
const DAY_MS = 86_400_000;
const PROJECTIONS = [stripeEntries, reconciliationItems, reconciliationDays] as readonly Projection[];

export class DeskClock extends Clock {
  at = DAY + DAY_MS + 6 * 3_600_000;
  override now(): number {
    return this.at;
  }
}

export class ReconciliationDesk {
  readonly store = new MemoryEventStore();
  readonly readModels = new MemoryReadModelStore();
  readonly clock = new DeskClock();
  readonly topups = new Topups(this.store);
  readonly payouts = new Payouts(this.store);
  readonly reconciliations = new Reconciliations(this.store, this.readModels, this.clock);
  readonly reconciler = new Reconciler(this.readModels, this.reconciliations, this.clock);

  /** Books a transaction as the top-up does; the top-up is ordered when it is new. */
  async book(topupId: string, transaction: StripeTransaction): Promise<void> {
    const { balanceTransactionId, currency, amountMinor, feeMinor, createdAt } = transaction;
    await this.topups.execute(topupId, order({ topupId, at: DAY }));
    const booking = { balanceTransactionId, currency, amountMinor, feeMinor, createdAt };
    const command = {
      commandId: balanceTransactionId,
      at: createdAt,
      source: 'payment',
      clears: ZERO,
      unmatched: true,
    };
    await this.topups.execute(topupId, { type: 'BookBalanceTransaction', ...command, ...booking } as never);
  }

  async compare(statement: Statement, from = DAY, days = 1): Promise<readonly Comparison[]> {
    await this.project();
    const period = { from, to: from + days * DAY_MS };
    const comparisons = await this.reconciler.run(period, statement, { source: 'api' });
    await this.project();
    return comparisons;
  }

  async project(): Promise<void> {
    await bringUpToDate(this.store, this.readModels, PROJECTIONS);
  }

  /** The statuses of all items, by their ids. */
  async statuses(): Promise<Record<string, ItemRow['status']>> {
    const rows = await this.readModels.find(reconciliationItems.view, { limit: 10_000 });
    return Object.fromEntries(rows.map(({ id, doc }) => [id, (doc as ItemRow).status]));
  }

  async close(itemId: string, action: 'foreign_payment' | 'stripe_fee' | 'write_off' | 'explain'): Promise<void> {
    await this.reconciliations.propose(itemId, { action, reason: 'because', requestedBy: 'ada' });
    await this.reconciliations.approve(itemId, { approvedBy: 'bob' });
    await this.project();
  }

  /** The balance of a book account, by currency. */
  async balance(account: string): Promise<Record<string, string>> {
    const totals: Totals = new Map();
    for (const event of await this.store.readAll(START, 10_000)) {
      addPostings(totals, postingsOf(event));
    }
    const own = [...totals.values()].filter((posting) => posting.account === account);
    return Object.fromEntries(own.map((posting) => [posting.currency, formatMoney(posting)]));
  }
}

/** Stripe’s side. */
export class MadeUpStatement implements Statement {
  constructor(
    readonly all: StripeTransaction[],
    private readonly at: () => number,
  ) {}

  async *transactions(from: number, to: number): AsyncGenerator<StripeTransaction> {
    yield* this.all.filter(({ createdAt }) => createdAt >= from && createdAt < to);
  }

  async find(itemId: string): Promise<readonly StripeTransaction[]> {
    return itemsOf(this.all).get(itemId) ?? [];
  }

  async anchor() {
    const balances = new Map<string, number>();
    for (const { currency, amountMinor, feeMinor, createdAt } of this.all) {
      if (createdAt < this.at()) balances.set(currency, (balances.get(currency) ?? 0) + amountMinor - feeMinor);
    }
    return { at: this.at(), balances };
  }
}
