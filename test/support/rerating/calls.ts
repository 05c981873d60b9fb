// Accounts with random calls, for tests of re-rating runs.
import * as fc from 'fast-check';
import { DAY_MS, usd } from '../../../src/kernel/index.js';
import { DAYS, FIRST, ReratingDesk } from './desk.js';

export interface Call {
  readonly account: 'a' | 'b';
  readonly day: number;
  readonly tokens: number;
}

export const calls = fc.array(
  fc.record({
    account: fc.constantFrom('a' as const, 'b' as const),
    day: fc.integer({ min: 0, max: DAYS - 1 }),
    tokens: fc.integer({ min: 0, max: 2_000 }),
  }),
  { minLength: 1, maxLength: 12 },
);
export const price = fc
  .integer({ min: 1, max: 30_000_000 })
  .map((micro) => `${Math.floor(micro / 1e6)}.${String(micro % 1e6).padStart(6, '0')}`);

/** Version 1 costs $2.50 and $10 per million tokens; little credit, so that some calls are beyond it. */
export async function made(all: readonly Call[], credit = '0.02'): Promise<ReratingDesk> {
  const desk = new ReratingDesk();
  await desk.publish('2.50', '10', '1');
  for (const account of ['a', 'b']) await desk.open(account, usd(credit));
  const inOrder = all.toSorted((one, other) => one.day - other.day);
  for (const [index, { account, day, tokens }] of inOrder.entries()) {
    await desk.call(account, `c${index}`, FIRST + day * DAY_MS + index, tokens).catch(() => undefined); // out of credit
  }
  return desk;
}

export async function listOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export const two: readonly Call[] = [
  { account: 'a', day: 0, tokens: 1_000 },
  { account: 'a', day: 1, tokens: 500 },
];
