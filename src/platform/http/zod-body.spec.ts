import { expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError } from './api-error.js';
import { askedInstant, askedUsd } from './fields.js';
import { ListQuery } from './list.js';
import { checked } from './zod-body.js';

const schema = z.strictObject({
  amount: z.string(),
  currency: z.enum(['usd', 'cny']).optional(),
  budget: askedUsd('a budget').optional(),
  expires_at: askedInstant('its end').optional(),
  inner: z.strictObject({ name: z.string({ error: 'must be a text' }) }).optional(),
});

function faultOf(read: z.ZodType, value: unknown): readonly [string | undefined, string] {
  try {
    checked(read, value);
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return [error.options.param, error.message];
    throw error;
  }
  throw new Error('it was taken');
}

it.each([
  [{}, 'amount', '"amount": is missing'],
  [{ amount: 5 }, 'amount', '"amount": Invalid input: expected string, received number'],
  [{ amount: null }, 'amount', '"amount": Invalid input: expected string, received null'],
  [{ amount: '5', currency: 'eur' }, 'currency', '"currency": Invalid option: expected one of "usd"|"cny"'],
  [
    { amount: '5', curency: 'cny' },
    'curency',
    '"curency": is not known here: there are amount, currency, budget, expires_at, inner',
  ],
  [{ amount: '5', inner: { nam: 'x', name: 'x' } }, 'inner.nam', '"inner.nam": is not known here'],
  [{ amount: '5', inner: { name: 1 } }, 'inner.name', '"inner.name": must be a text'],
  [{ amount: '5', inner: {} }, 'inner.name', '"inner.name": is missing'],
  [{ amount: '5', budget: '-1' }, 'budget', '"budget": must not be negative.'],
  [{ amount: '5', budget: '1e3' }, 'budget', '"budget": "1e3" is not a decimal amount of US dollars, such as "12.50".'],
  [{ amount: '5', expires_at: '2026-02-30' }, 'expires_at', '"expires_at": "2026-02-30" is not a day of the calendar.'],
  [[], undefined, 'Invalid input: expected object, received array'],
])('%j is refused, by name and with a reason', (value, param, message) =>
  expect(faultOf(schema, value)).toEqual([param, message]),
);

it.each(['none', '', '0', '-1', '1.5', '101', '1e300'])(
  'a page of %j rows is refused, with those that there are',
  (limit) => expect(faultOf(ListQuery, { limit })).toEqual(['limit', '"limit": must be a whole number from 1 to 100']),
);
