import canonicalize from 'canonicalize';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.js';

/** The text that another implementation writes; undefined when it refuses the value. */
function orNothing(write: (value: unknown) => string | undefined, value: unknown): string | undefined {
  try {
    return write(value);
  } catch {
    return undefined;
  }
}

/** Code units that matter: surrogates in any order, what is escaped, and backslashes before what looks like an escape. */
const text = fc
  .array(fc.constantFrom('\ud83d', '\ude00', '\\', 'ud83d', 'u', '"', '\n', '\u0000', 'é', '\ufb33', 'a', '1'), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''));
/** Keys that objects keep in an order of their own, or that look like such. */
const oddKey = fc.constantFrom('__proto__', '01', '1a', '2026-03-04', '4294967295', '9007199254740993');
const { value: json } = fc.letrec((again) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double(),
    fc.constantFrom<unknown>(-0, null, true, false, undefined, 1e21, 1e-7),
    fc.array(again('value'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(text, fc.nat(200).map(String), oddKey), again('value'), { maxKeys: 8 }),
  ),
}));

describe('canonical JSON', () => {
  it('is what another implementation of RFC 8785 writes, and refused where that one refuses it', () =>
    fc.assert(
      fc.property(json, (value) => {
        expect(orNothing(canonicalJson, value)).toBe(orNothing(canonicalize, value));
      }),
      { numRuns: 2_000 },
    ));

  it('has the keys of a large object in order, too', () => {
    const large = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`${(n * 7_919) % 500}-\ufb33`, n]));
    expect(canonicalJson(large)).toBe(canonicalize(large));
  });

  it.each([
    [new Date(0)],
    [{ at: new Date(0) }],
    [
      new (class Of {
        b = 1;
        a = 2;
      })(),
    ],
    [new Map([[1, 2]])],
  ])('is of what JSON makes of an object: %j', (value) => expect(canonicalJson(value)).toBe(canonicalize(value)));

  it.each([['\ud83d\ude00'], ['\\ud83d'], ['\\\\ud83d']])('takes %j, which is no lone surrogate', (value) =>
    expect(canonicalJson({ [value]: value })).toBe(JSON.stringify({ [value]: value })),
  );

  it.each([[NaN], [Infinity], ['\ud83d'], ['\\\ud83d'], ['\\\\\ud83d'], [undefined], [1n]])('refuses %s', (value) =>
    expect(() => canonicalJson(value)).toThrow('is not allowed'),
  );
});
