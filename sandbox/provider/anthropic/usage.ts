// Anthropic's usage block. `input_tokens` excludes cache reads and writes. There is no total, so the fault
// `usage_inconsistent` adds its surplus to the lifetimes of the cache writes.
// https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance
import type { ChatRequest } from '../chat-request.js';
import type { Answer } from '../format.js';
import { countJson, messageTokens } from '../tokenizer.js';
import { cacheLife } from './conversation.js';

export interface AnthropicUsage {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly thinking_tokens: number };
  readonly service_tier: 'standard';
}

/** The usage that a message reports; null when it reports none. */
export function usageBlock({ request, reply }: Answer): AnthropicUsage | null {
  if (!reply.usage) return null;
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = reply.usage;
  const read = reply.usage.prompt_tokens_details.cached_tokens;
  const upTo = markedPrompt(request);
  // Cache reads are not writes, and one-hour writes are not five-minute writes.
  const for1h = Math.max(0, upTo['1h'] - read);
  const for5m = Math.max(0, upTo['5m'] - Math.max(read, upTo['1h']));
  return {
    input_tokens: prompt - read - for1h - for5m,
    cache_creation_input_tokens: for1h + for5m,
    cache_read_input_tokens: read,
    cache_creation: {
      ephemeral_5m_input_tokens: for5m + (total - prompt - completion),
      ephemeral_1h_input_tokens: for1h,
    },
    output_tokens: completion,
    output_tokens_details: { thinking_tokens: reply.usage.completion_tokens_details.reasoning_tokens },
    service_tier: 'standard',
  };
}

/** The usage in the first event of a stream: the whole prompt, and one token of the answer. */
export const usageAtStart = (usage: AnthropicUsage): AnthropicUsage => ({
  ...usage,
  output_tokens: Math.min(1, usage.output_tokens),
  output_tokens_details: { thinking_tokens: 0 },
});

/** The usage in the last event but one: all counts. */
export function usageAtEnd({ cache_creation: _lives, service_tier: _tier, ...counts }: AnthropicUsage): object {
  return counts;
}

/** Per lifetime: the tokens of the prompt (tools, system and messages, in this order) before the last marker. */
function markedPrompt({ tools, messages }: ChatRequest): Readonly<Record<'5m' | '1h', number>> {
  const marks = { '5m': 0, '1h': 0 };
  let tokens = 0;
  const pass = (more: number, life: '5m' | '1h' | undefined) => {
    tokens += more;
    if (life) marks[life] = tokens;
  };
  for (const { definition } of tools) pass(countJson(definition), cacheLife(definition, 'tools'));
  for (const message of messages) pass(messageTokens(message), message.cached_for);
  return marks;
}
