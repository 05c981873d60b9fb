// A ledger on in-memory stores with a little history in it, for tests of what reads the ledger.
import { MemoryEventStore } from '../../../src/adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../../src/adapters/memory/memory-read-model-store.js';
import { bringUpToDate, type EventStore } from '../../../src/event-store/index.js';
import { negate, usd } from '../../../src/kernel/index.js';
import type { AccountCommand } from '../../../src/ledger/account.commands.js';
import { Accounts } from '../../../src/ledger/index.js';
import { PROJECTIONS } from '../../../src/operations/index.js';
import { AutomaticTopups } from '../../../src/payments/automatic/automatic-topups.js';
import { Payouts, type TopupCommand, Topups } from '../../../src/payments/index.js';
import {
  compilePriceList,
  PriceBook,
  rate,
  startingPriceList,
  usageOf,
  type Usage,
} from '../../../src/pricing/index.js';
import { PriceLists } from '../../../src/pricing/price-lists.js';
import { book, open, order, orderRefund, report, reportRefund, warn } from '../payments/topup-spec.js';
import { NOON, SECOND } from './commands.js';

const MODEL = 'gpt-4o';

export async function ledgerWithHistory<Store extends EventStore = MemoryEventStore>(
  given?: Store,
  models = startingPriceList(),
) {
  const store = given ?? (new MemoryEventStore() as EventStore as Store);
  const readModels = new MemoryReadModelStore();
  const accounts = new Accounts(store, readModels);
  const priceLists = new PriceLists(store, new PriceBook());
  const act = { by: 'user-1', reason: 'the first prices' };
  const list = await priceLists.publish({
    models,
    effectiveFrom: new Date(NOON).toISOString(),
    at: NOON,
    ...act,
  });
  if (list === undefined) throw new Error('the starting price list was not published');
  const prices = compilePriceList(list);
  const command = (fields: object, at = NOON): AccountCommand =>
    ({
      commandId: JSON.stringify(fields, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
      at,
      ...fields,
    }) as AccountCommand;

  return {
    store,
    readModels,
    accounts,
    /** An account with a key `k` and $10. */
    async open(accountId: string): Promise<void> {
      await accounts.execute(accountId, command({ type: 'OpenAccount', accountId }));
      const key = { keyId: `k-${accountId}`, secretHash: 'a'.repeat(64), last4: 'wxyz', settings: { name: 'laptop' } };
      await accounts.execute(accountId, command({ type: 'IssueKey', ...key }));
      const lot = { lotId: `lot-${accountId}`, amount: usd('10'), reason: 'welcome', expiresAt: NOON + 1e10 };
      await accounts.execute(accountId, command({ type: 'GrantCredit', ...lot }));
    },
    async hold(accountId: string, chargeId: string): Promise<void> {
      const call = { chargeId, requestId: `request-${chargeId}`, keyId: `k-${accountId}`, model: MODEL };
      const terms = { priceVersion: list.version, amount: usd('1'), ttlMs: 60 * SECOND };
      await accounts.execute(accountId, command({ type: 'PlaceHold', ...call, ...terms }));
    },
    /** Charges the usage at the price list; `extra` is added to the cost, to make a wrong charge. */
    async settle(accountId: string, chargeId: string, completionTokens: number, extra = usd('0')): Promise<void> {
      const usage = usageOf({ promptTokens: 100, completionTokens }) as Usage;
      const { price, cost } = rate(prices, MODEL, usage, NOON);
      const answered = { provider: 'openai', upstreamModel: MODEL, attempts: [{ channel: 'openai', status: 200 }] };
      const charge = {
        chargeId,
        cost: price + extra,
        providerCost: cost,
        usage,
        usageRaw: { prompt_tokens: 100, completion_tokens: completionTokens, total_tokens: usage.totalTokens },
      };
      await accounts.execute(accountId, command({ type: 'SettleHold', ...charge, ...answered }, NOON + SECOND));
    },
    async release(accountId: string, chargeId: string): Promise<void> {
      await accounts.execute(
        accountId,
        command({ type: 'ReleaseHold', chargeId, reason: 'upstream_error' }, NOON + SECOND),
      );
    },
    /** A top-up of the account that is paid with a card to keep, settled, paid once more by mistake, refunded in part and disputed; and a payout. */
    async topUp(accountId: string, topupId: string): Promise<void> {
      const topups = new Topups(store);
      const payments = [order({ topupId, accountId }), open(), report({ orderId: topupId }), book(`txn-${topupId}`)];
      const aftermath = [
        report({ orderId: topupId, paymentIntentId: 'pi_2' }),
        orderRefund(`r-${topupId}`, '2'),
        warn(),
      ];
      const note = async (step: TopupCommand): Promise<void> => {
        const commandId = JSON.stringify(Object.values(step).map(String));
        await topups.execute(topupId, { ...step, commandId, at: NOON });
      };
      for (const step of [...payments, ...aftermath]) await note(step);
      const payout = { payoutId: `po-${topupId}`, currency: 'usd', amountMinor: 941, feeMinor: 0 };
      await new Payouts(store).report({ ...payout, status: 'failed' }, NOON);
      const lot = { lotId: topupId, amount: usd('10') };
      await accounts.execute(accountId, command({ type: 'PurchaseCredit', ...lot, topupId, expiresAt: NOON + 1e10 }));
      const why = { requestedBy: 'user-1', reason: 'unused', windowMs: 1e9 };
      const parts = [{ refundId: `r-${topupId}`, lotId: topupId }];
      const refund = { requestId: `request-${topupId}`, parts, amount: usd('2'), ...why };
      await accounts.execute(accountId, command({ type: 'RequestRefund', ...refund }));
      await note(reportRefund(`r-${topupId}`));
      await accounts.execute(accountId, command({ type: 'CompleteRefund', refundId: `r-${topupId}` }));
      const dispute = { disputeId: `dp-${topupId}`, ...lot, reason: 'fraudulent', inquiry: false };
      const money = { withdrawn: usd('10'), reinstated: usd('0') };
      await accounts.execute(accountId, command({ type: 'RecordDispute', ...dispute, ...money }));
      const taken = { amountMinor: -1_000, feeMinor: 0, clears: negate(usd('10')) };
      await note(book(`txn-dp-${topupId}`, { source: 'dispute', ...taken }));
      const card = { customerId: 'cus_1', paymentMethodId: 'pm_1' };
      await new AutomaticTopups(store, () => 'card').execute(accountId, { type: 'SaveCard', at: NOON, ...card });
    },
    async project(): Promise<void> {
      await bringUpToDate(store, readModels, PROJECTIONS);
    },
  };
}
