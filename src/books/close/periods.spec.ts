import { createHash, generateKeyPairSync } from 'node:crypto';
import canonicalize from 'canonicalize';
import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { MemoryReadModelStore } from '../../adapters/memory/memory-read-model-store.js';
import { allEvents, bringUpToDate, type RecordedEvent } from '../../event-store/index.js';
import { Clock, DAY_MS, type JsonObject } from '../../kernel/index.js';
import { reconciliationDays, reconciliationItems, stripeEntries } from '../../reconciliation/index.js';
import { openCheckpoint } from '../../seals/checkpoint.js';
import { LedgerKeys } from '../../seals/ledger-keys.js';
import { CHART } from '../../ledger/index.js';
import { LogAltered, Sealer, Seals, type SealReport } from '../../seals/index.js';
import { bookedEntries } from '../booked-entries.js';
import { trialBalanceAt } from '../reports/trial-balance.js';
import { postingsOf } from '../booked-streams.js';
import { ClosedBooks } from './closed-books.js';
import { MOST_NAMED_ITEMS } from './books.events.js';
import { Periods } from './periods.js';

const MARCH = '2026-03';
const APRIL = '2026-04-01T00:00:00.000Z';
const said = { by: 'fay', reason: 'March is complete' };

/** A millisecond later each time. */
class ThirdOfApril extends Clock {
  #time = Date.parse(APRIL) + 2 * DAY_MS;
  override now = (): number => this.#time++;
}

/** Does something while the books are read, before the log is sealed. */
class BusySealer extends Sealer {
  meanwhile: () => Promise<unknown> = () => Promise.resolve();
  override async seal(): Promise<SealReport | undefined> {
    await this.meanwhile();
    return super.seal();
  }
}

let store: MemoryEventStore;
let readModels: MemoryReadModelStore;
let seals: Seals;
let sealer: BusySealer;
let periods: Periods;

beforeEach(async () => {
  store = new MemoryEventStore();
  readModels = new MemoryReadModelStore();
  seals = new Seals(store, readModels, new LedgerKeys([generateKeyPairSync('ed25519').privateKey]), []);
  sealer = new BusySealer(seals, store, new ThirdOfApril());
  periods = new Periods(store, readModels, new ThirdOfApril(), sealer);
  await grant('a', '3.00', '2026-03-05T00:00:00.000Z');
});

let events = 0;
async function append(stream: string, type: string, data: JsonObject): Promise<void> {
  const id = `00000000-0000-4000-8000-${String(++events).padStart(12, '0')}`;
  const revision = (await store.readStream(stream, 0, 1_000)).length - 1;
  await store.append(stream, revision, [{ id, type, data, metadata: {} }]);
}

const grant = (account: string, amount: string, at: string): Promise<void> =>
  append(`account-${account}`, 'CreditGranted', { lotId: 'l', amount, expiresAt: APRIL, reason: 'welcome', at });

/** An item of the reconciliation that only Stripe has. */
async function open(itemId: string, date: string): Promise<void> {
  const day = date.slice(0, 10);
  const corrections = [{ currency: 'usd', amountMinor: 10_000, feeMinor: 320 }];
  const sides = { status: 'theirs_only', date, ours: [], theirs: [], differences: [], corrections };
  await append(`reconciliation-${day}`, 'ReconciliationItemOpened', { itemId, ...sides, at: date });
}

/** A day that was compared at an instant, with Stripe’s balance at its end. */
const compare = (day: string, closingMinor: number, at: string): Promise<void> => {
  const counts = { matched: 0, pending: 0, ours_only: 0, theirs_only: 0, differs: 0, resolved: 0 };
  const total = { currency: 'usd', activityMinor: 0, closingMinor, ledgerMinor: 0, explainedMinor: 0 };
  return append(`reconciliation-${day}`, 'StripeDayCompared', { day, source: 'api', counts, totals: [total], at });
};

