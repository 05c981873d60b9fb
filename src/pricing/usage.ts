// The normal form of a usage block, and how it splits into the parts that are priced.
//
// The prompt is partitioned: every token of it is exactly one of plain text, cached, cache write (5 min), cache write (1 h),
// audio or image, and is billed once, under that part. Plain text is what is left of the whole after the others.
// The completion is partitioned the same way into plain output, reasoning and audio.
//
// Providers count the cache and the modalities independently, so a cached image is reported under both. A token counts as
// cached or cache write first, as audio next, as image last: the modality counts are cut down to what the cache leaves.
// The raw block does not say how large the overlap is, so nothing finer can be recomputed from a bill.
import { MAX_TOKENS, type Usage, usageSchema } from '../ledger/index.js';
import { agreed, type TokenCounts } from './readings.js';

export { MAX_TOKENS, type Usage, usageSchema };

/** Counts as an adapter reads them. Absent parts are 0. A total that is absent, or 0 with other counts, is ignored. */
export type UsageCounts = { readonly [Count in keyof Usage]?: Usage[Count] | undefined } & Pick<
  Usage,
  'promptTokens' | 'completionTokens'
>;

/** Usage that can't be true, and why. Such a call is released as `usage_unknown` and can only be charged by hand. */
export class UsageFault {
  constructor(readonly message: string) {}
}

export const INPUT_KINDS = [
  'input',
  'cachedInput',
  'explicitCachedInput',
  'cacheWrite',
  'cacheWrite1h',
  'inputAudio',
  'inputImage',
] as const;
export const OUTPUT_KINDS = ['output', 'reasoning', 'outputAudio'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];
export type OutputKind = (typeof OUTPUT_KINDS)[number];
/** One of the parts a request's tokens split into, each with its own price. */
export type TokenKind = InputKind | OutputKind;
/** Units that are sold by the piece instead of by the token. */
export const UNITS = ['images', 'seconds', 'characters'] as const;
export type Unit = (typeof UNITS)[number];

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS;
const lesser = (a: number, b: number): number => (a < b ? a : b);

const COUNTS = [
  'promptTokens',
  'cachedTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
  'promptAudioTokens',
  'promptImageTokens',
  'completionTokens',
  'reasoningTokens',
  'completionAudioTokens',
  'explicitCachedTokens',
  ...UNITS,
] as const;

/** Brings counts into normal form, even contradictory ones (readings.ts); a fault when they are not counts at all. */
export function usageOf(given: UsageCounts): Usage | UsageFault {
  for (const name of COUNTS) {
    const value = given[name];
    if (value !== undefined && !isCount(value))
      return new UsageFault(`${name} is ${value}, not a whole number from 0 to ${MAX_TOKENS}.`);
  }
  const { totalTokens, reading: doubts = [], explicitCachedTokens = 0, images, seconds, characters } = given;
  const { counts, reading } = agreed(tokensIn(given), totalTokens);
  const { promptTokens, completionTokens, cachedTokens } = counts;
  if (!isCount(promptTokens) || !isCount(completionTokens))
    return new UsageFault(`${promptTokens} prompt and ${completionTokens} completion tokens are absurd.`);
  const uncached = promptTokens - cachedTokens - counts.cacheWriteTokens - counts.cacheWrite1hTokens;
  const promptAudioTokens = lesser(counts.promptAudioTokens, uncached);
  const explicit = lesser(explicitCachedTokens, cachedTokens);
  return {
    ...counts,
    promptAudioTokens,
    promptImageTokens: lesser(counts.promptImageTokens, uncached - promptAudioTokens),
    ...(images !== undefined && { images }),
    ...(seconds !== undefined && { seconds }),
    ...(characters !== undefined && { characters }),
    totalTokens: promptTokens + completionTokens,
    ...(explicit > 0 && { explicitCachedTokens: explicit }),
    ...(doubts.length + reading.length > 0 && { reading: [...new Set([...doubts, ...reading])] }),
  };
}

const tokensIn = (given: UsageCounts): TokenCounts => ({
  promptTokens: given.promptTokens,
  cachedTokens: given.cachedTokens ?? 0,
  cacheWriteTokens: given.cacheWriteTokens ?? 0,
  cacheWrite1hTokens: given.cacheWrite1hTokens ?? 0,
  promptAudioTokens: given.promptAudioTokens ?? 0,
  promptImageTokens: given.promptImageTokens ?? 0,
  completionTokens: given.completionTokens,
  reasoningTokens: given.reasoningTokens ?? 0,
  completionAudioTokens: given.completionAudioTokens ?? 0,
});

/** Splits usage into the parts that are priced. @throws RangeError when the parts are more than their whole. */
export function partsOf(usage: Usage): Readonly<Record<TokenKind, number>> {
  const cache = usage.cachedTokens + usage.cacheWriteTokens + usage.cacheWrite1hTokens;
  const input = usage.promptTokens - cache - usage.promptAudioTokens - usage.promptImageTokens;
  const output = usage.completionTokens - usage.reasoningTokens - usage.completionAudioTokens;
  const explicit = usage.explicitCachedTokens ?? 0;
  if (input < 0 || output < 0 || explicit > usage.cachedTokens)
    throw new RangeError(`usage is not in normal form: ${JSON.stringify(usage)}`);
  return {
    input,
    cachedInput: usage.cachedTokens - explicit,
    explicitCachedInput: explicit,
    cacheWrite: usage.cacheWriteTokens,
    cacheWrite1h: usage.cacheWrite1hTokens,
    inputAudio: usage.promptAudioTokens,
    inputImage: usage.promptImageTokens,
    output,
    reasoning: usage.reasoningTokens,
    outputAudio: usage.completionAudioTokens,
  };
}
