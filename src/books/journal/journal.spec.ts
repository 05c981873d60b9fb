import { describe, expect, it } from 'vitest';
import { beancountFaults, hasBeancount } from '../../../test/support/operations/beancount.js';
import { hasHledger, hledger } from '../../../test/support/operations/hledger.js';
import { NOON, SECOND } from '../../../test/support/ledger/commands.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { MemoryEventStore } from '../../adapters/memory/memory-event-store.js';
import { START } from '../../event-store/index.js';
import { toInstant } from '../../kernel/index.js';
import { isNotBegun, journalFile } from './journal-file.js';
import { journal, type JournalWish } from './journal.js';
import { StripeNames } from './stripe-names.js';

/** Credit and a hold at noon, a charge and a payment with all that can come after one a second later. */
async function ledger() {
  const made = await ledgerWithHistory();
  await made.open('a');
  await made.hold('a', 'c1');
  await made.settle('a', 'c1', 1_000);
  await made.topUp('a', 't1');
  return made;
}

async function linesOf(wish: JournalWish): Promise<string[]> {
  const { store } = await ledger();
  const lines: string[] = [];
  for await (const line of journal(store, wish)) lines.push(line);
  return lines;
}

const LATER = toInstant(NOON + SECOND);

const { from, to } = { from: '2026-03-01T00:00:00.000Z', to: '2026-04-01T00:00:00.000Z' };

describe('the file of the journal', () => {
  it.each([
    [{ format: 'hledger' }, 'journal-hledger.journal', 'text/plain'],
    [{ format: 'beancount', from }, 'journal-beancount-from-2026-03-01.beancount', 'text/plain'],
    [{ format: 'csv', from, to }, 'journal-csv-from-2026-03-01-to-2026-04-01.csv', 'text/csv'],
    [{ format: 'xero', to }, 'journal-xero-EUR-to-2026-04-01.csv', 'text/csv'],
  ] as const)('of %j is named %s', (wish, name, type) =>
    expect(journalFile(new MemoryEventStore(), { currency: 'EUR', ...wish })).toMatchObject({
      name,
      type: `${type}; charset=utf-8`,
    }),
  );

  it.each([
    [{}, false],
    [{ from: to, to: from }, true],
    [{ from, to: from }, true],
    [{ from, to }, false],
    [{ from: '2026-05-01T00:00:00.000Z' }, true],
    [{ from, to: '2030-01-01T00:00:00.000Z' }, false],
  ])('of %j is of a period that has not begun: %s', (period, expected) =>
    expect(isNotBegun(period, '2026-04-15T00:00:00.000Z')).toBe(expected),
  );
});

describe('the journal', () => {
  it('as CSV has a line for every posting', async () => {
    const [head, ...lines] = await linesOf({ format: 'csv' });
    expect(head).toBe(
      'at,position,stream,revision,type,event_id,account,amount,currency,service_date,recorded_instant,stripe_ids',
    );
    const charge = lines.filter((line) => line.includes('TokensCharged')).map((line) => line.split(',').slice(6, 9));
    expect(charge).toContainEqual(['revenue:usage', '-0.01025', 'USD']);
  });

  it('of a period brings forward what was booked before, and ends where it is told to', async () => {
    const all = await linesOf({ format: 'csv' });
    const later = await linesOf({ format: 'csv', from: LATER });
    const earlier = await linesOf({ format: 'csv', to: LATER });
    const opening = later.filter((line) => line.includes(',Opening,'));
    expect(opening.map((line) => line.split(',').slice(6, 9))).toContainEqual([
      'liabilities:customers:credit',
      '-10.00',
      'USD',
    ]);
    expect([...earlier, ...later.slice(1 + opening.length)].toSorted()).toEqual(all.toSorted());
  });

  it('names what Stripe moved as Stripe does', async () => {
    const lines = await linesOf({ format: 'csv' });
    const settled = lines.find((line) => line.includes('BalanceTransactionBooked'));
    expect(settled?.split(',').at(-1)).toBe('balance_transaction:txn-t1');
  });

  it.each([
    ['CreditPurchased', 'payment_intent:pi_1'],
    ['RefundRequested', 'payment_intent:pi_1'],
    ['RefundCompleted', 'payment_intent:pi_1 refund:re_r-t1'],
  ])('names what is behind %s at Stripe: %s', async (type, ids) => {
    const lines = (await linesOf({ format: 'csv' })).filter((line) => line.split(',')[4] === type);
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines.map((line) => line.split(',').at(-1)))).toEqual(new Set([ids]));
  });

  it('names the same when it keeps no top-up in memory', async () => {
    const { store } = await ledger();
    const [kept, read] = [new StripeNames(store), new StripeNames(store, 0)];
    for (const event of await store.readAll(START, 1_000)) {
      kept.note(event);
      read.note(event);
      expect(await read.of(event)).toEqual(await kept.of(event));
    }
  });

  it.runIf(hasHledger)('as hledger opens a period with what carries on, and with nothing else', async () => {
    const [whole, period] = await Promise.all([
      linesOf({ format: 'hledger' }),
      linesOf({ format: 'hledger', from: LATER }),
    ]);
    const balances = (lines: readonly string[], ...query: string[]) =>
      hledger(lines.join('\n'), 'balance', '--strict', '--flat', '-O', 'csv', ...query);
    expect(balances(period, 'assets', 'liabilities')).toBe(balances(whole, 'assets', 'liabilities'));
    expect(balances(period, 'revenue', 'expenses', 'equity')).toContain('"expenses:providers","0.010250000000 USD"');
    expect(balances(period, 'expenses:promotions', 'expenses:stripe')).toContain('"total","0"');
    expect(balances(period, 'equity')).toContain('"equity:retained-earnings","10.590000000000 USD"');
  });

  it.runIf(hasBeancount).each([{}, { from: LATER }])('as beancount is taken by bean-check: %j', async (period) => {
    const lines = await linesOf({ format: 'beancount', ...period });
    expect(lines).toContain('1970-01-01 open Income:Usage');
    expect(beancountFaults(lines.join('\n'))).toBe('');
    const end = lines.lastIndexOf('');
    const faultsWith = (line: string) => beancountFaults(lines.toSpliced(end, 0, line).join('\n'));
    expect(faultsWith('  Income:Usage  1.00 USD')).toContain('does not balance');
    expect(faultsWith('  Income:Usage  0.000000000001 USD')).toContain('does not balance');
    const asserted = lines.map((line) => line.replace(/^(\S+ balance Income:Usage {2})\S+/, '$1-0.010250000001'));
    expect(beancountFaults(asserted.join('\n'))).toContain('Balance failed');
  });
});