const project = () => bringUpToDate(store, readModels, [reconciliationItems, reconciliationDays, stripeEntries]);
const marchBy = async (by: 'posting' | 'service') => (await trialBalanceAt(store, { to: APRIL, by })).rows;

describe('the proposal to close a month', () => {
  it('names what is open of the month in the reconciliation, the oldest first, and counts all of it', async () => {
    for (let nth = 0; nth <= MOST_NAMED_ITEMS; nth++)
      await open(`txn_${nth}`, `2026-03-${String(31 - (nth % 31)).padStart(2, '0')}T09:00:00.000Z`);
    await open('txn_april', '2026-04-01T09:00:00.000Z');
    await open('txn_first', '2026-02-27T09:00:00.000Z');
    await append('reconciliation-2026-03-31', 'ReconciliationItemMatched', { itemId: 'txn_0', at: APRIL });
    await project();
    const { openItems, oldestOpenItems = [] } = await periods.propose(MARCH, said);
    expect(openItems).toBe(MOST_NAMED_ITEMS + 1);
    expect(oldestOpenItems).toHaveLength(MOST_NAMED_ITEMS);
    expect(oldestOpenItems[0]).toEqual({
      itemId: 'txn_first',
      status: 'theirs_only',
      date: '2026-02-27T09:00:00.000Z',
      difference: [{ currency: 'usd', amountMinor: 10_000, feeMinor: 320 }],
    });
  });

  it('says what of Stripe’s balance the ledger has not, and of which days nobody knows', async () => {
    const { stripeBalances, uncomparedDays } = await periods.propose(MARCH, said);
    expect([stripeBalances, uncomparedDays?.length]).toEqual([[], 31]);
    await periods.decline(MARCH, { by: 'max', reason: 'nothing was compared' });
    for (let day = 1; day < 31; day++) await compare(`2026-03-${String(day).padStart(2, '0')}`, -4_000, APRIL);
    await compare('2026-03-31', -4_500, '2026-03-31T20:00:00.000Z');
    await compare('2026-04-01', 9_999, '2026-04-02T00:00:00.000Z');
    await append('payout-po', 'PayoutPaid', {
      payoutId: 'po',
      currency: 'usd',
      amountMinor: 14_000,
      feeMinor: 0,
      createdAt: '2026-03-31T10:00:00.000Z',
      at: '2026-04-02T10:00:00.000Z',
    });
    await project();
    const standing = {
      stripeBalances: [{ currency: 'USD', day: '2026-03-31', stripe: '-45.00', ledger: '-140.00', rest: '95.00' }],
      uncomparedDays: ['2026-03-31'],
    };
    expect(await periods.propose(MARCH, said)).toMatchObject(standing);
    const closed = await periods.approve(MARCH, 'max');
    expect(closed).toMatchObject(standing);
    expect(closed.trialBalance).toContainEqual({ account: CHART.stripeBalance, currency: 'USD', balance: '-140.00' });
  });

  it('is held once more against Stripe’s balance at the close, as a declined proposal was a cut-off, too', async () => {
    await periods.propose(MARCH, said);
    await append('payout-po', 'PayoutPaid', {
      payoutId: 'po',
      currency: 'usd',
      amountMinor: 4_500,
      feeMinor: 0,
      createdAt: '2026-03-31T10:00:00.000Z',
      at: '2026-04-02T10:00:00.000Z',
    });
    await periods.decline(MARCH, { by: 'max', reason: 'a payout was missing' });
    await compare('2026-03-31', -4_500, APRIL);
    await project();
    expect((await periods.propose(MARCH, said)).stripeBalances).toMatchObject([{ ledger: '-45.00', rest: '0.00' }]);
    expect((await periods.approve(MARCH, 'max')).stripeBalances).toMatchObject([{ ledger: '0.00', rest: '-45.00' }]);
  });

  it('is made once, however often it is told', async () => {
    const proposal = await periods.propose(MARCH, said);
    expect(await periods.propose(MARCH, said)).toEqual(proposal);
    await expect(periods.propose(MARCH, { ...said, by: 'max' })).rejects.toThrow('waits for approval');
  });

  it('opens the month again when it is declined', async () => {
    await periods.propose(MARCH, said);
    await periods.decline(MARCH, { by: 'max', reason: 'a payout is missing' });
    expect(await periods.proposal()).toBeUndefined();
    await grant('b', '1.00', '2026-03-31T23:59:59.000Z');
    expect(await marchBy('posting')).toMatchObject([{ balance: '4.00' }, { balance: '-4.00' }]);
  });
});

