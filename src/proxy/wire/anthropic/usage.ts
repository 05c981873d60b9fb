// Anthropic's usage block in a stream, and in OpenAI's shape. How it is read: src/pricing/usage-blocks/anthropic-usage.ts.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { readAnthropicUsage } from '../../../pricing/index.js';
import { chatUsageOf } from '../chat-usage.js';
import { cumulative, type CumulativeBlock } from '../cumulative.js';
import { numberIn } from '../json.js';

const READ = 'cache_read_input_tokens';
const CACHE = [READ, 'cache_creation_input_tokens'];
const BLOCK: CumulativeBlock = {
  sides: [
    { whole: ['input_tokens', ...CACHE], parts: ['cache_creation'] },
    { whole: ['output_tokens'], parts: ['output_tokens_details'] },
  ],
};

/** The usage of a stream: "the token counts … are cumulative" (https://platform.claude.com/docs/en/build-with-claude/streaming). */
export function mergeUsage(earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(earlier) || !isJsonObject(later) || !isSplitBy(later, earlier))
    return cumulative(BLOCK, earlier, later);
  const cached = CACHE.reduce((sum, field) => sum + (numberIn(later, field) ?? 0), 0);
  const rest = Math.max(0, (numberIn(earlier, 'input_tokens') ?? 0) - cached);
  const input = later['input_tokens'] ?? rest;
  return cumulative(BLOCK, { ...earlier, input_tokens: 0 }, { ...later, input_tokens: input });
}

/**
 * Streams of Alibaba and Kimi begin with about the whole prompt as their input, and end with how much of it was cached,
 * with the rest or without (https://github.com/maximhq/bifrost/pull/5355, https://github.com/jeremychone/rust-genai/pull/258).
 * Anthropic's tell of the cache from the start, so there an input that does not come again is the rest.
 */
function isSplitBy(later: JsonObject, earlier: JsonObject): boolean {
  if ((numberIn(later, READ) ?? 0) === 0) return false;
  const told = CACHE.map((field) => earlier[field] ?? undefined).filter((count) => count !== undefined);
  return (
    told.length === 0 || (told.every((count) => count === 0) && (later['input_tokens'] ?? undefined) !== undefined)
  );
}

/** The usage in OpenAI's shape; undefined when it can't be true. */
export const chatUsage = (raw: JsonValue | undefined): JsonObject | undefined => chatUsageOf(raw, readAnthropicUsage);
