// The chart of accounts as accountants read it: the number, the type and the meaning of each account.
import { type BookAccount, CHART } from '../ledger/index.js';

export const ACCOUNT_TYPES = ['asset', 'liability', 'equity', 'revenue', 'expense'] as const;
export type AccountType = (typeof ACCOUNT_TYPES)[number];

interface Meaning {
  /** The number of the account, for programs that know accounts by numbers, such as Xero. */
  readonly code: string;
  readonly description: string;
}

const MEANINGS: Readonly<Record<BookAccount, Meaning>> = {
  [CHART.bank]: { code: '1000', description: 'What Stripe paid out to our bank' },
  [CHART.stripeBalance]: { code: '1100', description: 'Our balance at Stripe, as its balance transactions say' },
  [CHART.stripeClearing]: { code: '1110', description: 'Payments booked as credit that Stripe has not settled yet' },
  [CHART.customerReceivable]: { code: '1200', description: 'What customers owe us whose balance is below zero' },
  [CHART.customerCredit]: { code: '2000', description: 'Unused credit: what we owe customers in calls' },
  [CHART.customerRefunds]: { code: '2010', description: 'Refunds under way: taken from credit and not yet paid out' },
  [CHART.unmatchedPayments]: { code: '2020', description: 'Payments that no order asked for, owed to their payers' },
  [CHART.providerPayable]: { code: '2100', description: 'What we owe model providers for calls' },
  [CHART.tax]: { code: '2200', description: 'Sales tax that prices include, owed to the state' },
  [CHART.adjustments]: { code: '3000', description: 'The other side of corrections made by hand' },
  [CHART.conversion]: { code: '3010', description: 'What one currency gave and another took when Stripe exchanged it' },
  [CHART.retainedEarnings]: { code: '3100', description: 'Revenue less expenses of the periods before an export' },
  [CHART.rounding]: { code: '3900', description: 'Parts of cents, in exports that know whole cents only' },
  [CHART.usageRevenue]: { code: '4000', description: 'Calls, at what customers paid for them' },
  [CHART.breakage]: { code: '4010', description: 'Paid credit that expired' },
  [CHART.exchange]: { code: '4020', description: 'Gain (or loss) where Stripe settled more (or less) than the credit' },
  [CHART.salesTax]: { code: '4090', description: 'Sales tax taken out of revenue: a debit balance' },
  [CHART.providerCost]: { code: '5000', description: 'What calls cost us at model providers' },
  [CHART.stripeFees]: { code: '6000', description: 'Fees that Stripe kept' },
  [CHART.promotions]: { code: '6010', description: 'Bonus credit granted, less what of it expired' },
  [CHART.writtenOff]: { code: '6020', description: 'Differences with Stripe that two people wrote off' },
};

const TYPE_OF_ROOT: Readonly<Record<string, AccountType>> = {
  assets: 'asset',
  liabilities: 'liability',
  equity: 'equity',
  revenue: 'revenue',
  expenses: 'expense',
};

export const typeOf = (account: BookAccount): AccountType =>
  TYPE_OF_ROOT[account.slice(0, account.indexOf(':'))] as AccountType;

/** Whether an account is closed to equity at the end of a period. */
export const isTemporary = (account: BookAccount): boolean => ['revenue', 'expense'].includes(typeOf(account));

export const codeOf = (account: BookAccount): string => MEANINGS[account].code;

/** The accounts, by number: a type, not an interface, so that they print as any row does. */
export const chartOfAccounts = (): { code: string; account: BookAccount; type: AccountType; description: string }[] =>
  Object.values(CHART)
    .map((account) => ({ code: codeOf(account), account, type: typeOf(account), description: meaning(account) }))
    .toSorted((a, b) => a.code.localeCompare(b.code));

const meaning = (account: BookAccount): string => MEANINGS[account].description;
