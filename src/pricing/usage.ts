// The normal form of a usage block, and how it splits into the parts that are priced.
//
// The prompt is partitioned: every token of it is exactly one of plain text, cached, cache write (5 min), cache write (1 h),
// audio or image, and is billed once, under that part. Plain text is what is left of the whole after the others.
// The completion is partitioned the same way into plain output, reasoning and audio.
//
// Providers count the cache and the modalities independently, so a cached image is reported under both. A token counts as
// cached or cache write first, as audio next, as image last: the modality counts are cut down to what the cache leaves.
// The raw block does not say how large the overlap is, so nothing finer can be recomputed from a bill.
import type { z } from 'zod';
import { MAX_TOKENS, usageSchema } from '../ledger/index.js';

export { MAX_TOKENS, usageSchema };

/** What a provider counted, in normal form: whole numbers, the parts disjoint and never more than their whole. */
export type Usage = Readonly<z.infer<typeof usageSchema>>;

/** Counts as an adapter reads them; absent parts are 0. */
export type UsageCounts = Partial<Usage> & Pick<Usage, 'promptTokens' | 'completionTokens'>;

/** Usage that can't be true, and why. Such a request is quarantined (`usage_unknown`), never billed. */
export class UsageFault {
  constructor(readonly message: string) {}
}

export const INPUT_KINDS = ['input', 'cachedInput', 'cacheWrite', 'cacheWrite1h', 'inputAudio', 'inputImage'] as const;
export const OUTPUT_KINDS = ['output', 'reasoning', 'outputAudio'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];
export type OutputKind = (typeof OUTPUT_KINDS)[number];
/** One of the parts a request's tokens split into, each with its own price. */
export type TokenKind = InputKind | OutputKind;
/** What is sold by the piece instead of by the token. */
export const UNITS = ['images', 'seconds', 'characters'] as const;
export type Unit = (typeof UNITS)[number];

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS;
const lesser = (a: number, b: number): number => (a < b ? a : b);

/** Brings counts into normal form, or says why they can't be true. */
export function usageOf(counts: UsageCounts): Usage | UsageFault {
  const { totalTokens, ...given } = counts;
  for (const [name, value] of Object.entries(given)) {
    if (!isCount(value)) return new UsageFault(`${name} is ${value}, not a whole number from 0 to ${MAX_TOKENS}.`);
  }
  const usage = { ...NOTHING, ...given, totalTokens: given.promptTokens + given.completionTokens };
  const cache = usage.cachedTokens + usage.cacheWriteTokens + usage.cacheWrite1hTokens;
  const modalities = usage.promptAudioTokens + usage.promptImageTokens;
  const output = usage.reasoningTokens + usage.completionAudioTokens;
  if (cache > usage.promptTokens) return tooMany('cached and cache write', cache, usage.promptTokens);
  if (modalities > usage.promptTokens) return tooMany('audio and image prompt', modalities, usage.promptTokens);
  if (output > usage.completionTokens) return tooMany('reasoning and audio output', output, usage.completionTokens);
  if (totalTokens !== undefined && totalTokens !== usage.totalTokens) {
    const { promptTokens, completionTokens } = usage;
    return new UsageFault(
      `The total is ${totalTokens} tokens, but ${promptTokens} prompt and ${completionTokens} completion tokens make ${usage.totalTokens}.`,
    );
  }
  const uncached = usage.promptTokens - cache;
  const promptAudioTokens = lesser(usage.promptAudioTokens, uncached);
  const promptImageTokens = lesser(usage.promptImageTokens, uncached - promptAudioTokens);
  return { ...usage, promptAudioTokens, promptImageTokens };
}

const NOTHING: Usage = {
  promptTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWrite1hTokens: 0,
  promptAudioTokens: 0,
  promptImageTokens: 0,
  completionTokens: 0,
  reasoningTokens: 0,
  completionAudioTokens: 0,
  totalTokens: 0,
};

const tooMany = (parts: string, some: number, whole: number): UsageFault =>
  new UsageFault(`${some} ${parts} tokens are more than the ${whole} tokens they are part of.`);

/** Splits usage into the parts that are priced. @throws RangeError when the parts are more than their whole. */
export function partsOf(usage: Usage): Readonly<Record<TokenKind, number>> {
  const cache = usage.cachedTokens + usage.cacheWriteTokens + usage.cacheWrite1hTokens;
  const input = usage.promptTokens - cache - usage.promptAudioTokens - usage.promptImageTokens;
  const output = usage.completionTokens - usage.reasoningTokens - usage.completionAudioTokens;
  if (input < 0 || output < 0) throw new RangeError(`usage is not in normal form: ${JSON.stringify(usage)}`);
  return {
    input,
    cachedInput: usage.cachedTokens,
    cacheWrite: usage.cacheWriteTokens,
    cacheWrite1h: usage.cacheWrite1hTokens,
    inputAudio: usage.promptAudioTokens,
    inputImage: usage.promptImageTokens,
    output,
    reasoning: usage.reasoningTokens,
    outputAudio: usage.completionAudioTokens,
  };
}
