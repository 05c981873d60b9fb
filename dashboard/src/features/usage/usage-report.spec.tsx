import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { FakeApi, show } from '../../../test/render.tsx';
import { UsageReport } from './usage-report.tsx';
import { drawnOf } from './usage-search.ts';

const FIGURES = {
  requests: 1,
  prompt_tokens: 1,
  cached_tokens: 0,
  completion_tokens: 1,
  reasoning_tokens: 0,
  cost: '1',
};
const FIRST = Date.parse('2026-01-01T00:00:00Z');
const days = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    ...FIGURES,
    day: new Date(FIRST + i * 86_400_000).toISOString().slice(0, 10),
  }));

it('draws the latest days of many, and says so', async () => {
  const api = new FakeApi({ 'GET /api/usage?group_by=day': { object: 'usage', data: days(61), total: FIGURES } });
  await show(<UsageReport search={{}} change={() => undefined} />);
  expect(await screen.findByText('The chart shows the latest 60 of 61 days; the table has them all.')).toBeDefined();
  expect(api.sent).toEqual([]);
});

it.each([
  ['day', 'last'],
  ['model', 'first'],
] as const)('of %ss, draws the %s', (group, end) => {
  const lines = Array.from({ length: 61 }, (_, i) => i);
  expect(drawnOf(lines, group)[0]).toBe(end === 'last' ? 1 : 0);
  expect(drawnOf(lines, group)).toHaveLength(60);
});
