import { Injectable } from '@nestjs/common';
import { Stripe } from 'stripe';
import { Clock, unixSeconds } from '../../kernel/index.js';
import { type Balances, StripeBalance, type StripeTransaction } from '../../reconciliation/index.js';
import { asked, found } from './stripe-client.js';
import { expanded, idOf } from './stripe-objects.js';

const PAGE = 100;
const EXPAND = ['data.source'];
const ON_PAYOUT = ['balance_transaction', 'failure_balance_transaction'];

/** Our balance at Stripe, by its API (docs.stripe.com/api/balance_transactions/list). */
@Injectable()
export class StripeStatement extends StripeBalance {
  constructor(
    private readonly stripe: Stripe,
    private readonly clock: Clock,
  ) {
    super();
  }

  override transactions(from: number, to: number): AsyncIterable<StripeTransaction> {
    return this.#list({ created: { gte: unixSeconds(from), lt: unixSeconds(to) } });
  }

  override async find(itemId: string): Promise<readonly StripeTransaction[]> {
    if (itemId.startsWith('po_')) return this.#ofPayout(itemId);
    const one = await found(() => this.stripe.balanceTransactions.retrieve(itemId, { expand: ['source'] }));
    return one === undefined ? [] : [transactionOf(one)];
  }

  /** Not by the filter `source` of the list, which finds nothing for some kinds of source, such as disputes. */
  async #ofPayout(payoutId: string): Promise<StripeTransaction[]> {
    const payout = await found(() => this.stripe.payouts.retrieve(payoutId, { expand: ON_PAYOUT }));
    const newestFirst = [payout?.failure_balance_transaction, payout?.balance_transaction];
    return newestFirst.flatMap((transaction) => expanded(transaction) ?? []).map(transactionOf);
  }

  /** Stripe says how the balance stands now; `created` counts whole seconds. */
  override async anchor(): Promise<{ readonly at: number; readonly balances: Balances }> {
    const { available, pending } = await asked(() => this.stripe.balance.retrieve());
    const balances = new Map<string, number>();
    for (const { currency, amount } of [...available, ...pending]) {
      balances.set(currency, (balances.get(currency) ?? 0) + amount);
    }
    return { at: (unixSeconds(this.clock.now()) + 1) * 1_000, balances };
  }

  async *#list(params: Stripe.BalanceTransactionListParams): AsyncGenerator<StripeTransaction> {
    for (let after: string | undefined; ;) {
      const wanted = { ...params, limit: PAGE, expand: EXPAND, ...(after !== undefined && { starting_after: after }) };
      const page = await asked(() => this.stripe.balanceTransactions.list(wanted));
      // Issuing and prefunding have balances of their own.
      for (const each of page.data) if ((each.balance_type ?? 'payments') === 'payments') yield transactionOf(each);
      after = page.data.at(-1)?.id;
      if (!page.has_more || after === undefined) return;
    }
  }
}

function transactionOf(transaction: Stripe.BalanceTransaction): StripeTransaction {
  const { id, created, currency, amount, fee, reporting_category: category, source } = transaction;
  const sourceId = idOf(source);
  const { payment_intent: intent, metadata } = (expanded(source) ?? {}) as Partial<Stripe.Charge>;
  const paymentIntentId = idOf(intent);
  const topupId = metadata?.['topup_id'];
  return {
    balanceTransactionId: id,
    createdAt: created * 1_000,
    currency,
    amountMinor: amount,
    feeMinor: fee,
    category,
    ...(sourceId !== undefined && { sourceId }),
    ...(paymentIntentId !== undefined && { paymentIntentId }),
    ...(topupId !== undefined && { topupId }),
  };
}
