import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_TOKENS, UsageFault, partsOf, usageOf, usageSchema, type Usage, type UsageCounts } from './usage.js';

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
  ])('refuses %s', (_, counts, sentence) => expect(faultOf(counts)).toMatch(sentence));

  // One row for each way in which recorded blocks broke a sum rule. What is given, how it is read, and what of the reading matters.
  it.each<[string, UsageCounts, Usage['reading'], Partial<Usage>]>([
    [
      'cached tokens beside the prompt, as the total says',
      { promptTokens: 9, cachedTokens: 150, completionTokens: 3, totalTokens: 162 },
      ['cached_beside_prompt'],
      { promptTokens: 159, cachedTokens: 150 },
    ],
    [
      'cached tokens that are neither in the prompt nor in the total',
      { promptTokens: 9, cachedTokens: 150, completionTokens: 3, totalTokens: 12 },
      ['certain'],
      { promptTokens: 9, cachedTokens: 0, completionTokens: 3 },
    ],
    [
      'reads and writes of the cache beside the prompt',
      { promptTokens: 5, cachedTokens: 100, cacheWriteTokens: 40, completionTokens: 1, totalTokens: 146 },
      ['cached_beside_prompt', 'cache_writes_beside_prompt'],
      { promptTokens: 145, cachedTokens: 100, cacheWriteTokens: 40 },
    ],
    [
      'audio beside the prompt',
      { promptTokens: 9, promptAudioTokens: 375, completionTokens: 20, totalTokens: 404 },
      ['audio_beside_prompt'],
      { promptTokens: 384, promptAudioTokens: 375 },
    ],
    [
      'images beside the prompt',
      { promptTokens: 9, promptImageTokens: 258, completionTokens: 2, totalTokens: 269 },
      ['images_beside_prompt'],
      { promptTokens: 267, promptImageTokens: 258 },
    ],
    [
      'reasoning beside the completion',
      { promptTokens: 21, completionTokens: 0, reasoningTokens: 60, totalTokens: 81 },
      ['reasoning_beside_completion'],
      { completionTokens: 60, reasoningTokens: 60 },
    ],
    [
      'audio beside the completion',
      { promptTokens: 1, completionTokens: 5, completionAudioTokens: 30, totalTokens: 36 },
      ['audio_beside_completion'],
      { completionTokens: 35, completionAudioTokens: 30 },
    ],
    [
      'two parts beside their wholes',
      { promptTokens: 9, cachedTokens: 150, completionTokens: 2, reasoningTokens: 90, totalTokens: 251 },
      ['cached_beside_prompt', 'reasoning_beside_completion'],
      { promptTokens: 159, completionTokens: 92 },
    ],
    [
      'a total that two readings explain',
      { promptTokens: 100, cachedTokens: 90, completionTokens: 90, reasoningTokens: 90, totalTokens: 280 },
      ['certain'],
      { promptTokens: 100, cachedTokens: 90, completionTokens: 90, reasoningTokens: 90 },
    ],
    [
      'a total that nothing explains',
      { promptTokens: 30, completionTokens: 5, totalTokens: 90 },
      ['certain'],
      { promptTokens: 30, completionTokens: 5, totalTokens: 35 },
    ],
    [
      'a total that is less than its parts: the dearer part gives way',
      { promptTokens: 30, completionTokens: 20, totalTokens: 40 },
      ['certain'],
      { promptTokens: 30, completionTokens: 10, totalTokens: 40 },
    ],
    ['a total of nothing', { promptTokens: 8, completionTokens: 0, totalTokens: 0 }, ['certain'], { promptTokens: 8 }],
    [
      'writes to the cache that contain what was read',
      { promptTokens: 2100, cachedTokens: 2090, cacheWriteTokens: 2090, completionTokens: 10, totalTokens: 2110 },
      ['certain'],
      { promptTokens: 2100, cachedTokens: 2090, cacheWriteTokens: 0, completionTokens: 10 },
    ],
    [
      'writes for an hour that overlap',
      { promptTokens: 100, cachedTokens: 40, cacheWriteTokens: 30, cacheWrite1hTokens: 50, completionTokens: 0 },
      ['certain'],
      { cachedTokens: 40, cacheWriteTokens: 30, cacheWrite1hTokens: 10 },
    ],
    [
      'more images and audio than prompt',
      { promptTokens: 10, promptAudioTokens: 7, promptImageTokens: 6, completionTokens: 0 },
      ['certain'],
      { promptAudioTokens: 4, promptImageTokens: 3 },
    ],
    [
      'more reasoning than completion',
      { promptTokens: 5, completionTokens: 1, reasoningTokens: 2 },
      ['certain'],
      { completionTokens: 1, reasoningTokens: 0 },
    ],
  ])('takes %s', (_, counts, reading, expected) => expect(usageOf(counts)).toMatchObject({ ...expected, reading }));

  it('says nothing of how counts were read that agree', () => {
    const counts = { promptTokens: 100, cachedTokens: 90, completionTokens: 9, reasoningTokens: 9, totalTokens: 109 };
    expect(usageOf(counts)).not.toHaveProperty('reading');
  });

  it('tells of what was read from the cache which part the request had marked', () => {
    const counts = { promptTokens: 10, completionTokens: 0, cachedTokens: 8 };
    expect(usageOf({ ...counts, explicitCachedTokens: 9 })).toMatchObject({ cachedTokens: 8, explicitCachedTokens: 8 });
    expect(usageOf({ ...counts, explicitCachedTokens: 0 })).not.toHaveProperty('explicitCachedTokens');
  });

  it('partitions every token exactly once', () => {
    const count = fc.integer({ min: 0, max: 1000 });
    const counts = fc.record({
      promptTokens: fc.integer({ min: 0, max: 3000 }),
      cachedTokens: count,
      cacheWriteTokens: count,
      cacheWrite1hTokens: count,
      explicitCachedTokens: count,
      promptAudioTokens: count,
      promptImageTokens: count,
      completionTokens: fc.integer({ min: 0, max: 3000 }),
      reasoningTokens: count,
      completionAudioTokens: count,
    });
    const totals = fc.option(fc.integer({ min: 0, max: 9000 }), { nil: undefined });
    fc.assert(
      fc.property(counts, totals, (given, totalTokens) => {
        const usage = usageOf({ ...given, ...(totalTokens !== undefined && { totalTokens }) });
        if (usage instanceof UsageFault) throw new Error(usage.message);
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
