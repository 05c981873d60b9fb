// The books: the chart of accounts, what a posting is, and how postings add up.
import { add, type Amount, formatUsd, negate, ZERO } from '../kernel/index.js';

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
  usageRevenue: 'revenue:usage',
  breakage: 'revenue:breakage',
  exchange: 'revenue:exchange',
  providerCost: 'expenses:providers',
  promotions: 'expenses:promotions',
  stripeFees: 'expenses:stripe:fees',
  adjustments: 'equity:adjustments',
  conversion: 'equity:conversion',
} as const;

export type BookAccount = (typeof CHART)[keyof typeof CHART];

export interface Posting {
  readonly account: BookAccount;
  /** In 10^-12 of the currency. Debits are positive, credits negative. */
  readonly amount: Amount;
  /** ISO 4217, such as `USD`: of all but what Stripe settles in another. */
  readonly currency: string;
}

export const debit = (account: BookAccount, amount: Amount, currency = 'USD'): Posting => ({
  account,
  amount,
  currency,
});

export const creditTo = (account: BookAccount, amount: Amount, currency = 'USD'): Posting =>
  debit(account, negate(amount), currency);

/** The postings that move anything. */
export const moving = (entry: readonly Posting[]): Posting[] => entry.filter(({ amount }) => amount !== ZERO);

/** Running totals: one for each book account and currency. */
export type Totals = Map<string, Posting>;

/** Adds postings into running totals. */
export function addPostings(totals: Totals, entry: readonly Posting[]): void {
  for (const posting of entry) {
    const key = `${posting.account} ${posting.currency}`;
    totals.set(key, { ...posting, amount: add(totals.get(key)?.amount ?? ZERO, posting.amount) });
  }
}

/** What postings sum to in each currency in which that is not zero: nothing, where they are balanced. */
export function imbalances(entry: Iterable<Posting>): ReadonlyMap<string, Amount> {
  const sums = new Map<string, Amount>();
  for (const { currency, amount } of entry) sums.set(currency, add(sums.get(currency) ?? ZERO, amount));
  return new Map([...sums].filter(([, total]) => total !== ZERO));
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
    .map(([, { account, currency, amount }]) => ({ account, currency, balance: formatUsd(amount) }));
