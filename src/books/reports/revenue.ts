// Revenue and margin of calls by model and price version, re-ratings included, and what providers billed otherwise by model. It is all that
// stands on `revenue:usage` and `expenses:providers`, so it ties to the trial balance.
import type { EventStore } from '../../event-store/index.js';
import { formatUsd, picoUsd, sum, usdOf } from '../../kernel/index.js';
import { type BookAccount, CHART, type Posting } from '../../ledger/index.js';
import { type BookedEntry, bookedEntries, dateOf } from '../booked-entries.js';
import { isWithin, type ReportPeriod } from './report-period.js';

/** A type, so that it prints as any row does. Amounts are USD, exact decimals. */
export type RevenueRow = {
  readonly model: string;
  /** Null for what providers billed otherwise: that is of a day, not of a call. */
  readonly price_version: number | null;
  readonly calls: number;
  /** Charges that were rated again to this version. */
  readonly rerated: number;
  readonly revenue: string;
  readonly provider_cost: string;
  readonly margin: string;
  /** The margin in per cent of the revenue, cut after two decimals; null without revenue. */
  readonly margin_percent: string | null;
};

interface Group {
  readonly model: string;
  readonly priceVersion: number | null;
  calls: number;
  rerated: number;
  revenue: bigint;
  cost: bigint;
}

export async function revenueByModel(store: EventStore, wish: ReportPeriod): Promise<RevenueRow[]> {
  const groups = new Map<string, Group>();
  for await (const entry of bookedEntries(store, wish)) {
    if (!entry.postings.some(isOfCalls) || !isWithin(dateOf(entry, wish.by ?? 'posting'), wish)) continue;
    const { type, data } = entry.event;
    const model = typeof data['model'] === 'string' ? data['model'] : UNASSIGNED;
    const priceVersion = typeof data['priceVersion'] === 'number' ? data['priceVersion'] : null;
    const key = `${model} ${priceVersion}`;
    const group = groups.get(key) ?? { model, priceVersion, calls: 0, rerated: 0, revenue: 0n, cost: 0n };
    groups.set(key, group);
    if (type === 'TokensCharged') group.calls++;
    if (type === 'ChargeRerated') group.rerated++;
    group.revenue -= booked(entry, CHART.usageRevenue);
    group.cost += booked(entry, CHART.providerCost);
  }
  return [...groups.values()].map(rowOf).toSorted(inOrder);
}

/** The model of what names none. */
const UNASSIGNED = 'unassigned';

const isOfCalls = ({ account }: Posting): boolean => account === CHART.usageRevenue || account === CHART.providerCost;

const booked = ({ postings }: BookedEntry, account: BookAccount): bigint =>
  sum(postings.filter((posting) => posting.account === account).map(usdOf));

function rowOf({ model, priceVersion, calls, rerated, revenue, cost }: Group): RevenueRow {
  const margin = revenue - cost;
  return {
    model,
    price_version: priceVersion,
    calls,
    rerated,
    revenue: formatUsd(picoUsd(revenue)),
    provider_cost: formatUsd(picoUsd(cost)),
    margin: formatUsd(picoUsd(margin)),
    margin_percent: revenue === 0n ? null : percent(margin, revenue),
  };
}

function percent(part: bigint, whole: bigint): string {
  const hundredths = (part * 10_000n) / whole;
  const digits = String(hundredths < 0n ? -hundredths : hundredths).padStart(3, '0');
  return `${hundredths < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const inOrder = (a: RevenueRow, b: RevenueRow): number =>
  a.model < b.model ? -1 : a.model > b.model ? 1 : (a.price_version ?? Infinity) - (b.price_version ?? Infinity);
