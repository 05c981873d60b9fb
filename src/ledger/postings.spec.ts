import { describe, expect, it } from 'vitest';
import {
  account,
  adjust,
  completeRefund,
  DAY,
  expireCredit,
  failRefund,
  grant,
  NOON,
  placeHold,
  purchase,
  recordDispute,
  recordRefund,
  release,
  requestRefund,
  revokeKey,
  settle,
  suspend,
} from '../../test/support/ledger/commands.js';
import { given } from '../../test/support/ledger/decider-spec.js';
import { Rejection, usd } from '../kernel/index.js';
import type { AccountCommand } from './account.commands.js';
import { addPostings, imbalances, type Totals, trialBalance } from './books.js';
import { postings } from './postings.js';

/** What a command books, as account and decimal; checks that each event is balanced. */
function booked(past: readonly AccountCommand[], command: AccountCommand) {
  const { outcome } = given(...past).when(command);
  if (outcome instanceof Rejection) throw new Error(outcome.message);
  return outcome.map((event) => {
    const entry = postings(event);
    expect(imbalances(entry).size).toBe(0);
    expect(entry.every(({ currency, amount }) => currency === 'USD' && amount !== 0n)).toBe(true);
    return Object.fromEntries(entry.map(({ account: name, amount }) => [name, amount]));
  });
}
const overdrawn = [...account('1'), placeHold('c', '1'), settle('c', '3')];
const lot = { expiresAt: NOON + DAY };

