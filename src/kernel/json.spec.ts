import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOwnCopy } from './json.js';

describe('a value that is its own copy', () => {
  it('is what was read from JSON text that JSON.stringify wrote', () =>
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(isOwnCopy(JSON.parse(JSON.stringify(value)))).toBe(true);
      }),
    ));

  it('is nothing that JSON reads as something else', () =>
    fc.assert(
      fc.property(
        fc.anything({ withSparseArray: true, withDate: true, withNullPrototype: true, withBoxedValues: true }),
        (value) => {
          fc.pre(isOwnCopy(value));
          expect(JSON.parse(JSON.stringify(value))).toStrictEqual(value);
        },
      ),
    ));

  it.each([
    [undefined],
    [-0],
    [NaN],
    [{ a: undefined }],
    [[undefined]],
    [Array(1)],
    [new Date(0)],
    [{ toJSON: () => 1 }],
    [JSON.rawJSON('1')],
    [Object.create({ a: 1 })],
  ])('is not %j', (value) => {
    expect(isOwnCopy(value)).toBe(false);
    expect(isOwnCopy({ a: [value] })).toBe(false);
  });

  it('is not too deep to look into', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(isOwnCopy(deep)).toBe(false);
  });
});
