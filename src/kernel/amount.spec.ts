import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, formatUsd, fromCents, max, min, negate, picoUsd, subtract, sum, times, usd, ZERO } from './amount.js';

const amounts = fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n }).map(picoUsd);

/** What reading should come to, by another way. */
function expectedOf(text: string): bigint | string {
  if (!/^-?\d+(\.\d{1,12})?$/.test(text) || text.length > 40) return 'refused';
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const size = BigInt(whole) * 10n ** 12n + BigInt(fraction.padEnd(12, '0'));
  return text.startsWith('-') ? -size : size;
}

function readOrRefuse(text: string): bigint | string {
  try {
    return usd(text);
  } catch (error) {
    return error instanceof RangeError ? 'refused' : String(error);
  }
}

describe('reading an amount', () => {
  it.each([
    ['5', 5_000_000_000_000n],
    ['5.00', 5_000_000_000_000n],
    ['-0.25', -250_000_000_000n],
    ['0.000003750000', 3_750_000n],
    ['0.000000000001', 1n],
    ['-0', 0n],
    ['-0.000000000001', -1n],
    ['007.5', 7_500_000_000_000n],
    ['9007199254740993.000000000001', 9_007_199_254_740_993_000_000_000_001n],
  ])('takes %s for %d pico-dollars', (text, pico) => expect(usd(text)).toBe(pico));

  it.each([
    '',
    ' ',
    '.5',
    '5.',
    '1e3',
    '1_000',
    '1,000',
    '+5',
    '--5',
    '-',
    '0x10',
    'NaN',
    'Infinity',
    ' 5',
    '5 ',
    '5\n',
    '１',
    '$5',
  ])('refuses %j', (text) => expect(() => usd(text)).toThrow(RangeError));

  it('refuses more decimals than it can hold, rather than rounding', () =>
    expect(() => usd('0.0000000000001')).toThrow('has 13 decimals; an amount holds at most 12'));

  it('refuses a text that is too long, without repeating all of it', () =>
    expect(() => usd('9'.repeat(1_000_000))).toThrow(/^"9{40}…" is too long/));

  it('reads any text exactly or refuses it', () => {
    const near = fc.string({ unit: fc.constantFrom(...'0123456789.-+eE ,_n\n'.split('')), maxLength: 45 });
    fc.assert(
      fc.property(fc.oneof(near, fc.string()), (text) => {
        expect(readOrRefuse(text)).toBe(expectedOf(text));
      }),
    );
  });
});

describe('printing an amount', () => {
  it.each([
    [0n, '0.00'],
    [1n, '0.000000000001'],
    [-1n, '-0.000000000001'],
    [375_000_000n, '0.000375'],
    [10_000_000_000n, '0.01'],
    [100_000_000_000n, '0.10'],
    [5_000_000_000_000n, '5.00'],
    [-12_345_678_900_000_000n, '-12345.6789'],
  ])('prints %d pico-dollars as %s', (pico, text) => expect(formatUsd(picoUsd(pico))).toBe(text));

  it('is undone by reading, for every amount', () =>
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(usd(formatUsd(amount))).toBe(amount);
      }),
    ));

  it('is the shortest decimal with at least two decimals, as events carry it', () =>
    fc.assert(
      fc.property(amounts, (amount) => {
        expect(formatUsd(amount)).toMatch(/^-?(0|[1-9]\d*)\.\d{2}(\d{0,9}[1-9])?$/);
      }),
    ));
});

describe('reckoning', () => {
  it('is exact for numbers no float can hold', () =>
    expect(formatUsd(add(usd('9007199254740993'), usd('0.000000000001')))).toBe('9007199254740993.000000000001'));

  it('has the laws of integers', () =>
    fc.assert(
      fc.property(amounts, amounts, fc.bigInt({ min: 0n, max: 1_000n }), (a, b, count) => {
        expect(subtract(add(a, b), b)).toBe(a);
        expect(add(a, negate(a))).toBe(ZERO);
        expect(times(a, count)).toBe(sum(Array.from({ length: Number(count) }, () => a)));
        expect(add(min(a, b), max(a, b))).toBe(add(a, b));
        expect(min(a, b) <= max(a, b)).toBe(true);
      }),
    ));

  it('takes cents exactly', () => expect(fromCents(1_234n)).toBe(usd('12.34')));

  it('adds up nothing to zero', () => expect(sum([])).toBe(ZERO));
});
