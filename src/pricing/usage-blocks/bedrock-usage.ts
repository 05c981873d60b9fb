// The usage block of Amazon Bedrock, which gateways before it pass on in answers of OpenAI's shape
// (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html). Its `inputTokens` leave out what was read from the
// cache and written to it (https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html), but not with every model
// (https://github.com/anomalyco/opencode/pull/47354): the total, which it always has, says which. Some answers have the counts of the cache
// under two names (recorded in https://github.com/Portkey-AI/gateway/pull/1211).
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, type UsageFault, usageOf } from '../usage.js';
import { type Parts, readBlock, requiredCount } from './counts.js';

/** Whether a block has the count that every one of Bedrock's has, and no other's. */
export const isBedrockUsage = (block: JsonObject): boolean => 'inputTokens' in block;

const READ = ['cacheReadInputTokens', 'cacheReadInputTokenCount'];
const WRITTEN = ['cacheWriteInputTokens', 'cacheWriteInputTokenCount'];

/** Brings Bedrock's usage block into normal form, or says why it can't be billed. */
export const readBedrockUsage = (raw: JsonValue): Usage | UsageFault =>
  readBlock(raw, (block, parts) => {
    const totalTokens = parts.count(block, 'totalTokens');
    const cachedTokens = parts.largest(block, READ);
    const written = writtenIn(block, parts);
    const cache = cachedTokens + written.cacheWriteTokens + written.cacheWrite1hTokens;
    if (totalTokens === undefined && cache > 0) parts.doubted();
    return usageOf({
      promptTokens: requiredCount(block, 'inputTokens'),
      cachedTokens,
      ...written,
      completionTokens: requiredCount(block, 'outputTokens'),
      totalTokens,
      reading: parts.doubt,
    });
  });

/** The cache writes, which `cacheDetails` lists by lifetime. */
function writtenIn(block: JsonObject, parts: Parts) {
  const details = block['cacheDetails'] ?? [];
  const listed = isJsonArray(details) ? details.filter(isJsonObject) : [];
  if (!isJsonArray(details) || listed.length < details.length) parts.doubted();
  const tokensFor = (life: string): number =>
    listed.filter(({ ttl }) => ttl === life).reduce((sum, one) => sum + (parts.count(one, 'inputTokens') ?? 0), 0);
  const for5m = tokensFor('5m');
  return parts.written(parts.largest(block, WRITTEN), for5m === 0 ? undefined : for5m, tokensFor('1h'));
}
