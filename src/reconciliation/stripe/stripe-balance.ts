/**
 * A change of our balance at Stripe (docs.stripe.com/api/balance_transactions/object). Personal data, such as its description, stays there.
 */
export interface StripeTransaction {
  readonly balanceTransactionId: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly currency: string;
  /** Stripe’s gross; positive when money came in, negative when it went out. */
  readonly amountMinor: number;
  readonly feeMinor: number;
  /** Stripe’s `reporting_category` (docs.stripe.com/reports/reporting-categories). */
  readonly category: string;
  /** The charge, refund, dispute or payout behind it; Stripe’s own fees have none. */
  readonly sourceId?: string;
  readonly paymentIntentId?: string;
  /** Our order, when the payment names one. */
  readonly topupId?: string;
}

/** A balance at Stripe, in minor units by currency, whatever of it is available. */
export type Balances = ReadonlyMap<string, number>;

export interface Statement {
  /**
   * The end of what it tells (epoch milliseconds), where it dates payouts by their arrival: one that the ledger has before may be in a later
   * statement. Undefined where it dates payouts by when they were made.
   */
  readonly payoutsUntil?: number | undefined;

  /** Changes of the balance in a period (epoch milliseconds, the end is exclusive), in any order. */
  transactions(from: number, to: number): AsyncIterable<StripeTransaction>;

  /** The transactions of an item, by `itemIdOf`; none when it has no such item. */
  find(itemId: string): Promise<readonly StripeTransaction[]>;

  /** The balance before everything that was created from an instant (epoch milliseconds) on; undefined when it is not known. */
  anchor(): Promise<{ readonly at: number; readonly balances: Balances } | undefined>;
}

/**
 * The account’s statement, as Stripe has it now: by API, or as a file of its reports has it.
 * Rejects with `PaymentProviderUnavailable`, or with `PaymentProviderRefused` when a retry would not help.
 */
export abstract class StripeBalance implements Statement {
  abstract transactions(from: number, to: number): AsyncIterable<StripeTransaction>;
  abstract find(itemId: string): Promise<readonly StripeTransaction[]>;
  abstract anchor(): Promise<{ readonly at: number; readonly balances: Balances } | undefined>;
}

/**
 * What is compared as one: a balance transaction; or a payout, which leaves the balance with one transaction and may come back with
 * another (docs.stripe.com/reports/balance-transaction-types).
 */
export const itemIdOf = (transaction: StripeTransaction): string =>
  (isPayout(transaction) ? transaction.sourceId : undefined) ?? transaction.balanceTransactionId;

export const isPayout = ({ category }: Pick<StripeTransaction, 'category'>): boolean =>
  category === 'payout' || category === 'payout_reversal';

/** Transactions by item; each once, however often it is given. */
export function itemsOf(transactions: Iterable<StripeTransaction>): Map<string, StripeTransaction[]> {
  const items = new Map<string, StripeTransaction[]>();
  for (const transaction of transactions) {
    const itemId = itemIdOf(transaction);
    const known = items.get(itemId) ?? [];
    const isKnown = known.some(({ balanceTransactionId: id }) => id === transaction.balanceTransactionId);
    if (!isKnown) items.set(itemId, [...known, transaction]);
  }
  return items;
}
