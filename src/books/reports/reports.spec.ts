import { describe, expect, it } from 'vitest';
import { DAY_ZERO, logOfEntries } from '../../../test/support/ledger/entry-log.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { type JsonObject, toInstant, usd } from '../../kernel/index.js';
import { CHART } from '../../ledger/index.js';
import { DATE_BASES } from '../booked-entries.js';
import { breakage } from './breakage.js';
import { revenueByModel } from './revenue.js';
import { rollForward, type RollForwardRow } from './roll-forward.js';
import { trialBalanceAt } from './trial-balance.js';

const APRIL = '2026-04-01T00:00:00.000Z';

interface Happening {
  readonly stream?: string;
  readonly type: string;
  readonly data: JsonObject;
}

async function storeOf(...events: readonly Happening[]): Promise<MemoryEventStore> {
  const store = new MemoryEventStore();
  for (const { stream = 'account-a', ...event } of events) {
    const revision = (await store.readStream(stream, 0, 100)).length - 1;
    await store.append(stream, revision, [{ id: crypto.randomUUID(), metadata: {}, ...event }]);
  }
  return store;
}
const collected = async <T>(rows: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
};
const march = (day: number) => `2026-03-${String(day).padStart(2, '0')}T00:00:00.000Z`;

/** From then on nothing is booked into March. */
const PROPOSAL: Happening = {
  stream: 'books',
  type: 'CloseProposed',
  data: { period: '2026-03', proposedBy: 'u1', reason: 'complete', openItems: 0, at: '2026-04-01T09:00:00.000Z' },
};

/** $10 bought and $2 granted in March; the grant expired at its end, when no gateway ran to write it; a call that was charged late. */
const overExpiry = (between: readonly Happening[] = [PROPOSAL]) =>
  storeOf(
    { type: 'CreditPurchased', data: { lotId: 'l', amount: '10.00', expiresAt: APRIL, topupId: 'l', at: march(1) } },
    { type: 'CreditGranted', data: { lotId: 'g', amount: '2.00', expiresAt: march(31), reason: 'x', at: march(2) } },
    {
      type: 'TokensCharged',
      data: {
        model: 'm',
        priceVersion: 1,
        pricedAt: march(3),
        cost: '3.00',
        providerCost: '1.00',
        slices: [
          { lotId: 'g', amount: '0.50' },
          { lotId: 'l', amount: '2.50' },
        ],
        at: march(3),
      },
    },
    ...between,
    {
      type: 'CreditExpired',
      data: { lotId: 'g', kind: 'bonus', amount: '1.50', expiredAt: march(31), at: '2026-04-02T00:00:00.000Z' },
    },
    {
      type: 'TokensCharged',
      data: {
        model: 'm',
        priceVersion: 2,
        pricedAt: march(30),
        late: true,
        cost: '0.25',
        providerCost: '0.30',
        slices: [{ lotId: 'l', amount: '0.25' }],
        at: '2026-04-03T00:00:00.000Z',
      },
    },
  );

const creditAt = async (by: 'posting' | 'service', between?: readonly Happening[]) =>
  (await trialBalanceAt(await overExpiry(between), { to: APRIL, by })).rows.find(
    ({ account }) => account === CHART.customerCredit,
  )?.balance;

