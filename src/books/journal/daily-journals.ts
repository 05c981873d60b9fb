// The books as journals for QuickBooks Online and Xero: one entry a day, in whole cents, one currency a file. What a day's sums have beyond whole
// cents is carried to the next day: the line of an account is the difference of its floored running balances. So over any period a sum differs
// from the exact one by less than a cent, and never drifts. What is cut off stands on `equity:rounding`, at most a cent for each account.
import type { EventStore, WalkOptions } from '../../event-store/index.js';
import { dayOf } from '../../kernel/index.js';
import { type BookAccount, CHART } from '../../ledger/index.js';
import { bookedEntries } from '../booked-entries.js';
import { type DailyFormat, dailyLayouts, row, TAX_EXEMPT } from './daily-layouts.js';

export interface DailyWish extends WalkOptions {
  readonly format: DailyFormat;
  /** ISO 4217. */
  readonly currency: string;
  /** Of Xero: the name of the tax rate of every line. */
  readonly taxRate?: string | undefined;
  /** ISO 8601, inclusive: a day of which only a part is wanted is a part of its entry. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
}

/** The sums of a day, in 10^-12 of the currency. */
type DaySums = Map<BookAccount, bigint>;

const CENT = 10n ** 10n;
const floor = (amount: bigint): bigint => amount / CENT - (amount % CENT < 0n ? 1n : 0n);

/** The lines of the file. */
export async function* dailyJournals(store: EventStore, wish: DailyWish): AsyncGenerator<string> {
  const { columns, cells } = dailyLayouts[wish.format];
  const { currency, taxRate = TAX_EXEMPT } = wish;
  yield row(columns);
  const { before, days } = await sumsByDay(store, wish);
  for (const [day, sums] of [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [account, cents] of wholeCents(before, sums))
      yield row(cells({ day, currency, account, cents }, taxRate));
  }
}

async function sumsByDay(store: EventStore, { currency, from, to, ...walk }: DailyWish) {
  const before: DaySums = new Map();
  const days = new Map<string, DaySums>();
  for await (const { bookedAt, postings } of bookedEntries(store, walk)) {
    if (to !== undefined && bookedAt >= to) continue;
    const day = dayOf(bookedAt);
    const sums = from !== undefined && bookedAt < from ? before : (days.get(day) ?? new Map<BookAccount, bigint>());
    if (sums !== before) days.set(day, sums);
    for (const posting of postings) if (posting.currency === currency) add(sums, posting.account, posting.amount);
  }
  return { before, days };
}

/** A day's movement of each account in whole cents; they sum to zero. Moves `balances` on to the end of the day. */
function wholeCents(balances: DaySums, day: DaySums): [BookAccount, bigint][] {
  const lines: [BookAccount, bigint][] = [];
  let rest = 0n;
  for (const [account, amount] of day) {
    const before = balances.get(account) ?? 0n;
    add(balances, account, amount);
    const cents = floor(before + amount) - floor(before);
    rest -= cents;
    if (cents !== 0n) lines.push([account, cents]);
  }
  return rest === 0n ? lines : [...lines, [CHART.rounding, rest]];
}

const add = (sums: DaySums, account: BookAccount, amount: bigint): unknown =>
  sums.set(account, (sums.get(account) ?? 0n) + amount);
