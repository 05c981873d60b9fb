import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly } from './exact-json.js';
import { doubleOf, isExactNumber, isJsonObject, withDoubles } from './json.js';

const through = (text: string): string => JSON.stringify(parseExactly(text));

/** A number as its digits and exponent, exactly. */
function valueOf(number: string): string {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = BigInt(whole + fraction).toString();
  const zeros = digits.length - digits.replace(/0+$/, '').length;
  return digits === '0'
    ? '0'
    : `${sign}${digits.slice(0, digits.length - zeros)}e${Number(exponent) - fraction.length + zeros}`;
}

const digits = fc.stringMatching(/^(?:0|[1-9]\d{0,30})$/);
const numbers = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.option(fc.stringMatching(/^\.\d{1,25}$/), { nil: '' }),
    fc.option(fc.stringMatching(/^[eE][+-]?\d{1,4}$/), { nil: '' }),
  )
  .map((parts) => parts.join(''));
/** Texts that look like JSON, escapes and all. */
const texts = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom('\\', '"', ':', ',', '[', '{', '1234567890123456789', '1e999') }),
);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    numbers,
    texts.map((text) => JSON.stringify(text)),
    fc.constantFrom('true', 'false', 'null', ' {} ', '[\n]'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .uniqueArray(fc.tuple(texts, tie('json')), { maxLength: 4, selector: ([key]) => key })
      .map((entries) => `{${entries.map(([key, value]) => `${JSON.stringify(key)} :\t${value}`).join(',')}}`),
  ),
}));

/** All numbers of a JSON text, in order of what JavaScript makes of it. */
const numbersIn = (text: string): string[] =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)]
    .map(([token]) => token)
    .filter((token) => !token.startsWith('"'));

describe('JSON parsed exactly', () => {
  it.each([
    '1234567890123456789',
    '-1234567890123456789',
    '9007199254740993',
    '0.12345678901234567890123',
    '1e999',
    '-1E-999',
    '123456789012345678e10',
    '4.9406564584124654417656879286822e-324',
  ])('keeps %s as it is written', (number) => {
    expect(through(number)).toBe(number);
    expect(through(`{"a":[${number} ,"${number}"],"b":{"c": ${number}}}`)).toBe(
      `{"a":[${number},"${number}"],"b":{"c":${number}}}`,
    );
  });

  it.each([
    ['9007199254740992', 9_007_199_254_740_992],
    ['1.0', 1],
    ['1e22', 1e22],
    ['0.30000000000000004', 0.300_000_000_000_000_04],
    ['100000000000000000000', 1e20],
  ])('reads %s as the number it is', (text, number) => expect(parseExactly(text)).toBe(number));

  it('keeps the value of every number, and everything else', () => {
    const law = fc.property(json, (text) => {
      expect(JSON.stringify(withDoubles(parseExactly(text)))).toBe(JSON.stringify(JSON.parse(text)));
      const arrived = through(`[${text}]`);
      expect(numbersIn(arrived).map(valueOf).toSorted()).toEqual(numbersIn(text).map(valueOf).toSorted());
    });
    fc.assert(law, { numRuns: 1_000 });
  });

  it('refuses text that is not JSON', () => {
    for (const text of [
      '12345678901234567890.',
      '01234567890123456789',
      '1234567890123456789-1',
      '--1234567890123456789',
      'x1e999',
      '[1234567890123456789',
      '{"a":1e999',
      '"1234567890123456789',
      '1e9999.5',
    ])
      expect(() => parseExactly(text)).toThrow(SyntaxError);
  });

  it('keeps a key of any name, and the last of two', () => {
    expect(through('{"__proto__":1e999,"a":1e999,"a":1234567890123456789}')).toBe(
      '{"__proto__":1e999,"a":1234567890123456789}',
    );
  });

  it('takes no longer for numbers made to take long', () => {
    const began = performance.now();
    through(`[${'1,'.repeat(1_000_000)}1e999]`);
    through(`1${'0'.repeat(3_000_000)}1`);
    through(`1e-${'0'.repeat(3_000_000)}999`);
    through(`["${'\\'.repeat(1_000_000)}",1e999]`);
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('a number that was kept', () => {
  const kept = parseExactly('1234567890123456789');

  it('is neither object nor number, and survives being copied', () => {
    expect(isExactNumber(kept)).toBe(true);
    expect([isJsonObject(kept), Number.isInteger(kept), typeof kept === 'number']).toEqual([false, false, false]);
    const holder = { a: kept };
    expect(JSON.stringify({ ...holder, b: 1 })).toBe('{"a":1234567890123456789,"b":1}');
    expect(isExactNumber(parseExactly('{"rawJSON":"1234567890123456789"}'))).toBe(false);
  });

  it('can be computed with, roughly', () => {
    expect(doubleOf(kept)).toBe(1_234_567_890_123_456_800);
    expect(withDoubles({ a: [kept, 1] })).toEqual({ a: [1_234_567_890_123_456_800, 1] });
    expect([doubleOf(7), doubleOf('7'), doubleOf(null), doubleOf(parseExactly('1e999'))]).toEqual([
      7,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
