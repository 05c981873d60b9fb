import { expect, it } from 'vitest';
import type { Type } from '@nestjs/common';
import { ApiError } from './api-error.js';
import { ListQuery } from './list.js';
import {
  BooleanField,
  EnumField,
  InstantField,
  IntegerField,
  ReasonField,
  TextField,
  TextListField,
  UsdField,
} from './request-fields.js';
import { checked, RequestPipe } from './request-pipe.js';

class Order {
  @TextField('the amount', { max: 9 })
  readonly amount!: string;

  @EnumField('the currency', ['usd', 'cny'], { default: 'usd' })
  readonly currency: string = 'usd';

  @UsdField('a budget', { optional: true, nullable: true })
  readonly budget?: string | null;

  @InstantField('its end', { optional: true })
  readonly expires_at?: string;

  @BooleanField('whether', { optional: true })
  readonly save?: boolean;

  @IntegerField('how many', { min: 1, max: 10, optional: true })
  readonly count?: number;

  @TextListField('the models', { max: 2, each: 5, optional: true })
  readonly models?: readonly string[];
}

class Decision {
  @ReasonField()
  readonly reason!: string;
}

async function faultOf(type: Type<object>, value: unknown): Promise<readonly [string | undefined, string]> {
  try {
    await checked(type, value);
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return [error.options.param, error.message];
    throw error;
  }
  throw new Error('it was taken');
}

it.each([
  [{}, 'amount', '"amount": is missing'],
  [{ amount: 5 }, 'amount', '"amount": must be a string'],
  [{ amount: null }, 'amount', '"amount": must be a string'],
  [{ amount: '0123456789' }, 'amount', '"amount": must have at most 9 characters'],
  [{ amount: '5', currency: 'eur' }, 'currency', '"currency": must be one of usd, cny'],
  [
    { amount: '5', curency: 'cny' },
    'curency',
    '"curency": is not known here: there are amount, currency, budget, expires_at, save, count, models',
  ],
  [{ amount: '5', budget: '-1' }, 'budget', '"budget": must not be negative.'],
  [{ amount: '5', budget: '1e3' }, 'budget', '"budget": "1e3" is not a decimal amount of US dollars, such as "12.50".'],
  [{ amount: '5', expires_at: '2026-02-30' }, 'expires_at', '"expires_at": "2026-02-30" is not a day of the calendar.'],
  [{ amount: '5', expires_at: null }, 'expires_at', '"expires_at": must be a string'],
  [{ amount: '5', save: 'true' }, 'save', '"save": must be true or false'],
  [{ amount: '5', count: '3' }, 'count', '"count": must be a whole number from 1 to 10'],
  [{ amount: '5', count: 1.5 }, 'count', '"count": must be a whole number from 1 to 10'],
  [{ amount: '5', models: 'a' }, 'models', '"models": must be a list'],
  [{ amount: '5', models: ['a', 'b', 'c'] }, 'models', '"models": must have at most 2 entries'],
  [{ amount: '5', models: ['a', 2] }, 'models', '"models": must be a list of strings'],
  [{ amount: '5', models: ['abcdef'] }, 'models', '"models": must have at most 5 characters in each entry'],
  [[], undefined, 'The request body must be a JSON object.'],
  ['text', undefined, 'The request body must be a JSON object.'],
  [null, undefined, 'The request body must be a JSON object.'],
])('%j is refused, by name and with a reason', async (value, param, message) => {
  const [name, text] = await faultOf(Order, value);
  expect([name, text]).toEqual([param, message]);
});

it('changes no prototype', async () => {
  const order = await checked(Order, JSON.parse('{"amount":"5","__proto__":{"amount":"6","count":3}}'));
  expect([order.amount, order.count, Object.getPrototypeOf(order)]).toEqual(['5', undefined, Order.prototype]);
});

it('reads amounts and instants as events have them, and leaves out what is not given', async () => {
  const order = await checked(Order, { amount: '5', budget: '7', expires_at: '2026-03-01', models: ['a'] });
  expect(order).toBeInstanceOf(Order);
  expect({ ...order }).toEqual({
    amount: '5',
    currency: 'usd',
    budget: '7.00',
    expires_at: '2026-03-01T00:00:00.000Z',
    models: ['a'],
  });
  expect((await checked(Order, { amount: '5', budget: null })).budget).toBeNull();
});

it('takes a reason without the space around it, and wants one', async () => {
  expect({ ...(await checked(Decision, { reason: ' a mistake\n' })) }).toEqual({ reason: 'a mistake' });
  expect(await faultOf(Decision, { reason: ' ' })).toEqual(['reason', '"reason": must say why']);
});

it.each(['none', '', '0', '-1', '1.5', '101', '1e300', '1e1'])(
  'a page of %j rows is refused, with those that there are',
  async (limit) =>
    expect(await faultOf(ListQuery, { limit })).toEqual(['limit', '"limit": must be a whole number from 1 to 100']),
);

it.each([
  ['{"amount":', 'invalid_json'],
  ['[]', 'invalid_request'],
  [`${'['.repeat(200)}${']'.repeat(200)}`, 'json_too_complex'],
])('a body of %s is refused', (text, code) =>
  expect(new RequestPipe().transform(Buffer.from(text), { type: 'body', metatype: Order })).rejects.toMatchObject({
    status: 400,
    options: { code },
  }),
);

it('reads no body as an empty object, and nothing that no class describes', async () => {
  expect(await new RequestPipe().transform(Buffer.alloc(0), { type: 'body', metatype: ListQuery })).toMatchObject({
    limit: 20,
  });
  const bytes = Buffer.from('{}');
  expect(await new RequestPipe().transform(bytes, { type: 'body', metatype: Buffer as never })).toBe(bytes);
});
