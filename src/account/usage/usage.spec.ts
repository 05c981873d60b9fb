import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, formatUsd, picoUsd, sum, usd } from '../../kernel/index.js';
import type { UsageRow } from '../../ledger/index.js';
import { summed } from './usage.js';
import { daysOf, UsageQuery } from './usage.dto.js';

const count = fc.nat({ max: 1_000_000 });
const rows: fc.Arbitrary<UsageRow[]> = fc.array(
  fc.record({
    accountId: fc.constant('a'),
    day: fc.constantFrom('2026-03-01', '2026-03-02', '2026-03-09'),
    keyId: fc.constantFrom('k1', 'k2'),
    model: fc.constantFrom('gpt-4o', 'deepseek-chat'),
    requests: count,
    promptTokens: count,
    cachedTokens: count,
    completionTokens: count,
    reasoningTokens: count,
    images: count,
    seconds: count,
    characters: count,
    cost: fc.bigInt({ min: 0n, max: 10n ** 15n }).map((pico) => formatUsd(picoUsd(pico))),
  }),
);

describe('usage', () => {
  it('sums to the same, whatever it is grouped by', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (all) => {
        const cost = sum(all.map((row) => usd(row.cost)));
        for (const group of ['day', 'model', 'key'] as const) {
          const { groups, total } = await summed(all, group);
          expect(total.cost).toBe(cost);
          expect(groups.reduce((before, [, each]) => add(before, each.cost), usd('0'))).toBe(cost);
          expect(groups.reduce((before, [, each]) => before + each.requests, 0)).toBe(total.requests);
        }
      }),
    );
  });

  it('is of days in their order, and of models by what they cost', async () => {
    const row = (day: string, model: string, cost: string) => ({ day, model, cost, keyId: 'k' }) as UsageRow;
    const all = [row('2026-03-02', 'a', '1.00'), row('2026-03-01', 'b', '3.00'), row('2026-03-02', 'c', '2.00')];
    const names = async (group: 'day' | 'model') => (await summed(all, group)).groups.map(([name]) => name);
    expect([await names('day'), await names('model')]).toEqual([
      ['2026-03-01', '2026-03-02'],
      ['b', 'c', 'a'],
    ]);
  });
});

describe('the days of a report', () => {
  const NOW = Date.parse('2026-03-15T10:00:00Z');
  const days = (query: object) => daysOf(Object.assign(new UsageQuery(), query), NOW);

  it('are the last thirty with today, when none are named', () => {
    expect(days({})).toEqual({ from: '2026-02-14', to: '2026-03-16' });
  });

  it('are those that are named, a year at most', () => {
    expect(days({ from: '2024-01-01', to: '2025-01-01' })).toEqual({ from: '2024-01-01', to: '2025-01-01' });
    expect(() => days({ from: '2024-01-01', to: '2025-01-02' })).toThrow('366 days');
    expect(() => days({ from: '2026-03-01', to: '2026-03-01' })).toThrow('earlier');
  });
});
