import { describe, expect, it } from 'vitest';
import { usd, ZERO } from '../kernel/index.js';
import { budgets, noSpend, type Period, periodEnd, periodIndex, spentIn, withCharge } from './budgets.js';

const at = (instant: string) => Date.parse(instant);

describe('a period', () => {
  it.each<[Period, string]>([
    ['daily', '2026-03-05T00:00:00.000Z'],
    ['daily', '2028-02-29T00:00:00.000Z'],
    ['weekly', '2026-03-02T00:00:00.000Z'],
    ['weekly', '2026-01-05T00:00:00.000Z'],
    ['monthly', '2026-03-01T00:00:00.000Z'],
    ['monthly', '2026-08-01T00:00:00.000Z'],
    ['monthly', '2027-01-01T00:00:00.000Z'],
    ['monthly', '2028-03-01T00:00:00.000Z'],
  ])('%s begins at %s, UTC', (period, start) => {
    expect(periodIndex(period, at(start))).toBe(periodIndex(period, at(start) - 1) + 1);
    expect(periodEnd(period, at(start) - 1)).toBe(at(start));
    expect(periodEnd(period, at(start))).toBeGreaterThan(at(start));
  });

  it.each<[Period, string, string]>([
    ['daily', '2026-03-05T00:00:00.000Z', '2026-03-05T23:59:59.999Z'],
    ['weekly', '2025-12-29T00:00:00.000Z', '2026-01-04T23:59:59.999Z'],
    ['monthly', '2026-02-01T00:00:00.000Z', '2026-02-28T23:59:59.999Z'],
    ['total', '1970-01-01T00:00:00.000Z', '2999-12-31T23:59:59.999Z'],
  ])('%s lasts from %s to %s', (period, first, last) => {
    expect(periodIndex(period, at(first))).toBe(periodIndex(period, at(last)));
  });
});

describe('spend', () => {
  const wednesday = at('2026-03-04T12:00:00.000Z');
  const day = 86_400_000;
  const spent = withCharge(withCharge(noSpend, usd('1'), wednesday), usd('2'), wednesday + day);

  it.each<[Period, number, string]>([
    ['daily', 1, '2'],
    ['daily', 2, '0'],
    ['weekly', 4, '3'],
    ['weekly', 5, '0'],
    ['monthly', 27, '3'],
    ['monthly', 28, '0'],
    ['total', 9_999, '3'],
  ])('in its %s period, %i days later, is %s', (period, days, amount) => {
    expect(spentIn(spent, period, wednesday + days * day)).toBe(usd(amount));
  });

  it('is nothing before the first charge', () => expect(spentIn(noSpend, 'total', wednesday)).toBe(ZERO));

  it('is not changed by adding to it', () => {
    withCharge(spent, usd('5'), wednesday + day);
    expect(spentIn(spent, 'total', wednesday)).toBe(usd('3'));
  });
});

describe('budgets', () => {
  const now = at('2026-03-04T12:00:00.000Z');

  it('are those that were set, with what is left beside what is held', () =>
    expect(
      budgets(
        { name: 'k', budgetDaily: '5.00', budgetTotal: '2.00' },
        withCharge(noSpend, usd('1.5'), now),
        usd('1'),
        now,
      ),
    ).toEqual([
      { period: 'daily', budget: usd('5'), spent: usd('1.5'), held: usd('1'), left: usd('2.5') },
      { period: 'total', budget: usd('2'), spent: usd('1.5'), held: usd('1'), left: usd('-0.5') },
    ]));

  it('are none where none was set', () => expect(budgets({ name: 'k' }, noSpend, ZERO, now)).toEqual([]));
});
