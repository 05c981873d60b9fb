// Breakage: credit that expired, by the month in which it did, paid credit and bonus credit apart.
import type { EventStore } from '../../event-store/index.js';
import { formatUsd, picoUsd, usd } from '../../kernel/index.js';
import { bookedEntries, dateOf } from '../booked-entries.js';
import { isWithin, type ReportPeriod } from './report-period.js';

/** A type, so that it prints as any row does. */
export type BreakageRow = {
  /** The month, UTC. */
  readonly month: string;
  readonly kind: 'paid' | 'bonus';
  readonly expiries: number;
  /** USD, exact decimal: revenue where the credit was paid for, less promotion cost where it was a bonus. */
  readonly amount: string;
};

export async function breakage(store: EventStore, wish: ReportPeriod = {}): Promise<BreakageRow[]> {
  const groups = new Map<string, { expiries: number; amount: bigint }>();
  for await (const entry of bookedEntries(store, wish)) {
    const { type, data } = entry.event;
    const date = dateOf(entry, wish.by ?? 'posting');
    if (type !== 'CreditExpired' || !isWithin(date, wish)) continue;
    const key = `${date.slice(0, 7)} ${String(data['kind'])}`;
    const { expiries, amount } = groups.get(key) ?? { expiries: 0, amount: 0n };
    groups.set(key, { expiries: expiries + 1, amount: amount + usd(String(data['amount'])) });
  }
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { expiries, amount }]) => {
      const [month, kind] = key.split(' ') as [string, BreakageRow['kind']];
      return { month, kind, expiries, amount: formatUsd(picoUsd(amount)) };
    });
}
