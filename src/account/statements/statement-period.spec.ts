import { expect, it } from 'vitest';
import { statementMonths, statementPeriod } from './statement-period.js';

const NOW = Date.parse('2026-03-15T10:00:00.000Z');
const MARCH = '2026-03-01T00:00:00.000Z';
const APRIL = '2026-04-01T00:00:00.000Z';

it.each([
  [{}, { from: MARCH, to: '2026-03-15T10:00:00.000Z' }],
  [{ to: MARCH }, { from: '2026-02-01T00:00:00.000Z', to: MARCH }],
  [
    { from: MARCH, to: APRIL },
    { from: MARCH, to: '2026-03-15T10:00:00.000Z' },
  ],
  [{ from: APRIL }, undefined],
  [{ from: MARCH, to: MARCH }, undefined],
])('the period of %j is %j', (wanted, period) => expect(statementPeriod(wanted, NOW)).toEqual(period));

it('there is a statement of each month since the account was opened, newest first', () =>
  expect(statementMonths(Date.parse('2026-01-31T23:59:59.999Z'), NOW)).toEqual([
    { month: '2026-03', from: MARCH, to: APRIL, complete: false },
    { month: '2026-02', from: '2026-02-01T00:00:00.000Z', to: MARCH, complete: true },
    { month: '2026-01', from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z', complete: true },
  ]));
