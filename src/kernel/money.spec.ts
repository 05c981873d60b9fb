import { describe, expect, expectTypeOf, it } from 'vitest';
import { add, type Amount, usd } from './amount.js';
import { dollars, formatMoney, type Money, opposite, usdOf } from './money.js';

const yuan: Money = { currency: 'CNY', amount: 72_000_000_000_000n };

describe('money in a currency', () => {
  it('is not an amount of US dollars: the compiler refuses to mix them', () => {
    expectTypeOf<Money>().not.toExtend<Amount>();
    expectTypeOf<Money['amount']>().not.toExtend<Amount>();
    expectTypeOf<Amount>().not.toExtend<Money>();
    // @ts-expect-error -- money is not an amount,
    void (() => add(yuan, usd('1')));
    // @ts-expect-error -- nor is its number alone.
    void (() => add(yuan.amount, usd('1')));
  });

  it('is counted as US dollars only where it is', () => {
    expect(usdOf(dollars(usd('1.5')))).toBe(usd('1.5'));
    expect(() => usdOf(yuan)).toThrow('CNY can’t be counted as US dollars');
  });

  it('is printed as a decimal', () => expect(formatMoney(opposite(yuan))).toBe('-72.00'));
});
