// The balance of every account at an instant. Its sum is zero in each currency.
import type { EventStore, WalkOptions } from '../../event-store/index.js';
import {
  addPostings,
  imbalances,
  moving,
  type Totals,
  trialBalance,
  type TrialBalanceLine,
} from '../../ledger/index.js';
import { type AccountType, codeOf, typeOf } from '../chart.js';
import { bookedEntries, dateOf, type DateBasis } from '../booked-entries.js';

export interface TrialBalanceWish extends WalkOptions {
  /** ISO 8601, exclusive: the balances before this instant. */
  readonly to?: string | undefined;
  readonly by?: DateBasis | undefined;
}

/** A type, so that it prints as any row does. */
export type TrialBalanceRow = TrialBalanceLine & { readonly code: string; readonly type: AccountType };

export interface TrialBalance {
  readonly rows: readonly TrialBalanceRow[];
  /** Entries that count. */
  readonly entries: number;
  /** Currencies in which the books do not balance. */
  readonly unbalanced: readonly string[];
}

export async function trialBalanceAt(
  store: EventStore,
  { to, by = 'posting', ...walk }: TrialBalanceWish = {},
): Promise<TrialBalance> {
  const totals: Totals = new Map();
  let entries = 0;
  for await (const entry of bookedEntries(store, walk)) {
    if (to !== undefined && dateOf(entry, by) >= to) continue;
    addPostings(totals, entry.postings);
    entries++;
  }
  const standing = new Map(moving([...totals.values()]).map((total) => [`${total.account} ${total.currency}`, total]));
  const rows = trialBalance(standing).map((row) => ({ code: codeOf(row.account), type: typeOf(row.account), ...row }));
  return { rows, entries, unbalanced: [...imbalances(totals.values()).keys()] };
}
