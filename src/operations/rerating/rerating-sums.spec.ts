import { expect, it } from 'vitest';
import { usd } from '../../kernel/index.js';
import { showTotals } from './reratings.dto.js';
import { ReratingSums } from './rerating-sums.js';

const row = (model: string, day: string, charged: string, due: string) => ({
  model,
  day,
  charges: 2,
  refused: 1,
  charged: usd(charged),
  due: usd(due),
  difference: usd(due) - usd(charged),
  providerDifference: usd('-0.25'),
});
const account = (accountId: string, ...rows: ReturnType<typeof row>[]) => ({
  accountId,
  rows: rows.map((each) => ({ accountId, ...each })) as never,
  difference: usd('0'),
  balance: usd('1'),
  belowZero: false,
});

it('adds a report up by model and day, and keeps the accounts that change most, whichever way', () => {
  const sums = new ReratingSums(2);
  const [first, second] = ['2026-03-01', '2026-03-02'];
  sums.add(account('a', row('m1', second, '1', '0.5'), row('m2', first, '1', '1.1')));
  sums.add(account('b', row('m1', first, '1', '1.000000000001')));
  sums.add(account('c', row('m2', first, '5', '2')));
  for (let more = 0; more < 10; more++) sums.add(account(`d${more}`, row('m1', first, '1', '1')));
  const totals = showTotals(sums.totals());
  expect(totals.models.map(({ model, charges, difference }) => [model, charges, difference])).toEqual([
    ['m2', 4, '-2.90'],
    ['m1', 24, '-0.499999999999'],
  ]);
  expect(totals.models.map((sum) => sum.provider_difference)).toEqual(['-0.50', '-3.00']);
  expect(totals.days.map(({ day, charged }) => [day, charged])).toEqual([
    [first, '17.00'],
    [second, '1.00'],
  ]);
  expect(totals.accounts.map(({ account_id, difference }) => [account_id, difference])).toEqual([
    ['c', '-3.00'],
    ['a', '-0.40'],
  ]);
  expect(totals.account_count).toBe(13);
});
