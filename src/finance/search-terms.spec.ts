import { expect, it } from 'vitest';
import { searchTerms } from './search-terms.js';

const meant = (query: string) => Object.keys(searchTerms(query)).filter((key) => key !== 'beginning');

it.each([
  ['ada@example.com', []],
  ['pi_3Q', ['stripeId']],
  ['re_1', ['stripeId']],
  ['0123456789abcdefghijkL', ['id']],
  ['2026-000017', ['invoice']],
  ['2026-11-28', ['period']],
  ['2026-11', ['period']],
  ['12.50', ['amount']],
  ['$1,200', ['amount']],
  ['72 CNY', ['amount']],
])('takes %s for what it can be', (query, kinds) => expect(meant(query)).toEqual(kinds));

it('reads a day and a month as UTC has them', () => {
  expect(searchTerms('2026-12-31').period).toEqual({
    from: '2026-12-31T00:00:00.000Z',
    to: '2027-01-01T00:00:00.000Z',
  });
  expect(searchTerms('2026-12').period).toEqual({ from: '2026-12-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' });
});

it('takes a day that there is not for none', () => expect(meant('2026-02-31')).toEqual([]));

it('takes an amount without a currency for any of ours, and one with it for that', () => {
  expect(searchTerms('72').amount).toEqual({ dollars: '72.00', minor: { usd: 7_200, cny: 7_200 } });
  expect(searchTerms('¥72').amount).toEqual({ minor: { cny: 7_200 } });
  expect(searchTerms('0.000001 usd').amount).toEqual({ dollars: '0.000001', minor: {} });
});
