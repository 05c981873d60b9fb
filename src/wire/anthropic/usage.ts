// Anthropic's usage block. `input_tokens` leaves out what was read from and written to the cache; `output_tokens` is all of the output.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, UsageFault, usageOf } from '../../pricing/index.js';
import { countOf, detailsOf, readBlock, requiredCount } from '../counts.js';
import { objectsOf } from '../json.js';

/** Brings Anthropic's usage block into normal form, or says why it can't be billed. */
export function readUsage(raw: JsonValue): Usage | UsageFault {
  return readBlock(raw, (block) => {
    const unbillable = billedApart(block);
    if (unbillable !== undefined) return new UsageFault(unbillable);
    const cachedTokens = countOf(block, 'cache_read_input_tokens') ?? 0;
    const reported = countOf(block, 'cache_creation_input_tokens');
    const byLife = detailsOf(block, 'cache_creation');
    const cacheWrite1hTokens = countOf(byLife, 'ephemeral_1h_input_tokens') ?? 0;
    // Without the breakdown all of it was written for five minutes, the only life there was before there was one.
    const for5m = countOf(byLife, 'ephemeral_5m_input_tokens');
    const cacheWriteTokens = for5m ?? (reported ?? cacheWrite1hTokens) - cacheWrite1hTokens;
    const written = reported ?? cacheWriteTokens + cacheWrite1hTokens;
    if (cacheWriteTokens + cacheWrite1hTokens !== written || cacheWriteTokens < 0) {
      return new UsageFault(
        `${cacheWriteTokens} tokens cached for 5 minutes and ${cacheWrite1hTokens} for 1 hour do not make the ${written} reported.`,
      );
    }
    return usageOf({
      promptTokens: requiredCount(block, 'input_tokens') + cachedTokens + written,
      cachedTokens,
      cacheWriteTokens,
      cacheWrite1hTokens,
      completionTokens: requiredCount(block, 'output_tokens'),
      reasoningTokens: countOf(detailsOf(block, 'output_tokens_details'), 'thinking_tokens') ?? 0,
    });
  });
}

/** What the price list has no price for. Requests that could lead to it are refused, so this should not happen. */
function billedApart(block: JsonObject): string | undefined {
  const searches = countOf(detailsOf(block, 'server_tool_use'), 'web_search_requests') ?? 0;
  if (searches > 0) return `${searches} web searches are billed apart from tokens, which can’t be done here.`;
  if (block['speed'] === 'fast') return 'Fast mode has prices of its own, which are not known here.';
  // What a compaction, an advisor or a fallback model used is not in the block's own counts.
  const apart = objectsOf(block['iterations']).find(({ type }) => type !== 'message');
  return apart && `Tokens of an iteration of type ${JSON.stringify(apart['type'])} are not in the counts.`;
}

/** The counts of a later event stand for those of an earlier one: they are cumulative. A count of null tells nothing. */
export function mergeUsage(earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined {
  if (later === undefined || later === null) return earlier;
  if (!isJsonObject(earlier) || !isJsonObject(later)) return later;
  return { ...earlier, ...Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null)) };
}

/** The usage in OpenAI's shape; undefined when it can't be true. `cache_write_tokens` is all that was written, whatever its life. */
export function chatUsage(raw: JsonValue | undefined): JsonObject | undefined {
  const usage = raw === undefined ? undefined : readUsage(raw);
  if (usage === undefined || usage instanceof UsageFault) return undefined;
  const { cacheWriteTokens, cacheWrite1hTokens } = usage;
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: cacheWriteTokens + cacheWrite1hTokens,
      ...(cacheWrite1hTokens > 0 && { cache_write_1h_tokens: cacheWrite1hTokens }),
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
