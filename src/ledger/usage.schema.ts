// The usage that a charge records: tokens, and units sold by the piece.
import { z } from 'zod';

/** The largest count that is believed. No context window comes near it. */
export const MAX_TOKENS = 100_000_000;

const count = (what: string) => z.int().min(0).max(MAX_TOKENS).describe(what);

/**
 * How a usage block with contradictory counts was read. `certain`: no single reading makes them agree, so only what all
 * readings have in common was charged. The others: the total shows that this part was counted beside its whole.
 */
export const READINGS = [
  'certain',
  'cached_beside_prompt',
  'cache_writes_beside_prompt',
  'audio_beside_prompt',
  'images_beside_prompt',
  'reasoning_beside_completion',
  'audio_beside_completion',
  'reasoning_in_total_alone',
] as const;

export const usageSchema = z.strictObject({
  promptTokens: count('All input tokens, including every part of the prompt below'),
  cachedTokens: count('Input tokens read from the cache; part of the prompt'),
  cacheWriteTokens: count('Input tokens written to the cache for 5 minutes; part of the prompt'),
  cacheWrite1hTokens: count(
    'Input tokens written to the cache for 1 hour, not in cacheWriteTokens; part of the prompt',
  ),
  promptAudioTokens: count('Input audio tokens that are neither cached nor cache writes; part of the prompt'),
  promptImageTokens: count('Input image tokens that are neither cached nor cache writes; part of the prompt'),
  completionTokens: count('All output tokens, including every part of the completion below'),
  reasoningTokens: count('Output tokens of reasoning; part of the completion'),
  completionAudioTokens: count('Output audio tokens, not reasoning; part of the completion'),
  totalTokens: z.int().min(0).describe('promptTokens + completionTokens'),
  explicitCachedTokens: count(
    'Those of cachedTokens that were read from a cache the request had marked itself, where they have a price of their own',
  ).optional(),
  reading: z
    .array(z.enum(READINGS))
    .min(1)
    .optional()
    .describe('how the counts were read, where they contradict each other as they stand; absent when they agree'),
  images: count('Images made, where they are sold by the piece').optional(),
  seconds: count('Seconds of audio, where it is sold by the second').optional(),
  characters: count('Characters to speak, where speech is sold by the character').optional(),
});

/** What a provider counted, in normal form: whole numbers, the parts disjoint and never more than their whole. */
export type Usage = Readonly<z.infer<typeof usageSchema>>;
