// OpenAI's usage block in Anthropic's shape, for clients to read. It is not what is billed: that is read from the provider's own block.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { numberIn, objectIn } from '../json.js';

/** The one choice of a completion or a chunk; the chunk that tells the usage has none. */
export function choiceOf(chat: JsonObject): JsonObject | undefined {
  const choices = chat['choices'];
  const first: JsonValue | undefined = Array.isArray(choices) ? (choices as readonly JsonValue[])[0] : undefined;
  return isJsonObject(first) ? first : undefined;
}

/** OpenAI's block, at the top or in the choice, as some providers have it; undefined when there is none. */
export function usageIn(chat: JsonObject): JsonObject | undefined {
  const usage = chat['usage'] ?? choiceOf(chat)?.['usage'];
  return isJsonObject(usage) ? usage : undefined;
}

/** Cached tokens stand in different places: OpenAI's details, DeepSeek's hits, beside the prompt at Moonshot. */
export function messageUsage(usage: JsonObject): JsonObject {
  const prompt = objectIn(usage, 'prompt_tokens_details') ?? {};
  const completion = objectIn(usage, 'completion_tokens_details') ?? {};
  const read =
    numberIn(prompt, 'cached_tokens') ?? numberIn(usage, 'prompt_cache_hit_tokens') ?? numberIn(usage, 'cached_tokens');
  const written = numberIn(prompt, 'cache_write_tokens') ?? 0;
  const thinking = numberIn(completion, 'reasoning_tokens');
  return {
    input_tokens: Math.max(0, (numberIn(usage, 'prompt_tokens') ?? 0) - (read ?? 0) - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read ?? 0,
    cache_creation: written === 0 ? null : cacheCreation(written, numberIn(prompt, 'cache_write_1h_tokens') ?? 0),
    output_tokens: numberIn(usage, 'completion_tokens') ?? 0,
    output_tokens_details: thinking === undefined ? null : { thinking_tokens: thinking },
  };
}

const cacheCreation = (written: number, for1h: number): JsonObject => ({
  ephemeral_5m_input_tokens: written - for1h,
  ephemeral_1h_input_tokens: for1h,
});
