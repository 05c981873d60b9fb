// The books: the chart of accounts, what a posting is, and how postings add up.
import { type Amount, dollars, formatMoney, type Money, opposite } from '../kernel/index.js';

/** The chart of accounts, named as plain-text accounting tools like them. */
export const CHART = {
  bank: 'assets:bank',
  stripeBalance: 'assets:stripe:balance',
  stripeClearing: 'assets:stripe:clearing',
  customerReceivable: 'assets:customers:overdrawn',
  customerRefunds: 'liabilities:customers:refunds',
  customerCredit: 'liabilities:customers:credit',
  unmatchedPayments: 'liabilities:payments:unmatched',
  providerPayable: 'liabilities:providers',
  tax: 'liabilities:tax',
  usageRevenue: 'revenue:usage',
  salesTax: 'revenue:sales-tax',
  breakage: 'revenue:breakage',
  exchange: 'revenue:exchange',
  providerCost: 'expenses:providers',
  writtenOff: 'expenses:written-off',
  promotions: 'expenses:promotions',
  stripeFees: 'expenses:stripe:fees',
  adjustments: 'equity:adjustments',
  conversion: 'equity:conversion',
  retainedEarnings: 'equity:retained-earnings',
  rounding: 'equity:rounding',
} as const;

export type BookAccount = (typeof CHART)[keyof typeof CHART];

/** A line of an entry. Debits are positive, credits negative. All are in USD but what Stripe settles in another currency. */
export interface Posting extends Money {
  readonly account: BookAccount;
}

/** US dollars where a plain amount is given. */
const moneyOf = (value: Amount | Money): Money => (typeof value === 'bigint' ? dollars(value) : value);

/** Cheaper than spreading the money, and there are five for each charge in the log. */
const postingOf = (account: BookAccount, { currency, amount }: Money): Posting => ({ account, currency, amount });

export const debit = (account: BookAccount, value: Amount | Money): Posting => postingOf(account, moneyOf(value));

export const creditTo = (account: BookAccount, value: Amount | Money): Posting =>
  postingOf(account, opposite(moneyOf(value)));

/** The postings that move anything. */
export const moving = (entry: readonly Posting[]): Posting[] => entry.filter(({ amount }) => amount !== 0n);

/** Running totals: one for each book account and currency. */
export type Totals = Map<string, Posting>;

/** Adds postings into running totals. */
export function addPostings(totals: Totals, entry: readonly Posting[]): void {
  for (const posting of entry) {
    const key = `${posting.account} ${posting.currency}`;
    totals.set(key, { ...posting, amount: (totals.get(key)?.amount ?? 0n) + posting.amount });
  }
}

/** The sum of postings in each currency in which it is not zero (in 10^-12 of the currency): empty when they balance. */
export function imbalances(entry: Iterable<Posting>): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { currency, amount } of entry) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  return new Map([...sums].filter(([, total]) => total !== 0n));
}

/** A line of a trial balance: a type, not an interface, so that it prints as any row does. */
export type TrialBalanceLine = {
  readonly account: BookAccount;
  readonly currency: string;
  /** Exact decimal of the currency. Debit balances positive, credit balances negative. */
  readonly balance: string;
};

/** A trial balance as lines to print. */
export const trialBalance = (totals: Totals): TrialBalanceLine[] =>
  [...totals]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, posting]) => ({
      account: posting.account,
      currency: posting.currency,
      balance: formatMoney(posting),
    }));
