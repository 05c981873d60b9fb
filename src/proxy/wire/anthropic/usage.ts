// Anthropic's usage block in a stream, and in OpenAI's shape. How it is read: src/pricing/usage-blocks/anthropic-usage.ts.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { readAnthropicUsage } from '../../../pricing/index.js';
import { chatUsageOf } from '../chat-usage.js';
import { cumulative, type CumulativeBlock } from '../cumulative.js';

const BLOCK: CumulativeBlock = {
  sides: [
    { whole: ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'], parts: ['cache_creation'] },
    { whole: ['output_tokens'], parts: ['output_tokens_details'] },
  ],
};

/** The usage of a stream: "the token counts … are cumulative" (https://platform.claude.com/docs/en/build-with-claude/streaming). */
export const mergeUsage = (earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined =>
  cumulative(BLOCK, earlier, later);

/** The usage in OpenAI's shape; undefined when it can't be true. */
export const chatUsage = (raw: JsonValue | undefined): JsonObject | undefined => chatUsageOf(raw, readAnthropicUsage);
