import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TOKENS, UsageFault, partsOf, usageOf, usageSchema, type UsageCounts } from './usage.js';

const faultOf = (counts: UsageCounts): string => {
  const outcome = usageOf(counts);
  return outcome instanceof UsageFault ? outcome.message : 'no fault';
};

describe('usage in normal form', () => {
  it('takes absent parts as 0 and adds up the total', () => {
    expect(usageOf({ promptTokens: 10, completionTokens: 5 })).toMatchObject({ cachedTokens: 0, totalTokens: 15 });
  });

  it('counts a token that is both cached and an image as cached', () => {
    const usage = usageOf({ promptTokens: 1000, cachedTokens: 600, promptImageTokens: 900, completionTokens: 0 });
    expect(usage).toMatchObject({ cachedTokens: 600, promptImageTokens: 400 });
  });

  it('keeps audio before image in what the cache leaves', () => {
    const counts = { promptTokens: 100, cachedTokens: 70, promptAudioTokens: 20, promptImageTokens: 80 };
    expect(usageOf({ ...counts, completionTokens: 0 })).toMatchObject({ promptAudioTokens: 20, promptImageTokens: 10 });
  });

  it.each<[string, UsageCounts, RegExp]>([
    ['a negative count', { promptTokens: -1, completionTokens: 0 }, /promptTokens is -1/],
    ['a fraction', { promptTokens: 1.5, completionTokens: 0 }, /1.5/],
    ['an absurd count', { promptTokens: MAX_TOKENS + 1, completionTokens: 0 }, /100000001/],
    ['more cached than prompt', { promptTokens: 5, cachedTokens: 6, completionTokens: 0 }, /6 cached/],
    ['more images than prompt', { promptTokens: 5, promptImageTokens: 6, completionTokens: 0 }, /6 audio and image/],
    ['more reasoning than completion', { promptTokens: 5, completionTokens: 1, reasoningTokens: 2 }, /2 reasoning/],
    ['a total that does not add up', { promptTokens: 5, completionTokens: 1, totalTokens: 7 }, /total is 7/],
  ])('refuses %s', (_, counts, sentence) => expect(faultOf(counts)).toMatch(sentence));

  it('partitions every token exactly once', () => {
    const count = fc.integer({ min: 0, max: 1000 });
    const counts = fc.record({
      promptTokens: fc.integer({ min: 0, max: 3000 }),
      cachedTokens: count,
      cacheWriteTokens: count,
      cacheWrite1hTokens: count,
      promptAudioTokens: count,
      promptImageTokens: count,
      completionTokens: fc.integer({ min: 0, max: 3000 }),
      reasoningTokens: count,
      completionAudioTokens: count,
    });
    fc.assert(
      fc.property(counts, (given) => {
        const usage = usageOf(given);
        fc.pre(!(usage instanceof UsageFault));
        const parts = Object.values(partsOf(usage));
        expect(usageSchema.safeParse(usage).success).toBe(true);
        expect(parts.every((part) => part >= 0)).toBe(true);
        expect(parts.reduce((total, part) => total + part, 0)).toBe(usage.totalTokens);
      }),
    );
  });

  it('throws on usage whose parts exceed the whole: it can only come from a broken adapter', () => {
    const usage = usageOf({ promptTokens: 1, completionTokens: 1 });
    if (usage instanceof UsageFault) throw new Error(usage.message);
    expect(() => partsOf({ ...usage, cachedTokens: 2 })).toThrow(RangeError);
  });
});