describe('reports', () => {
  it('count an expiry that was written late at its date, where the service date counts', async () => {
    expect(await creditAt('service')).toBe('-7.25');
    expect(await creditAt('posting')).toBe('-9.00');
    const service = await breakage(await overExpiry(), { by: 'service' });
    expect(service).toEqual([{ month: '2026-03', kind: 'bonus', expiries: 1, amount: '1.50' }]);
    expect(await breakage(await overExpiry())).toMatchObject([{ month: '2026-04' }]);
  });

  it('count what was written late where it was earned, as long as that month is open', async () => {
    expect(await creditAt('posting', [])).toBe('-7.25');
    expect(await breakage(await overExpiry([]))).toMatchObject([{ month: '2026-03' }]);
  });

  it('say how what we owe came about, paid credit and bonus credit apart', async () => {
    const rows = await collected(rollForward(await overExpiry(), { from: APRIL }));
    const zeros = {
      topups: '0.00',
      bonus: '0.00',
      rerated: '0.00',
      refunds: '0.00',
      disputes: '0.00',
      adjustments: '0.00',
      other: '0.00',
    };
    const paid = { ...zeros, opening: '7.50', usage: '-0.25', expiry: '0.00', closing: '7.25' };
    const bonus = { ...zeros, opening: '1.50', usage: '0.00', expiry: '-1.50', closing: '0.00' };
    expect(rows).toEqual([
      { account_id: 'a', kind: 'paid', ...paid },
      { account_id: 'a', kind: 'bonus', ...bonus },
      { account_id: 'all', kind: 'paid', ...paid },
      { account_id: 'all', kind: 'bonus', ...bonus },
      { account_id: 'all', kind: 'all', ...zeros, opening: '9.00', usage: '-0.25', expiry: '-1.50', closing: '7.25' },
    ]);
  });

  it('tell bonus credit that paid off a debt at its end from what expired', async () => {
    const store = await storeOf(
      { type: 'CreditPurchased', data: { lotId: 'l', amount: '2.00', expiresAt: APRIL, topupId: 'l', at: march(1) } },
      { type: 'CreditGranted', data: { lotId: 'g', amount: '3.00', expiresAt: march(31), reason: 'x', at: march(2) } },
      {
        type: 'RefundRequested',
        data: {
          refundId: 'r',
          lotId: 'l',
          amount: '2.00',
          uncovered: '2.00',
          requestedBy: 'stripe',
          reason: 'x',
          at: march(3),
        },
      },
      {
        type: 'CreditExpired',
        data: { lotId: 'g', kind: 'bonus', amount: '1.00', coveredDebt: '2.00', expiredAt: march(31), at: march(31) },
      },
    );
    const rows = await collected(rollForward(store, { accountId: 'a' }));
    expect(rows.map(({ kind, expiry, closing }) => [kind, expiry, closing])).toEqual([
      ['paid', '2.00', '4.00'],
      ['bonus', '-3.00', '0.00'],
      ['all', '-1.00', '4.00'],
    ]);
    expect(await breakage(store)).toEqual([{ month: '2026-03', kind: 'bonus', expiries: 1, amount: '1.00' }]);
  });

  it('say of every account what a period began with, what it debited and credited, and what it ended with', async () => {
    const { rows, totals, entries } = await trialBalanceAt(await overExpiry(), { from: APRIL });
    const figures = rows.map(({ account, opening, debits, credits, balance }) =>
      [account, opening, debits, credits, balance].join(' '),
    );
    expect(figures).toEqual([
      'assets:stripe:clearing 10.00 0.00 0.00 10.00',
      'expenses:promotions 2.00 0.00 1.50 0.50',
      'expenses:providers 1.00 0.30 0.00 1.30',
      'liabilities:customers:credit -9.00 1.75 0.00 -7.25',
      'liabilities:providers -1.00 0.00 0.30 -1.30',
      'revenue:usage -3.00 0.00 0.25 -3.25',
    ]);
    expect(totals).toEqual([{ currency: 'USD', opening: '0.00', debits: '2.05', credits: '2.05', balance: '0.00' }]);
    expect(entries).toBe(5);
  });

  it('say revenue and margin by model and price version', async () => {
    const store = await overExpiry();
    expect(await revenueByModel(store, { to: APRIL })).toEqual([
      {
        model: 'm',
        price_version: 1,
        calls: 1,
        rerated: 0,
        revenue: '3.00',
        provider_cost: '1.00',
        margin: '2.00',
        margin_percent: '66.66',
      },
    ]);
    expect(await revenueByModel(store, { to: APRIL, by: 'service' })).toMatchObject([
      { price_version: 1 },
      { price_version: 2, margin: '-0.05', margin_percent: '-20.00' },
    ]);
  });

  it('have what a provider billed otherwise as a cost of its model, of no price version', async () => {
    const accepted = (resolution: string, model: string, amount: string): Happening => ({
      stream: 'provider-bills-openai',
      type: 'ProviderDifferenceAccepted',
      data: { channel: 'openai', day: '2026-03-05', model, resolution, amount, at: '2026-04-04T00:00:00.000Z' },
    });
    const store = await overExpiry([accepted('book', 'm', '0.059397'), accepted('keep', 'other', '7.00')]);
    const rows = await revenueByModel(store, { to: APRIL });
    expect(rows).toMatchObject([
      { price_version: 1, provider_cost: '1.00', margin: '2.00' },
      { price_version: 2 },
      { model: 'm', price_version: null, calls: 0, provider_cost: '0.059397', margin: '-0.059397' },
    ]);
  });

  it.each([1, 2, 3])('tie the margin by model to the trial balance, of any period (seed %i)', async (seed) => {
    const store = await logOfEntries({ events: 2_000, seed });
    const total = (amounts: readonly string[]) => amounts.reduce((sum, amount) => sum + usd(amount), 0n);
    const zero = { opening: '0.00', balance: '0.00' };
    for (const by of DATE_BASES) {
      for (const [start, end] of [
        [0, 90],
        [13, 45],
        [45, 46],
      ] as const) {
        const wish = { from: toInstant(DAY_ZERO + start * 86_400_000), to: toInstant(DAY_ZERO + end * 86_400_000), by };
        const rows = await revenueByModel(store, wish);
        const { rows: balances } = await trialBalanceAt(store, wish);
        const moved = (account: string): bigint => {
          const { opening, balance } =
            balances.find((row) => row.account === account && row.currency === 'USD') ?? zero;
          return usd(balance) - usd(opening);
        };
        expect(total(rows.map(({ revenue }) => revenue))).toBe(-moved(CHART.usageRevenue));
        expect(total(rows.map(({ provider_cost }) => provider_cost))).toBe(moved(CHART.providerCost));
        expect(rows.length).toBeGreaterThan(0);
      }
    }
  });

  it('agree with each other: the roll-forward closes at what the trial balance says, in any period', async () => {
    const store = await logOfEntries({ events: 3_000 });
    for (const days of [0, 13, 45, 90]) {
      const to = toInstant(DAY_ZERO + days * 86_400_000);
      const { rows, unbalanced } = await trialBalanceAt(store, { to });
      expect(unbalanced).toEqual([]);
      const owed = rows
        .filter(({ account }) => account.includes(':customers:'))
        .reduce((total, { balance }) => total - usd(balance), 0n);
      const total = async (wish: object) => (await collected(rollForward(store, wish))).at(-1) as RollForwardRow;
      expect(usd((await total({ to })).closing)).toBe(owed);
      expect(usd((await total({ from: to })).opening)).toBe(owed);
    }
  });
});
