import { describe, expect, it } from 'vitest';
import { book, given, NOON, open, order, report } from '../../test/support/payments/topup-spec.js';
import { Rejection, usd } from '../kernel/index.js';
import { addPostings, imbalances, type Totals } from '../ledger/index.js';
import { payout } from './payouts/payout.js';
import type { PayoutReport } from './provider/payment.js';
import { paymentPostings } from './postings.js';
import type { TopupCommand } from './topups/topup.commands.js';

const paid = [order(), open(), report()];

function booked(command: TopupCommand) {
  const { outcome } = given(...paid).when(command);
  if (outcome instanceof Rejection) throw new Error(outcome.message);
  return outcome.map((event) => lines(paymentPostings(event)));
}

function lines(entry: ReturnType<typeof paymentPostings>) {
  expect(imbalances(entry).size).toBe(0);
  const totals: Totals = new Map();
  addPostings(totals, entry);
  return Object.fromEntries([...totals].map(([key, { amount }]) => [key, amount]));
}

describe('postings', () => {
  it('of a payment: Stripe keeps its fee, and nothing is left to clear', () =>
    expect(booked(book('txn', { amountMinor: 1_000, feeMinor: 59, clears: usd('10') }))).toEqual([
      {
        'assets:stripe:balance USD': usd('9.41'),
        'expenses:stripe:fees USD': usd('0.59'),
        'assets:stripe:clearing USD': usd('-10'),
      },
    ]));

  it('of a payment that was converted: the difference is the gain or loss of exchange', () =>
    expect(booked(book('txn', { amountMinor: 993, feeMinor: 69, clears: usd('10') }))).toEqual([
      {
        'assets:stripe:balance USD': usd('9.24'),
        'expenses:stripe:fees USD': usd('0.69'),
        'assets:stripe:clearing USD': usd('-10'),
        'revenue:exchange USD': usd('0.07'),
      },
    ]));

  it('of a refund: money and clearing go the other way', () =>
    expect(booked(book('txn', { source: 'refund', amountMinor: -250, feeMinor: 0, clears: usd('-2.5') }))).toEqual([
      { 'assets:stripe:balance USD': usd('-2.5'), 'assets:stripe:clearing USD': usd('2.5') },
    ]));

  it('of a dispute: its fee is ours', () =>
    expect(
      booked(book('txn', { source: 'dispute', amountMinor: -1_000, feeMinor: 1_500, clears: usd('-10') })),
    ).toEqual([
      {
        'assets:stripe:balance USD': usd('-25'),
        'expenses:stripe:fees USD': usd('15'),
        'assets:stripe:clearing USD': usd('10'),
      },
    ]));

  it('of a settlement in another currency: each currency balances by itself', () =>
    expect(booked(book('txn', { currency: 'jpy', amountMinor: 1_500, feeMinor: 54, clears: usd('10') }))).toEqual([
      {
        'assets:stripe:balance JPY': usd('1446'),
        'expenses:stripe:fees JPY': usd('54'),
        'equity:conversion JPY': usd('-1500'),
        'equity:conversion USD': usd('10'),
        'assets:stripe:clearing USD': usd('-10'),
      },
    ]));

  it('of a payment that is not what was ordered: we owe it to whoever paid', () =>
    expect(booked(book('txn', { amountMinor: 500, feeMinor: 45, clears: usd('0'), unmatched: true }))).toEqual([
      {
        'assets:stripe:balance USD': usd('4.55'),
        'expenses:stripe:fees USD': usd('0.45'),
        'liabilities:payments:unmatched USD': usd('-5'),
      },
    ]));

  it('of an event that moves no money: none', () => expect(booked(report({ paymentIntentId: 'pi_2' }))).toEqual([{}]));

  it('of an event it does not know: refused', () =>
    expect(() => paymentPostings({ type: 'TopupPainted', data: {} } as never)).toThrow(/no postings are defined/));
});

describe('a payout', () => {
  const reported = (status: PayoutReport['status'], state = payout.initial()) => {
    const figures = { payoutId: 'po_1', status, currency: 'usd', amountMinor: 10_000, feeMinor: 100 };
    const events = payout.decide({ type: 'ReportPayout', commandId: 'x', at: NOON, ...figures }, state);
    if (events instanceof Rejection) throw new Error(events.message);
    return { events, state: events.reduce((folded, event) => payout.evolve(folded, event), state) };
  };

  it('is booked once, when the bank has it', () => {
    expect(reported('pending').events).toEqual([]);
    const { events, state } = reported('paid');
    expect(events.map((event) => lines(paymentPostings(event)))).toEqual([
      { 'assets:bank USD': usd('100'), 'expenses:stripe:fees USD': usd('1'), 'assets:stripe:balance USD': usd('-101') },
    ]);
    expect(reported('paid', state).events).toEqual([]);
  });

  it('that fails after all is taken back, once; the fee is not', () => {
    const { state } = reported('paid');
    const failed = reported('failed', state);
    expect(failed.events.map((event) => lines(paymentPostings(event)))).toEqual([
      { 'assets:stripe:balance USD': usd('100'), 'assets:bank USD': usd('-100') },
    ]);
    expect(reported('failed', failed.state).events).toEqual([]);
    expect(reported('paid', failed.state).events).toEqual([]);
  });

  it('that never left has nothing to take back', () =>
    expect(reported('failed').events.map((event) => lines(paymentPostings(event)))).toEqual([{}]));
});
