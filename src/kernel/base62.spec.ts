import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE62, base62, bytesInBase62 } from './base62.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const numbers = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n });

describe('base62', () => {
  it.each([
    [0n, '0000'],
    [9n, '0009'],
    [10n, '000A'],
    [35n, '000Z'],
    [36n, '000a'],
    [61n, '000z'],
    [62n, '0010'],
    [62n ** 4n - 1n, 'zzzz'],
  ])('writes %d as %s', (value, text) => expect(base62(value, 4)).toBe(text));

  it('writes 128 bits in 22 characters', () => expect(base62(2n ** 128n - 1n, 22)).toBe('7n42DGM5Tflk9n8mt7Fhc7'));

  it('can be read back', () =>
    fc.assert(
      fc.property(numbers, (value) => {
        const text = base62(value, 22);
        expect(text).toMatch(BASE62);
        expect(text.split('').reduce((sum, digit) => sum * 62n + BigInt(ALPHABET.indexOf(digit)), 0n)).toBe(value);
      }),
    ));

  it('writes bytes as the number they make', () =>
    fc.assert(
      fc.property(numbers, (value) => {
        const bytes = Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
        expect(bytesInBase62(bytes, 22)).toBe(base62(value, 22));
      }),
    ));

  it('fits or not at every length', () =>
    fc.assert(
      fc.property(fc.nat(20), (length) => {
        const beyond = 62n ** BigInt(length);
        expect(base62(beyond - 1n, length)).toBe('z'.repeat(length));
        expect(() => base62(beyond, length)).toThrow(RangeError);
      }),
    ));

  it('refuses bytes that do not fit', () => expect(() => bytesInBase62(Buffer.alloc(16, 255), 21)).toThrow(RangeError));

  it('sorts as the numbers do', () =>
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        expect(base62(a, 22) < base62(b, 22)).toBe(a < b);
      }),
    ));

  it('refuses a number that does not fit', () => expect(() => base62(62n ** 4n, 4)).toThrow(RangeError));

  it('refuses a negative number', () => expect(() => base62(-1n, 4)).toThrow(RangeError));
});
