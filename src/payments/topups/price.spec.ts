import { describe, expect, it } from 'vitest';
import { add, floorToCents, fromCents, picoUsd, Rejection, usd } from '../../kernel/index.js';
import { creditShare, formatMinor, fromMinor, priceOf, priceShare, readMinor, toMinor } from './price.js';
import { currenciesOf, price, quoteOf, readAmount } from '../orders/topup-offer.js';

const NOON = Date.parse('2026-03-02T12:00:00.000Z');
const settings = { max: usd('5000'), cnyPerUsd: '7.2105' };

describe('the price of credit', () => {
  it('is its cents in USD', () => expect(priceOf(usd('10.01'))).toBe(1_001));

  it.each([
    ['5.00', '7.20', 3_600],
    ['5.01', '7.2105', 3_613], // 3612.4605
    ['10', '7.2105', 7_211], // 7210.5
    ['10', '7', 7_000],
  ])('of $%s at %s yuan is %i fen, rounded up', (credit, rate, fen) =>
    expect(priceOf(usd(credit), quoteOf(rate, NOON))).toBe(fen),
  );

  it('is only of whole cents', () => expect(() => priceOf(usd('10.001'))).toThrow(/whole number of cents/));

  it('is made with a rate of two integers, which stands for an hour', () =>
    expect(quoteOf('7.2105', NOON)).toEqual({
      numerator: 72_105,
      denominator: 10_000,
      source: 'configured',
      expiresAt: '2026-03-02T13:00:00.000Z',
    }));

  it.each(['4.99', '5000.01', '10.001', '-10'])('refuses $%s: too little, too much or no whole cents', (credit) =>
    expect(price(usd(credit), 'usd', settings, NOON)).toMatchObject({ code: 'invalid_amount' }),
  );

  it('refuses yuan where they are not offered', () => {
    const dollarsOnly = { ...settings, cnyPerUsd: undefined };
    expect(price(usd('10'), 'cny', dollarsOnly, NOON)).toMatchObject({ code: 'currency_not_offered' });
    expect(currenciesOf(dollarsOnly)).toEqual(['usd']);
    expect(currenciesOf(settings)).toEqual(['usd', 'cny']);
  });

  it('refuses what is no amount', () => expect(readAmount('1e3')).toBeInstanceOf(Rejection));
});

describe('shares', () => {
  const order = { credit: usd('10'), priceMinor: 7_211 };

  it('of the price and the credit are rounded down, and all of one is all of the other', () => {
    expect(creditShare(order, 7_211)).toBe(usd('10'));
    expect(creditShare(order, 9_999)).toBe(usd('10'));
    expect(creditShare(order, 1)).toBe(picoUsd(1_386_770_212n));
    expect(priceShare(order, usd('10'))).toBe(7_211);
    expect(priceShare(order, usd('0.01'))).toBe(7);
  });

  it('in whole cents are rounded down', () => expect(floorToCents(usd('1.239999'))).toBe(fromCents(123n)));
});

describe('minor units', () => {
  it.each([
    [1_050, 'usd', '10.50'],
    [1_050, 'cny', '10.50'],
    [1_050, 'jpy', '1050.00'],
    [1_050, 'kwd', '1.05'],
  ])('%i of %s are %s', (minor, currency, text) => expect(formatMinor(minor, currency)).toBe(text));

  it('are money in their currency, which is no credit', () => {
    expect(fromMinor(100, 'cny')).toEqual({ currency: 'CNY', amount: usd('1') });
    // @ts-expect-error -- yuan can't be added to US dollars
    void (() => add(fromMinor(100, 'cny'), usd('1')));
  });

  it('beyond what JSON counts exactly are refused', () =>
    expect(() => toMinor(2n ** 53n)).toThrow(/more than a JSON number/));
});

describe('minor units that are read from a decimal', () => {
  it.each([
    ['72.00', 'cny', 7_200],
    ['500', 'jpy', 500],
    ['-1.234', 'kwd', -1_234],
  ])('are whole: %s %s is %i', (text, code, minor) => expect(readMinor(text, code)).toBe(minor));

  it.each([
    ['72.005', 'cny'],
    ['0.5', 'jpy'],
    ['1.2345', 'kwd'],
  ])('are not more exact than the currency: %s %s', (text, code) =>
    expect(() => readMinor(text, code)).toThrow(/whole number of minor units/),
  );
});
