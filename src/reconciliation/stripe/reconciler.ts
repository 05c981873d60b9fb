import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { ReadModelStore, rowsOf } from '../../event-store/index.js';
import { Clock, DAY_MS, dayOf, fromInstant, startOfDay, toInstant } from '../../kernel/index.js';
import { compare, type Finding, type OpenStatus } from './compare.js';
import { type ItemRow, reconciliationItems } from './items.projection.js';
import { DailySums, explained, ledgerSums, StripeSums } from './ledger-balance.js';
import type { Agreement, Comparison, ItemSides } from './reconciliation.events.js';
import type { Period } from './period.js';
import { Reconciliations } from './reconciliations.js';
import { isPayout, itemsOf, type Statement, type StripeTransaction } from './stripe-balance.js';
import { stripeEntries, type StripeEntriesRow, type StripeEntry } from './stripe-entries.projection.js';

export interface RunSettings {
  readonly source: Comparison['source'];
  readonly by?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called after each day. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
}

/** What is being compared of an item. */
interface Pair {
  theirs: readonly StripeTransaction[];
  ours: readonly StripeEntry[];
  date: number;
}

type Counts = Comparison['counts'];

/**
 * Compares a period of our account at Stripe with the ledger, day by day, and what earlier comparisons left open. Safe to repeat: only news is
 * recorded. The views `stripe-entries` and `reconciliation-items` must have seen the ledger.
 */
@Injectable()
export class Reconciler {
  constructor(
    private readonly readModels: ReadModelStore,
    private readonly reconciliations: Reconciliations,
    private readonly clock: Clock,
  ) {}

  /** Returns a comparison for each day. @throws PaymentProviderUnavailable */
  async run({ from, to }: Period, statement: Statement, settings: RunSettings): Promise<readonly Comparison[]> {
    const run = new Run(this.readModels, this.reconciliations, statement, this.clock.now());
    await run.begin();
    const days = Array.from({ length: (to - from) / DAY_MS }, (_, index) => from + index * DAY_MS);
    const counted: [day: number, counts: Counts][] = [];
    for (const day of days) {
      settings.signal?.throwIfAborted();
      counted.push([day, await run.compareDay(day)]);
      settings.progress?.(counted.length, days.length);
    }
    await run.compareOpen();
    const { signal: _signal, progress: _progress, ...who } = settings;
    return run.conclude(counted, { from, to }, who);
  }
}

class Run {
  /** Items that were open or explained, or are now. */
  readonly #items = new Map<string, Pick<ItemRow, 'day' | 'open' | 'standing' | 'sides' | 'status'>>();
  readonly #seen = new Set<string>();
  /** By how much Stripe exceeds the ledger where the two date an item otherwise; they sum to zero. */
  readonly #shifts = new DailySums();
  #payoutsUntil: number | undefined;

  constructor(
    private readonly readModels: ReadModelStore,
    private readonly reconciliations: Reconciliations,
    private readonly statement: Statement,
    private readonly now: number,
  ) {}

  async begin(): Promise<void> {
    this.#payoutsUntil = this.statement.payoutsUntil;
    const standing = rowsOf<ItemRow>(this.readModels, reconciliationItems.view, { where: { standing: true } });
    for await (const { id, doc } of standing) this.#items.set(id, doc);
  }

  async compareDay(day: number): Promise<Counts> {
    const pairs = await this.#pairsOf(day);
    const rows = await this.readModels.load(reconciliationItems.view, [...pairs.keys()]);
    const counts: Counts = { matched: 0, pending: 0, ours_only: 0, theirs_only: 0, differs: 0, resolved: 0 };
    for (const [itemId, pair] of pairs) {
      const status = await this.#judge(itemId, pair);
      if (startOfDay(pair.date) !== day) continue; // it counts on Stripe's day
      const isClosed = this.#items.get(itemId)?.open !== true;
      counts[isClosed && isResolved(rows.get(itemId)?.doc as ItemRow | undefined) ? 'resolved' : status]++;
    }
    return counts;
  }

