// The books as journals for QuickBooks Online and Xero: one entry a day, in whole cents, one currency a file. What a day's sums have beyond whole
// cents is carried to the next day: the line of an account is the difference of its floored running balances. So over any period a sum differs
// from the exact one by less than a cent, and never drifts. What is cut off stands on `equity:rounding`, at most a cent for each account.
import type { EventStore, WalkOptions } from '../../event-store/index.js';
import { dayOf } from '../../kernel/index.js';
import { type BookAccount, CHART } from '../../ledger/index.js';
import { bookedEntries } from '../booked-entries.js';
import { codeOf } from '../chart.js';

export const DAILY_FORMATS = ['quickbooks', 'xero'] as const;
export type DailyFormat = (typeof DAILY_FORMATS)[number];

export interface DailyWish extends WalkOptions {
  readonly format: DailyFormat;
  /** ISO 4217. */
  readonly currency: string;
  /** ISO 8601, inclusive: a day of which only a part is wanted is a part of its entry. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
}

/** The sums of a day, in 10^-12 of the currency. */
type DaySums = Map<BookAccount, bigint>;

/** A line of a day's entry. */
interface Line {
  readonly day: string;
  readonly currency: string;
  readonly account: BookAccount;
  /** Debits positive. */
  readonly cents: bigint;
}

interface DailyLayout {
  readonly head: string;
  readonly line: (line: Line) => string;
}

const layouts: Readonly<Record<DailyFormat, DailyLayout>> = {
  // https://quickbooks.intuit.com/learn-support/en-au/help-article/import-export-files/import-journal-entries-quickbooks-online/L4tQBwbs7_AU_en_AU
  quickbooks: {
    head: 'JournalNo,JournalDate,AccountName,Debits,Credits,Description,Currency',
    line({ day, currency, account, cents }) {
      const [debit, credit] = cents < 0n ? ['', decimal(-cents)] : [decimal(cents), ''];
      const [year, month, date] = day.split('-');
      const number = `TH-${year}${month}${date}-${currency}`;
      return [number, `${month}/${date}/${year}`, account, debit, credit, `token-hub ${day}`, currency].join();
    },
  },
  // https://help.xero.com/nz/ManualJournalsImport: at most 300 lines a file
  xero: {
    head: '*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount',
    line({ day, currency, account, cents }) {
      const date = day.split('-').toReversed().join('/');
      return [`token-hub ${day} ${currency}`, date, account, codeOf(account), 'Tax Exempt', decimal(cents)].join();
    },
  },
};

const CENT = 10n ** 10n;
const floor = (amount: bigint): bigint => amount / CENT - (amount % CENT < 0n ? 1n : 0n);

function decimal(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The lines of the file. */
export async function* dailyJournals(store: EventStore, wish: DailyWish): AsyncGenerator<string> {
  const { head, line } = layouts[wish.format];
  yield head;
  const { before, days } = await sumsByDay(store, wish);
  for (const [day, sums] of [...days].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    for (const [account, cents] of wholeCents(before, sums))
      yield line({ day, currency: wish.currency, account, cents });
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