describe('the close of a month', () => {
  it('says what the books had, how far the log was read, and what is sealed', async () => {
    await open('txn_a', '2026-03-02T09:00:00.000Z');
    await project();
    await periods.propose(MARCH, said);
    const head = await store.head();
    const closed = await periods.approve(MARCH, 'max');
    expect(closed).toMatchObject({ proposedBy: 'fay', approvedBy: 'max', openItems: 1, entries: 1, position: head });
    expect(closed.oldestOpenItems).toMatchObject([{ itemId: 'txn_a' }]);
    expect(closed.trialBalance).toEqual([
      { account: 'expenses:promotions', currency: 'USD', balance: '3.00' },
      { account: 'liabilities:customers:credit', currency: 'USD', balance: '-3.00' },
    ]);
    const digest = createHash('sha256').update(canonicalize(closed.trialBalance) ?? '');
    expect(closed.digest).toBe(digest.digest('hex'));
    const { size } = openCheckpoint(closed.checkpoint ?? '', seals.keys?.all ?? []);
    expect([size, closed.treeSize]).toEqual([3, 3]);
    expect(await periods.approve(MARCH, 'max')).toEqual(closed);
    expect(await periods.all()).toEqual([closed]);
  });

  it('leaves what comes later with an instant in it to the next month, with its service date', async () => {
    await periods.propose(MARCH, said);
    await grant('late', '5.00', '2026-03-31T12:00:00.000Z');
    const { trialBalance } = await periods.approve(MARCH, 'max');
    await grant('later', '7.00', '2026-03-31T13:00:00.000Z');
    const dates = [];
    for await (const { event, bookedAt, serviceDate } of bookedEntries(store))
      dates.push([event.data['amount'], bookedAt, serviceDate]);
    expect(dates).toEqual([
      ['3.00', '2026-03-05T00:00:00.000Z', '2026-03-05T00:00:00.000Z'],
      ['5.00', APRIL, '2026-03-31T12:00:00.000Z'],
      ['7.00', APRIL, '2026-03-31T13:00:00.000Z'],
    ]);
    expect(await marchBy('posting')).toMatchObject(trialBalance);
    expect(await marchBy('service')).toMatchObject([{ balance: '15.00' }, { balance: '-15.00' }]);
  });

  it('has what was found after its end, while it was open; later corrections go to the next month', async () => {
    const book = (itemId: string, at: string): Promise<void> => {
      const corrections = [{ currency: 'usd', amountMinor: 10_000, feeMinor: 500 }];
      const decided = { action: 'foreign_payment', reason: 'not ours', requestedBy: 'fay', approvedBy: 'max' };
      const date = '2026-03-29T09:00:00.000Z';
      return append('reconciliation-2026-03-29', 'ResolutionApproved', { itemId, ...decided, date, corrections, at });
    };
    await book('txn_a', '2026-04-02T10:00:00.000Z');
    await periods.propose(MARCH, said);
    await book('txn_b', '2026-04-03T10:00:00.000Z');
    const { trialBalance } = await periods.approve(MARCH, 'max');
    const atStripe = { account: 'assets:stripe:balance', currency: 'USD', balance: '95.00' };
    expect(trialBalance).toContainEqual(atStripe);
    expect(await marchBy('posting')).toContainEqual(expect.objectContaining(atStripe));
    expect(await marchBy('service')).toContainEqual(expect.objectContaining({ ...atStripe, balance: '190.00' }));
  });

  it('is not of a log that was altered after it was sealed', async () => {
    sealer.meanwhile = () => Promise.reject(new LogAltered('its end was cut off'));
    await periods.propose(MARCH, said);
    await expect(periods.approve(MARCH, 'max')).rejects.toThrow('Nothing is closed, as its end was cut off.');
  });

  it('stops without a trace, and may be asked for again', async () => {
    await periods.propose(MARCH, said);
    const stop = new AbortController();
    sealer.meanwhile = async () => stop.abort();
    await expect(periods.approve(MARCH, 'max', { signal: stop.signal })).rejects.toThrow('abort');
    expect(await periods.all()).toEqual([]);
    expect(await periods.approve(MARCH, 'max')).toMatchObject({ approvedBy: 'max' });
  });

  it('takes another person, and a proposal', async () => {
    await expect(periods.approve(MARCH, 'max')).rejects.toThrow('Nobody has proposed');
    await periods.propose(MARCH, said);
    await expect(periods.approve(MARCH, 'fay')).rejects.toThrow('Someone else');
    await expect(periods.closed(MARCH)).rejects.toThrow('is not closed');
  });

  it('is of the proposal that was approved, not of one that was made while the books were read', async () => {
    await periods.propose(MARCH, said);
    sealer.meanwhile = async () => {
      sealer.meanwhile = () => Promise.resolve();
      await periods.decline(MARCH, { by: 'max', reason: 'too early' });
      await periods.propose(MARCH, said);
    };
    const { at: proposedAt } = (await periods.proposal())!;
    await expect(periods.approve(MARCH, 'max')).rejects.toThrow('proposed anew');
    await expect(periods.approve(MARCH, 'max', { proposedAt })).rejects.toThrow('proposed anew');
    const closed = await periods.approve(MARCH, 'max', { reason: 'as proposed' });
    expect(closed).toMatchObject({ reason: said.reason, approvedBy: 'max', approvalReason: 'as proposed' });
  });
});

