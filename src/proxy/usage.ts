// Reads the usage block of an OpenAI-shaped answer. The block itself is stored and reaches the client unchanged; this is
// what it is billed by. Known dialects:
// - OpenAI: prompt_tokens_details.{cached_tokens, audio_tokens, image_tokens}, completion_tokens_details.{reasoning_tokens,
//   audio_tokens}; details may be null or absent. Some servers also report prompt_tokens_details.cache_write_tokens.
// - DeepSeek: prompt_cache_hit_tokens + prompt_cache_miss_tokens = prompt_tokens; the hits are the cached tokens.
// - Moonshot: cached_tokens beside prompt_tokens.
// - xAI and some Gemini-compatible servers leave reasoning out of completion_tokens but not out of total_tokens. That is
//   believed only when the reasoning tokens explain the difference exactly; they are then added to the completion.
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.js';
import { MAX_TOKENS, UsageFault, usageOf, type Usage } from '../pricing/index.js';

/** Brings a provider's usage block into normal form, or says why it can't be billed (the charge is then quarantined). */
export function normaliseUsage(raw: JsonValue): Usage | UsageFault {
  if (!isJsonObject(raw)) return new UsageFault('The usage block is not an object.');
  try {
    return read(raw);
  } catch (error) {
    if (error instanceof Unreadable) return new UsageFault(error.message);
    throw error;
  }
}

/** Leaves the reading of a block at its first unreadable field. */
class Unreadable extends Error {}

function read(raw: JsonObject): Usage | UsageFault {
  const prompt = detailsOf(raw, 'prompt_tokens_details');
  const completion = detailsOf(raw, 'completion_tokens_details');
  const promptTokens = required(raw, 'prompt_tokens');
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
    throw new Unreadable(`${hits} cache hits and ${misses} misses do not make ${promptTokens} prompt tokens.`);
  }
  const reported = [countOf(details, 'cached_tokens'), hits, countOf(raw, 'cached_tokens')];
  const [cached = 0, ...others] = reported.filter((count) => count !== undefined);
  const other = others.find((count) => count !== cached);
  if (other !== undefined) throw new Unreadable(`Cached tokens are reported twice, as ${cached} and as ${other}.`);
  return cached;
}

function detailsOf(raw: JsonObject, field: string): JsonObject {
  const details = raw[field] ?? {};
  if (!isJsonObject(details)) throw new Unreadable(`${field} is not an object.`);
  return details;
}

function required(raw: JsonObject, field: string): number {
  const count = countOf(raw, field);
  if (count === undefined) throw new Unreadable(`${field} is missing.`);
  return count;
}

/** A count of tokens; undefined when it is absent or null. */
function countOf(block: JsonObject, field: string): number | undefined {
  const value = block[field] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 2 * MAX_TOKENS) return value;
  const shown = JSON.stringify(value).slice(0, 40);
  throw new Unreadable(`${field} is ${shown}, not a plausible whole number of tokens.`);
}
