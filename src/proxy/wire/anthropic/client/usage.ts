// The usage of a chat in Anthropic's shape. Its input_tokens exclude cache reads and writes.
import type { JsonObject } from '../../../../kernel/index.js';
import { numberIn, objectIn } from '../../json.js';

/** All zeros while there is no usage. */
export function messageUsage(usage: JsonObject = {}): JsonObject {
  const prompt = objectIn(usage, 'prompt_tokens_details') ?? {};
  const completion = objectIn(usage, 'completion_tokens_details');
  const read = numberIn(prompt, 'cached_tokens') ?? 0;
  const written = numberIn(prompt, 'cache_write_tokens') ?? 0;
  return {
    input_tokens: (numberIn(usage, 'prompt_tokens') ?? 0) - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: written === 0 ? null : cacheCreation(written, numberIn(prompt, 'cache_write_1h_tokens') ?? 0),
    output_tokens: usage['completion_tokens'] ?? 0,
    output_tokens_details: completion === undefined ? null : { thinking_tokens: completion['reasoning_tokens'] },
  };
}

const cacheCreation = (written: number, for1h: number): JsonObject => ({
  ephemeral_5m_input_tokens: written - for1h,
  ephemeral_1h_input_tokens: for1h,
});
