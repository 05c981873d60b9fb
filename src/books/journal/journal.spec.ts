import { describe, expect, it } from 'vitest';
import { beancountFaults, hasBeancount } from '../../../test/support/operations/beancount.js';
import { hasHledger, hledger } from '../../../test/support/operations/hledger.js';
import { NOON, SECOND } from '../../../test/support/ledger/commands.js';
import { ledgerWithHistory } from '../../../test/support/ledger/history.js';
import { toInstant } from '../../kernel/index.js';
import { journal, type JournalWish } from './journal.js';

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

describe('the journal', () => {
  it('as CSV has a line for every posting', async () => {
    const [head, ...lines] = await linesOf({ format: 'csv' });
    expect(head).toBe('at,position,stream,revision,type,event_id,account,amount,currency');
    const charge = lines.filter((line) => line.includes('TokensCharged')).map((line) => line.split(',').slice(6));
    expect(charge).toContainEqual(['revenue:usage', '-0.01025', 'USD']);
  });

  it('of a period brings forward what was booked before, and ends where it is told to', async () => {
    const all = await linesOf({ format: 'csv' });
    const later = await linesOf({ format: 'csv', from: LATER });
    const earlier = await linesOf({ format: 'csv', to: LATER });
    const opening = later.filter((line) => line.includes(',Opening,'));
    expect(opening.map((line) => line.split(',').slice(6))).toContainEqual([
      'liabilities:customers:credit',
      '-10.00',
      'USD',
    ]);
    expect([...earlier, ...later.slice(1 + opening.length)].toSorted()).toEqual(all.toSorted());
  });

  it.runIf(hasHledger)('as hledger is balanced by the period as by the whole', async () => {
    const balances = async (wish: JournalWish) =>
      hledger((await linesOf(wish)).join('\n'), 'balance', '--strict', '--flat', '-O', 'csv');
    expect(await balances({ format: 'hledger', from: LATER })).toBe(await balances({ format: 'hledger' }));
  });

  it.runIf(hasBeancount).each([{}, { from: LATER }])('as beancount is taken by bean-check: %j', async (period) => {
    const lines = await linesOf({ format: 'beancount', ...period });
    expect(lines).toContain('1970-01-01 open Income:Usage');
    expect(beancountFaults(lines.join('\n'))).toBe('');
    expect(beancountFaults([...lines, '  Income:Usage  1.00 USD'].join('\n'))).toContain('does not balance');
    expect(beancountFaults([...lines, '  Income:Usage  0.000000000001 USD'].join('\n'))).toContain('does not balance');
  });
});
