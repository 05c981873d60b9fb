// Reads the usage block of an OpenAI-shaped answer. The block itself is stored and reaches the client unchanged; this is
// what it is billed by. Known dialects:
// - OpenAI: prompt_tokens_details.{cached_tokens, audio_tokens, image_tokens}, completion_tokens_details.{reasoning_tokens,
//   audio_tokens}; details may be null or absent. Some servers also report prompt_tokens_details.cache_write_tokens.
// - DeepSeek: prompt_cache_hit_tokens + prompt_cache_miss_tokens = prompt_tokens; the hits are the cached tokens.
// - Moonshot: cached_tokens beside prompt_tokens.
// - xAI and some Gemini-compatible servers leave reasoning out of completion_tokens but not out of total_tokens. That is
//   believed only when the reasoning tokens explain the difference exactly; they are then added to the completion.
import type { JsonObject, JsonValue } from '../kernel/index.js';
import { type Usage, type UsageFault, usageOf } from '../pricing/index.js';
import { countOf, detailsOf, readBlock, requiredCount, unreadable } from '../wire/index.js';

/** Brings a provider's usage block into normal form, or says why it can't be billed (the charge is then quarantined). */
export const normaliseUsage = (raw: JsonValue): Usage | UsageFault => readBlock(raw, read);

/** The same for a block that counts input and output: `detailsField` is what its parts of the input stand under. */
export const normaliseInputOutput = (block: JsonObject, detailsField: string): Usage | UsageFault =>
  normaliseUsage({
    prompt_tokens: block['input_tokens'],
    completion_tokens: block['output_tokens'],
    total_tokens: block['total_tokens'],
    prompt_tokens_details: block[detailsField],
  });

function read(raw: JsonObject): Usage | UsageFault {
  const prompt = detailsOf(raw, 'prompt_tokens_details');
  const completion = detailsOf(raw, 'completion_tokens_details');
  const promptTokens = requiredCount(raw, 'prompt_tokens');
  const cachedTokens = cachedOf(raw, prompt, promptTokens);
  // An embedding's block has no completion_tokens.
  const reported = countOf(raw, 'completion_tokens') ?? 0;
  const reasoningTokens = countOf(completion, 'reasoning_tokens') ?? 0;
  const totalTokens = countOf(raw, 'total_tokens');
  const leftOut = reasoningTokens > 0 && totalTokens === promptTokens + reported + reasoningTokens;
  return usageOf({
    promptTokens,
    cachedTokens,
    cacheWriteTokens: countOf(prompt, 'cache_write_tokens') ?? 0,
    promptAudioTokens: countOf(prompt, 'audio_tokens') ?? 0,
    promptImageTokens: countOf(prompt, 'image_tokens') ?? 0,
    completionTokens: leftOut ? reported + reasoningTokens : reported,
    reasoningTokens,
    completionAudioTokens: countOf(completion, 'audio_tokens') ?? 0,
    ...(totalTokens !== undefined && { totalTokens }),
  });
}

/** The cached tokens, wherever they stand; two places that differ can't both be true. */
function cachedOf(raw: JsonObject, details: JsonObject, promptTokens: number): number {
  const hits = countOf(raw, 'prompt_cache_hit_tokens');
  const misses = countOf(raw, 'prompt_cache_miss_tokens');
  if (hits !== undefined && misses !== undefined && hits + misses !== promptTokens) {
    throw unreadable(`${hits} cache hits and ${misses} misses do not make ${promptTokens} prompt tokens.`);
  }
  const reported = [countOf(details, 'cached_tokens'), hits, countOf(raw, 'cached_tokens')];
  const [cached = 0, ...others] = reported.filter((count) => count !== undefined);
  const other = others.find((count) => count !== cached);
  if (other !== undefined) throw unreadable(`Cached tokens are reported twice, as ${cached} and as ${other}.`);
  return cached;
}
