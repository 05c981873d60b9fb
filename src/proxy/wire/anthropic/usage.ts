// Anthropic's usage block in a stream, and in OpenAI's shape. How it is read: src/pricing/usage-blocks/anthropic-usage.ts.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { readAnthropicUsage } from '../../../pricing/index.js';
import { chatUsageOf } from '../chat-usage.js';
import { cumulative, type CumulativeBlock } from '../cumulative.js';
import { numberIn } from '../json.js';

const CACHE = ['cache_read_input_tokens', 'cache_creation_input_tokens'];
const BLOCK: CumulativeBlock = {
  sides: [
    { whole: ['input_tokens', ...CACHE], parts: ['cache_creation'] },
    { whole: ['output_tokens'], parts: ['output_tokens_details'] },
  ],
};

/** The usage of a stream: "the token counts … are cumulative" (https://platform.claude.com/docs/en/build-with-claude/streaming). */
export const mergeUsage = (earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined =>
  cumulative(BLOCK, earlier, withoutCache(earlier, later));

/**
 * Alibaba's streams begin with the whole prompt as their input, and end with what of it was cached, without the input
 * (https://github.com/jeremychone/rust-genai/pull/258). Anthropic's tell of the cache from the start.
 */
function withoutCache(earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(earlier) || !isJsonObject(later) || (later['input_tokens'] ?? undefined) !== undefined)
    return later;
  if (CACHE.some((field) => (earlier[field] ?? undefined) !== undefined)) return later;
  const cached = CACHE.reduce((sum, field) => sum + (numberIn(later, field) ?? 0), 0);
  const input = numberIn(earlier, 'input_tokens') ?? 0;
  return cached === 0 ? later : { ...later, input_tokens: Math.max(0, input - cached) };
}

/** The usage in OpenAI's shape; undefined when it can't be true. */
export const chatUsage = (raw: JsonValue | undefined): JsonObject | undefined => chatUsageOf(raw, readAnthropicUsage);