  /** What both sides have of a day. An item that the other side dates differently is looked up there. */
  async #pairsOf(day: number): Promise<Map<string, Pair>> {
    const pairs = new Map<string, Pair>();
    const ofDay: StripeTransaction[] = [];
    for await (const transaction of this.statement.transactions(day, day + DAY_MS)) ofDay.push(transaction);
    for (const [itemId, known] of itemsOf(ofDay)) {
      const theirs = known.some(isPayout) ? await this.statement.find(itemId) : known;
      pairs.set(itemId, { theirs, ours: [], date: day });
    }
    const rows = await this.readModels.load(stripeEntries.view, [...pairs.keys()]);
    for (const [itemId, { doc }] of rows) {
      const pair = pairs.get(itemId);
      if (pair !== undefined) pair.ours = (doc as StripeEntriesRow).entries;
    }
    for (const row of await this.#entriesOf(day)) {
      if (pairs.has(row.itemId)) continue;
      const theirs = await this.#findTheirs(row.itemId);
      pairs.set(row.itemId, { theirs, ours: row.entries, date: theirs[0]?.createdAt ?? fromInstant(row.date) });
    }
    return pairs;
  }

  async #entriesOf(day: number): Promise<StripeEntriesRow[]> {
    const found: StripeEntriesRow[] = [];
    const query = { below: { date: toInstant(day + DAY_MS) }, orderBy: 'date', descending: true };
    for await (const { doc } of rowsOf<StripeEntriesRow>(this.readModels, stripeEntries.view, query)) {
      if (doc.date < toInstant(day)) break;
      found.push(doc);
    }
    return found;
  }

  /** A file may not have what an earlier comparison saw. */
  async #findTheirs(itemId: string): Promise<readonly StripeTransaction[]> {
    const found = await this.statement.find(itemId);
    return found.length > 0 ? found : (this.#items.get(itemId)?.sides.theirs ?? []).map(ofEvent);
  }

  /** Compares again what earlier days left open. */
  async compareOpen(): Promise<void> {
    for (const [itemId, { open, sides }] of Array.from(this.#items)) {
      if (!open || this.#seen.has(itemId)) continue;
      const row = (await this.readModels.load(stripeEntries.view, [itemId])).get(itemId)?.doc;
      const ours = (row as StripeEntriesRow | undefined)?.entries ?? [];
      const theirs = await this.#findTheirs(itemId);
      await this.#judge(itemId, { theirs, ours, date: fromInstant(sides.date) });
    }
  }

  async #judge(itemId: string, { theirs, ours, date }: Pair): Promise<Finding['status']> {
    const happened = Math.min(...theirs.map(({ createdAt }) => createdAt), theirs.length > 0 ? Infinity : date);
    const finding = compare({ theirs, ours, date: happened, payoutsUntil: this.#payoutsUntil }, this.now);
    if (!this.#seen.has(itemId)) this.#shift({ theirs, ours, date: happened }, finding);
    this.#seen.add(itemId);
    const known = this.#items.get(itemId);
    const day = known?.day ?? dayOf(toInstant(happened));
    if (finding.status === 'matched') {
      if (known?.open === true) await this.reconciliations.recordMatch(day, itemId, agreementOf({ theirs, ours }));
      this.#items.delete(itemId);
      return 'matched';
    }
    const sides = sidesOf(finding, finding.status, { theirs, ours, date: happened });
    if (known?.open === false && isDeepStrictEqual(known.sides.corrections, sides.corrections)) return finding.status;
    await this.reconciliations.recordItem(day, itemId, sides);
    this.#items.set(itemId, { day, open: true, standing: true, sides, status: finding.status });
    return finding.status;
  }

  /** The days between the dates of the two sides; what they differ by altogether counts on the date of the item. */
  #shift({ theirs, ours, date }: Pair, { corrections }: Finding): void {
    for (const { currency, createdAt, amountMinor, feeMinor } of theirs)
      this.#shifts.add(currency, createdAt, amountMinor - feeMinor);
    for (const { currency, date: at, amountMinor, feeMinor } of ours)
      this.#shifts.add(currency, fromInstant(at), feeMinor - amountMinor);
    for (const { currency, amountMinor, feeMinor } of corrections)
      this.#shifts.add(currency, date, feeMinor - amountMinor);
  }

  /** The balances at the end of each day, and what was found of it. */
  async conclude(
    counted: readonly [day: number, counts: Counts][],
    { from, to }: Period,
    who: Pick<Comparison, 'source' | 'by'>,
  ): Promise<readonly Comparison[]> {
    const [ledger, stripe] = [await ledgerSums(this.readModels), await StripeSums.read(this.statement, from, to)];
    const currencies = [...new Set([...ledger.currencies, ...stripe.currencies])].toSorted();
    const comparisons: Comparison[] = [];
    for (const [day, counts] of counted) {
      const end = day + DAY_MS;
      const open = explained(this.#items.values(), end);
      const totals = currencies.map((currency) => {
        const [openingMinor, closingMinor] = [stripe.before(currency, day), stripe.before(currency, end)];
        return {
          currency,
          ...(openingMinor !== undefined && { openingMinor }),
          activityMinor: stripe.moved.between(currency, day, end),
          ...(closingMinor !== undefined && { closingMinor }),
          ledgerMinor: ledger.between(currency, 0, end),
          explainedMinor: (open.get(currency) ?? 0) + this.#shifts.between(currency, 0, end),
        };
      });
      const by = who.by === undefined ? {} : { by: who.by };
      const comparison = { day: dayOf(toInstant(day)), source: who.source, ...by, counts, totals };
      await this.reconciliations.recordComparison(comparison);
      comparisons.push(comparison);
    }
    return comparisons;
  }
}

const isResolved = (row: ItemRow | undefined): boolean => row?.status === 'resolved' || row?.status === 'written_off';

type Theirs = ItemSides['theirs'][number];

const toEvent = ({ createdAt, ...transaction }: StripeTransaction): Theirs => ({
  ...transaction,
  createdAt: toInstant(createdAt),
});
const ofEvent = ({ createdAt, sourceId, paymentIntentId, topupId, ...transaction }: Theirs): StripeTransaction => ({
  ...transaction,
  createdAt: fromInstant(createdAt),
  ...(sourceId !== undefined && { sourceId }),
  ...(paymentIntentId !== undefined && { paymentIntentId }),
  ...(topupId !== undefined && { topupId }),
});

const agreementOf = ({ theirs, ours }: Pick<Pair, 'theirs' | 'ours'>): Agreement => ({
  theirs: theirs.toSorted((a, b) => a.createdAt - b.createdAt).map(toEvent),
  ours: ours.map(({ currency, amountMinor, feeMinor }) => ({ currency, amountMinor, feeMinor })),
});

const sidesOf = (
  { differences, corrections }: Finding,
  status: OpenStatus,
  { theirs, ours, date }: Pair,
): ItemSides => ({
  status,
  date: toInstant(date),
  ...agreementOf({ theirs, ours }),
  differences: [...differences],
  corrections: [...corrections],
});
