// The trial balance: of every account what a period began with, what it debited and credited, and what it ended with. Each of them sums to
// zero in each currency.
import type { EventStore } from '../../event-store/index.js';
import { formatMoney } from '../../kernel/index.js';
import type { BookAccount } from '../../ledger/index.js';
import { type AccountType, codeOf, typeOf } from '../chart.js';
import { bookedEntries, dateOf } from '../booked-entries.js';
import { isBefore, type ReportPeriod } from './report-period.js';

/** Exact decimals of the currency. */
type Figures = {
  readonly currency: string;
  /** The balance at the start of the period: debit balances positive, credit balances negative. */
  readonly opening: string;
  /** What the period debited. */
  readonly debits: string;
  /** What it credited: not negative. */
  readonly credits: string;
  /** The balance at its end. */
  readonly balance: string;
};

/** A type, so that it prints as any row does. */
type TrialBalanceRow = {
  readonly code: string;
  readonly type: AccountType;
  readonly account: BookAccount;
} & Figures;

export interface TrialBalance {
  readonly rows: readonly TrialBalanceRow[];
  /** Entries that count, those before the period among them. */
  readonly entries: number;
  /** All accounts together, by currency: debits are credits, and the rest is zero. */
  readonly totals: readonly Figures[];
  /** Currencies in which they are not. */
  readonly unbalanced: readonly string[];
}

/** What one account, or all of them, have in a currency. */
interface Sums {
  readonly currency: string;
  opening: bigint;
  debits: bigint;
  credits: bigint;
}

/** The trial balance of a period; without a start, of everything before its end. */
export async function trialBalanceAt(store: EventStore, wish: ReportPeriod): Promise<TrialBalance> {
  const accounts = new Map<string, Sums & { readonly account: BookAccount }>();
  const currencies = new Map<string, Sums>();
  let entries = 0;
  for await (const entry of bookedEntries(store, wish)) {
    const date = dateOf(entry, wish.by ?? 'posting');
    if (wish.to !== undefined && date >= wish.to) continue;
    const isOpening = isBefore(date, wish);
    for (const { account, currency, amount } of entry.postings) {
      const named = { account, currency, ...NOTHING };
      book(held(accounts, `${account} ${currency}`, named), amount, isOpening);
      book(held(currencies, currency, { currency, ...NOTHING }), amount, isOpening);
    }
    entries++;
  }
  const rows = inOrder(accounts)
    .filter(hasMoved)
    .map(({ account, ...sums }) => ({ code: codeOf(account), type: typeOf(account), account, ...figuresOf(sums) }));
  const totals = inOrder(currencies);
  const unbalanced = totals.filter((total) => closingOf(total) !== 0n).map(({ currency }) => currency);
  return { rows, entries, totals: totals.map(figuresOf), unbalanced };
}

const NOTHING = { opening: 0n, debits: 0n, credits: 0n };

function held<S extends Sums>(sums: Map<string, S>, key: string, none: S): S {
  const found = sums.get(key) ?? none;
  sums.set(key, found);
  return found;
}

const inOrder = <S>(sums: ReadonlyMap<string, S>): S[] =>
  [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);

function book(sums: Sums, amount: bigint, isOpening: boolean): void {
  if (isOpening) sums.opening += amount;
  else if (amount > 0n) sums.debits += amount;
  else sums.credits -= amount;
}

const closingOf = ({ opening, debits, credits }: Sums): bigint => opening + debits - credits;
const hasMoved = ({ opening, debits, credits }: Sums): boolean => opening !== 0n || debits !== 0n || credits !== 0n;

function figuresOf(sums: Sums): Figures {
  const { currency, opening, debits, credits } = sums;
  const decimal = (amount: bigint): string => formatMoney({ currency, amount });
  const changes = { debits: decimal(debits), credits: decimal(credits) };
  return { currency, opening: decimal(opening), ...changes, balance: decimal(closingOf(sums)) };
}
