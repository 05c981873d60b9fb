import { expect, it } from 'vitest';
import { statementPeriod } from './statement-period.js';

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