describe('postings', () => {
  it('of a purchase: Stripe owes us, we owe the customer', () =>
    expect(booked(account('0'), purchase('l', '5'))).toEqual([
      { 'assets:stripe:clearing': usd('5'), 'liabilities:customers:credit': usd('-5') },
    ]));

  it('of a purchase on a negative balance: what was overdrawn is paid off', () =>
    expect(booked(overdrawn, purchase('l', '5'))).toEqual([
      {
        'assets:stripe:clearing': usd('5'),
        'assets:customers:overdrawn': usd('-2'),
        'liabilities:customers:credit': usd('-3'),
      },
    ]));

  it('of a grant: it is a cost of promotion', () =>
    expect(booked(account('0'), grant('l', '5'))).toEqual([
      { 'expenses:promotions': usd('5'), 'liabilities:customers:credit': usd('-5') },
    ]));

  it('of a refund: it is owed until it is sent, then Stripe’s account has less', () => {
    const asked = [...account('5'), requestRefund('r', 'lot', '2')];
    expect(booked(account('5'), requestRefund('r', 'lot', '2'))).toEqual([
      { 'liabilities:customers:credit': usd('2'), 'liabilities:customers:refunds': usd('-2') },
    ]);
    expect(booked(asked, completeRefund('r'))).toEqual([
      { 'liabilities:customers:refunds': usd('2'), 'assets:stripe:clearing': usd('-2') },
    ]);
    expect(booked(asked, failRefund('r'))).toEqual([
      { 'liabilities:customers:refunds': usd('2'), 'liabilities:customers:credit': usd('-2') },
    ]);
    expect(booked([...asked, completeRefund('r')], failRefund('r'))).toEqual([
      { 'assets:stripe:clearing': usd('2'), 'liabilities:customers:credit': usd('-2') },
    ]);
  });

  it('of disputed funds: Stripe takes them, and what is spent the customer owes; and back', () => {
    const spent = [...account('5'), placeHold('c', '2'), settle('c', '2')];
    const withdrawn = recordDispute('d', 'lot', { withdrawn: '5' });
    const [, taken] = booked(spent, withdrawn);
    expect(taken).toEqual({
      'liabilities:customers:credit': usd('3'),
      'assets:customers:overdrawn': usd('2'),
      'assets:stripe:clearing': usd('-5'),
    });
    expect(booked([...spent, withdrawn], recordDispute('d', 'lot', { withdrawn: '5', reinstated: '5' }))).toEqual([
      {
        'assets:stripe:clearing': usd('5'),
        'assets:customers:overdrawn': usd('-2'),
        'liabilities:customers:credit': usd('-3'),
      },
    ]);
  });

  it('of a charge: credit becomes revenue, and the provider is owed its cost', () =>
    expect(booked([...account('5'), placeHold('c', '2')], settle('c', '1.5', { providerCost: '0.9' }))).toEqual([
      {
        'liabilities:customers:credit': usd('1.5'),
        'revenue:usage': usd('-1.5'),
        'expenses:providers': usd('0.9'),
        'liabilities:providers': usd('-0.9'),
      },
    ]));

  it('of a charge beyond all credit: the customer owes us the rest', () =>
    expect(booked([...account('1'), placeHold('c', '1')], settle('c', '3'))).toEqual([
      { 'liabilities:customers:credit': usd('1'), 'assets:customers:overdrawn': usd('2'), 'revenue:usage': usd('-3') },
    ]));

  it('of a free call: none', () =>
    expect(booked([...account('1'), placeHold('c', '1')], settle('c', '0'))).toEqual([{}]));

  it('of paid credit that expires: it is ours', () =>
    expect(booked([...account('0'), purchase('l', '5', lot)], expireCredit({ at: NOON + DAY }))).toEqual([
      { 'liabilities:customers:credit': usd('5'), 'revenue:breakage': usd('-5') },
    ]));

  it('of bonus credit that expires: the promotion cost nothing', () =>
    expect(booked([...account('0'), grant('l', '5', lot)], expireCredit({ at: NOON + DAY }))).toEqual([
      { 'liabilities:customers:credit': usd('5'), 'expenses:promotions': usd('-5') },
    ]));

  it('of credit that expires beside a negative balance: what is overdrawn is paid off', () => {
    const spent = [...account('5'), placeHold('c', '5'), settle('c', '5')];
    const owing = [...spent, purchase('l', '10', lot), grant('g', '1', lot), recordRefund('re_1', 'lot', '5')];
    expect(booked(owing, expireCredit({ at: NOON + DAY }))).toEqual([
      { 'liabilities:customers:credit': usd('1'), 'assets:customers:overdrawn': usd('-1') },
      {
        'liabilities:customers:credit': usd('10'),
        'assets:customers:overdrawn': usd('-4'),
        'revenue:breakage': usd('-6'),
      },
    ]);
  });

  it('of an adjustment upwards', () =>
    expect(booked(overdrawn, adjust('a', '5'))).toEqual([
      {
        'equity:adjustments': usd('5'),
        'assets:customers:overdrawn': usd('-2'),
        'liabilities:customers:credit': usd('-3'),
      },
    ]));

  it('of an adjustment downwards', () =>
    expect(booked(account('1'), adjust('a', '-3'))).toEqual([
      {
        'liabilities:customers:credit': usd('1'),
        'assets:customers:overdrawn': usd('2'),
        'equity:adjustments': usd('-3'),
      },
    ]));

  it.each([suspend(), revokeKey(), placeHold('c2', '1'), release('c')])(
    'of $type: none, as no money moves',
    (command) => expect(booked([...account('5'), placeHold('c', '1')], command)).toEqual([{}]),
  );

  it('of an event it does not know: refused', () =>
    expect(() => postings({ type: 'AccountPainted', data: {} } as never)).toThrow(/no postings are defined/));
});

describe('a trial balance', () => {
  it('adds up by book account, in order', () => {
    const totals = new Map() as Totals;
    addPostings(totals, [
      { account: 'revenue:usage', amount: usd('-1'), currency: 'USD' },
      { account: 'liabilities:customers:credit', amount: usd('1'), currency: 'USD' },
    ]);
    addPostings(totals, [{ account: 'revenue:usage', amount: usd('-0.5'), currency: 'USD' }]);
    expect(trialBalance(totals)).toEqual([
      { account: 'liabilities:customers:credit', currency: 'USD', balance: '1.00' },
      { account: 'revenue:usage', currency: 'USD', balance: '-1.50' },
    ]);
  });

  it('keeps currencies apart, and balances in each', () => {
    const entry = [
      { account: 'assets:stripe:balance', amount: usd('9'), currency: 'EUR' },
      { account: 'equity:conversion', amount: usd('-9'), currency: 'EUR' },
      { account: 'equity:conversion', amount: usd('10'), currency: 'USD' },
    ] as const;
    const totals: Totals = new Map();
    addPostings(totals, entry);
    expect(trialBalance(totals).map(({ balance }) => balance)).toEqual(['9.00', '-9.00', '10.00']);
    expect([...imbalances(entry)]).toEqual([['USD', usd('10')]]);
  });
});
