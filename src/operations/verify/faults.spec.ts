import { describe, expect, it } from 'vitest';
import { someOfEach } from './faults.js';

const sentences = (kind: string, count: number): string[] => Array.from({ length: count }, (_, n) => `${kind}${n}`);

describe('some faults of each kind', () => {
  it('are all, where all fit', () => {
    expect(someOfEach([sentences('a', 2), [], sentences('b', 3)], 5)).toEqual(['a0', 'a1', 'b0', 'b1', 'b2']);
    expect(someOfEach([sentences('a', 200), sentences('b', 1)], Infinity)).toHaveLength(201);
    expect(someOfEach([], 5)).toEqual([]);
  });

  it('are the first of every kind, in the order of kinds', () => {
    expect(someOfEach([sentences('a', 9), sentences('b', 9), sentences('c', 1)], 5)).toEqual([
      'a0',
      'a1',
      'b0',
      'b1',
      'c0',
    ]);
  });

  it('fill what is there, whichever kind has many', () => {
    for (const many of [0, 1, 2]) {
      const kinds = [3, 3, 3].map((few, index) => sentences('abc'[index] ?? '', index === many ? 500 : few));
      const some = someOfEach(kinds, 100);
      expect(some).toHaveLength(100);
      for (const [index, kind] of kinds.entries())
        expect(kind[2], String(index)).toSatisfy((one) => some.includes(one));
    }
  });
});
