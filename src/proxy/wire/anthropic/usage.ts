// Anthropic's usage block. `input_tokens` excludes cache reads and writes; `output_tokens` is the whole output.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { type Usage, type UsageFault, usageOf } from '../../../pricing/index.js';
import { chatUsageOf } from '../chat-usage.js';
import { readBlock, requiredCount } from '../counts.js';
import { cumulative, type CumulativeBlock } from '../cumulative.js';
import { numberIn, objectIn, objectsOf } from '../json.js';

/** Brings Anthropic's usage block into normal form, or says why it can't be billed. */
export function readUsage(raw: JsonValue): Usage | UsageFault {
  return readBlock(raw, (block, parts) => {
    if (isBilledApart(block)) parts.doubted();
    const byLife = parts.within(block, 'cache_creation');
    const cachedTokens = parts.count(block, 'cache_read_input_tokens') ?? 0;
    const written = parts.written(
      parts.count(block, 'cache_creation_input_tokens') ?? 0,
      parts.count(byLife, 'ephemeral_5m_input_tokens'),
      parts.count(byLife, 'ephemeral_1h_input_tokens') ?? 0,
    );
    const cache = cachedTokens + written.cacheWriteTokens + written.cacheWrite1hTokens;
    return usageOf({
      promptTokens: requiredCount(block, 'input_tokens') + cache,
      cachedTokens,
      ...written,
      completionTokens: requiredCount(block, 'output_tokens'),
      reasoningTokens: parts.count(parts.within(block, 'output_tokens_details'), 'thinking_tokens') ?? 0,
      ...parts.doubt,
    });
  });
}

/**
 * Usage without a price in the list: searches, fast mode, and what a compaction, an advisor or a fallback model used,
 * which the block's own counts exclude. Requests that could cause it are refused, so this should not happen; the counts
 * are certain all the same.
 */
const isBilledApart = (block: JsonObject): boolean =>
  (numberIn(objectIn(block, 'server_tool_use') ?? {}, 'web_search_requests') ?? 0) > 0 ||
  block['speed'] === 'fast' ||
  objectsOf(block['iterations']).some(({ type }) => type !== 'message');

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
export const chatUsage = (raw: JsonValue | undefined): JsonObject | undefined => chatUsageOf(raw, readUsage);
