// OpenAI's usage block in Anthropic's shape, for clients to read. It is not what is billed: that is read from the provider's own block.
import type { JsonObject } from '../../../kernel/index.js';
import { cachedTokensIn } from '../../chat.js';
import { numberIn, objectIn } from '../../json.js';

export function messageUsage(usage: JsonObject): JsonObject {
  const prompt = objectIn(usage, 'prompt_tokens_details') ?? {};
  const completion = objectIn(usage, 'completion_tokens_details') ?? {};
  const read = cachedTokensIn(usage);
  const written = numberIn(prompt, 'cache_write_tokens') ?? 0;
  const thinking = numberIn(completion, 'reasoning_tokens');
  return {
    input_tokens: Math.max(0, (numberIn(usage, 'prompt_tokens') ?? 0) - read - written),
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: written === 0 ? null : cacheCreation(written, numberIn(prompt, 'cache_write_1h_tokens') ?? 0),
    output_tokens: numberIn(usage, 'completion_tokens') ?? 0,
    output_tokens_details: thinking === undefined ? null : { thinking_tokens: thinking },
  };
}

const cacheCreation = (written: number, for1h: number): JsonObject => ({
  ephemeral_5m_input_tokens: written - for1h,
  ephemeral_1h_input_tokens: for1h,
});
