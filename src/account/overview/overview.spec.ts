import { describe, expect, it } from 'vitest';
import { usd } from '../../kernel/index.js';
import type { UsageRow } from '../../ledger/index.js';
import { daysLeft, firstDayOf, isLow, spendOf } from './overview.js';

const NOW = Date.parse('2026-03-30T15:00:00Z');
const used = (day: string, cost: string, model = 'gpt-4o', requests = 1) =>
  ({ day, cost, model, requests }) as UsageRow;

describe('spend', () => {
  it('is summed for today, a week and thirty days, each with today', async () => {
    const spend = await spendOf(
      [used('2026-03-30', '1.5'), used('2026-03-24', '2'), used('2026-03-23', '4'), used('2026-03-01', '8')],
      NOW,
    );
    expect(spend).toMatchObject({ today: '1.50', last_7_days: '3.50', last_30_days: '15.50' });
    expect(firstDayOf(NOW)).toBe('2026-03-01');
  });

  it('has every day, oldest first, and models by what they cost', async () => {
    const rows = [used('2026-03-29', '1', 'b'), used('2026-03-29', '1', 'a', 3), used('2026-03-02', '5', 'c')];
    const { by_day, by_model } = await spendOf(rows, NOW);
    expect(by_day).toHaveLength(30);
    expect([by_day[0], by_day[28]]).toEqual([
      { day: '2026-03-01', requests: 0, cost: '0.00' },
      { day: '2026-03-29', requests: 4, cost: '2.00' },
    ]);
    expect(by_model).toEqual([
      { model: 'c', requests: 1, cost: '5.00' },
      { model: 'a', requests: 3, cost: '1.00' },
      { model: 'b', requests: 1, cost: '1.00' },
    ]);
  });
});

describe('the burn rate', () => {
  const rate = async (...rows: readonly UsageRow[]) => (await spendOf(rows, NOW)).burnPerDay;

  it('is the mean of the days with calls among the last seven', async () => {
    expect(await rate(used('2026-03-30', '1'), used('2026-03-26', '2'), used('2026-03-20', '90'))).toBe(usd('1.5'));
  });

  it('is rounded up to a pico-dollar', async () => {
    const rows = ['2026-03-30', '2026-03-29', '2026-03-28'].map((day, index) => used(day, index === 0 ? '1' : '0.00'));
    expect(await rate(...rows)).toBe(usd('0.333333333334'));
  });

  it('is zero without calls', async () => expect(await rate()).toBe(usd('0')));
});

describe('the days that credit lasts', () => {
  it.each([
    ['10', '3', '3.3'],
    ['1', '4', '0.2'],
    ['0', '1', '0.0'],
    ['-5', '1', '0.0'],
    ['5', '0', null],
  ])('of $%s at $%s a day are %s', (credit, perDay, days) => expect(daysLeft(usd(credit), usd(perDay))).toBe(days));
});

describe('credit', () => {
  it.each([
    ['0', '0', true],
    ['3', '1', false],
    ['2.99', '1', true],
    ['0.01', '0', false],
  ])('of $%s at $%s a day is low: %s', (credit, perDay, low) => expect(isLow(usd(credit), usd(perDay))).toBe(low));
});
