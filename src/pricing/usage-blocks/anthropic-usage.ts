// Anthropic's usage block. `input_tokens` excludes cache reads and writes; `output_tokens` is the whole output.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
import { doubleOf, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, type UsageFault, usageOf } from '../usage.js';
import { type Parts, readBlock, requiredCount } from './counts.js';

/** Brings Anthropic's usage block into normal form, or says why it can't be billed. */
export function readAnthropicUsage(raw: JsonValue): Usage | UsageFault {
  return readBlock(raw, (block, parts) => {
    if (isBilledApart(block)) parts.doubted();
    const byLife = parts.within(block, 'cache_creation');
    const cachedTokens = parts.count(block, 'cache_read_input_tokens') ?? 0;
    const written = writtenIn(block, byLife, parts);
    const cache = cachedTokens + written.cacheWriteTokens + written.cacheWrite1hTokens;
    return usageOf({
      promptTokens: requiredCount(block, 'input_tokens') + cache,
      cachedTokens,
      ...written,
      completionTokens: requiredCount(block, 'output_tokens'),
      reasoningTokens: parts.count(parts.within(block, 'output_tokens_details'), 'thinking_tokens') ?? 0,
      reading: parts.doubt,
    });
  });
}

/**
 * The cache writes by lifetime. With tools that run at Anthropic, the count is of all rounds and the lives are of the first alone: 12,174 and 291
 * (recorded in Mirascope/mirascope, test_web_search_tool). The rest was written for five minutes at least.
 */
function writtenIn(block: JsonObject, byLife: JsonObject, parts: Parts) {
  const all = parts.count(block, 'cache_creation_input_tokens') ?? 0;
  const for5m = parts.count(byLife, 'ephemeral_5m_input_tokens');
  const for1h = parts.count(byLife, 'ephemeral_1h_input_tokens') ?? 0;
  const lives = (for5m ?? all) + for1h;
  if (lives > 0 && lives < all) parts.doubted();
  return parts.written(all, Math.max(for5m ?? 0, all - for1h), for1h);
}

/**
 * Usage without a price in the list: searches, fast mode, and what a compaction, an advisor or a fallback model used,
 * which the block's own counts exclude. Requests that could cause it are refused, so this should not happen; the counts
 * are certain all the same.
 */
const isBilledApart = (block: JsonObject): boolean =>
  searchesIn(block['server_tool_use']) > 0 ||
  block['speed'] === 'fast' ||
  (isJsonArray(block['iterations']) && block['iterations'].filter(isJsonObject).some(({ type }) => type !== 'message'));

const searchesIn = (tools: JsonValue | undefined): number =>
  isJsonObject(tools) ? (doubleOf(tools['web_search_requests']) ?? 0) : 0;
