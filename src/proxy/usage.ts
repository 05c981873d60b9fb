// Usage blocks of OpenAI's endpoints that are no chats, and of any endpoint for who reads one afterwards.
import type { JsonObject } from '../kernel/index.js';
import type { Usage, UsageFault } from '../pricing/index.js';
import { normaliseUsage } from '../wire/index.js';

export { normaliseUsage };

/** Brings a block into normal form that counts input and output: `detailsField` is what its parts of the input stand under. */
export const normaliseInputOutput = (block: JsonObject, detailsField: string): Usage | UsageFault =>
  normaliseUsage({
    prompt_tokens: block['input_tokens'],
    completion_tokens: block['output_tokens'],
    total_tokens: block['total_tokens'],
    prompt_tokens_details: block[detailsField],
    completion_tokens_details: block['output_tokens_details'],
  });