describe('the record of a close', () => {
  /** What is wrong with the log when every event of it was changed by this. */
  async function faultsOf(change: (event: RecordedEvent) => RecordedEvent | undefined): Promise<string[]> {
    const books = new ClosedBooks();
    const faults: string[] = [];
    for await (const each of allEvents(store)) {
      const event = change(each);
      if (event !== undefined) faults.push(...books.take(event, postingsOf(event)));
    }
    return faults;
  }
  const changed = (type: string, data: JsonObject) => (event: RecordedEvent) =>
    event.type === type ? { ...event, data: { ...event.data, ...data } } : event;

  beforeEach(async () => {
    await grant('b', '1.00', '2026-04-02T00:00:00.000Z');
    await periods.propose(MARCH, said);
    await periods.approve(MARCH, 'max');
    await grant('late', '5.00', '2026-03-31T12:00:00.000Z');
  });

  it('is what the log before it comes to', async () => expect(await faultsOf((event) => event)).toEqual([]));

  it('tells of an entry that was changed, moved or removed, and of a record that was', async () => {
    expect(await faultsOf(changed('CreditGranted', { amount: '2.00' }))).toEqual([
      '2026-03 was closed with 3.00 on expenses:promotions USD; the entries of the log come to 2.00.',
      '2026-03 was closed with -3.00 on liabilities:customers:credit USD; the entries of the log come to -2.00.',
    ]);
    const removed = await faultsOf((event) => (event.stream === 'account-a' ? undefined : event));
    expect(removed[0]).toBe('2026-03 was closed with 1 entries; the log before that has 0.');
    expect(await faultsOf(changed('CreditGranted', { at: '2026-03-31T00:00:00.000Z' }))).toHaveLength(3);
    expect(await faultsOf(changed('PeriodClosed', { trialBalance: [] }))).toHaveLength(3);
    expect(await faultsOf(changed('PeriodClosed', { digest: '0'.repeat(64) }))).toEqual([
      'The digest that 2026-03 was closed with is not that of its trial balance.',
    ]);
  });
});
