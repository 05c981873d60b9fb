// Usage in the shape of OpenAI's chat completions, as clients are told it, and as a stream reports it. How it is read: src/pricing/usage-blocks.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { isBedrockUsage, normaliseUsage, type Usage, UsageFault } from '../../pricing/index.js';
import { choiceOf } from './chat.js';
import { cumulative, type CumulativeBlock } from './cumulative.js';
import { objectIn } from './json.js';

/** Usage in normal form as an OpenAI block. `cache_write_tokens` is the total of both lifetimes. */
function chatUsage(usage: Usage): JsonObject {
  const { cacheWriteTokens, cacheWrite1hTokens, explicitCachedTokens = 0 } = usage;
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedTokens,
      cache_write_tokens: cacheWriteTokens + cacheWrite1hTokens,
      ...(cacheWrite1hTokens > 0 && { cache_write_1h_tokens: cacheWrite1hTokens }),
      ...(explicitCachedTokens > 0 && { cache_type: 'ephemeral' }),
      ...(usage.promptAudioTokens > 0 && { audio_tokens: usage.promptAudioTokens }),
      ...(usage.promptImageTokens > 0 && { image_tokens: usage.promptImageTokens }),
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      ...(usage.completionAudioTokens > 0 && { audio_tokens: usage.completionAudioTokens }),
    },
  };
}

/** A provider's block in OpenAI's shape; undefined when there is none that can be billed. */
export function chatUsageOf(
  raw: JsonValue | undefined,
  readUsage: (raw: JsonValue) => Usage | UsageFault,
): JsonObject | undefined {
  const usage = raw === undefined ? undefined : readUsage(raw);
  return usage === undefined || usage instanceof UsageFault ? undefined : chatUsage(usage);
}

const BLOCK: CumulativeBlock = {
  sides: [
    {
      whole: ['prompt_tokens', 'input_tokens'],
      parts: [
        'prompt_tokens_details',
        'prompt_token_details',
        'input_tokens_details',
        'input_token_details',
        'prompt_audio_seconds',
        'cached_tokens',
        'prompt_cache_hit_tokens',
        'prompt_cache_miss_tokens',
        'prompt_cache_write_tokens',
        'cache_read_input_tokens',
        'cached_input_tokens',
        'num_cached_tokens',
        'cache_creation_input_tokens',
        'cache_creation',
        'claude_cache_creation_5_m_tokens',
        'claude_cache_creation_1_h_tokens',
      ],
    },
    {
      whole: ['completion_tokens', 'output_tokens'],
      parts: ['completion_tokens_details', 'completion_token_details', 'output_tokens_details', 'reasoning_tokens'],
    },
  ],
  total: 'total_tokens',
};

/** The same for blocks that Bedrock names. */
const BEDROCK_BLOCK: CumulativeBlock = {
  sides: [
    {
      whole: ['inputTokens'],
      parts: [
        'cacheReadInputTokens',
        'cacheReadInputTokenCount',
        'cacheWriteInputTokens',
        'cacheWriteInputTokenCount',
        'cacheDetails',
      ],
    },
    { whole: ['outputTokens'], parts: [] },
  ],
  total: 'totalTokens',
};

/** The usage of a stream that reports it in several chunks. */
export const mergeChatUsage = (earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined =>
  cumulative(isJsonObject(later) && isBedrockUsage(later) ? BEDROCK_BLOCK : BLOCK, earlier, later);

/**
 * What an answer or a chunk reports: at the top, in the first choice as Moonshot does, or beside them in Groq's own
 * field (https://console.groq.com/docs/api-reference#chat-create).
 */
export const usageOfAnswer = (answer: JsonObject): JsonValue | undefined =>
  answer['usage'] ?? choiceOf(answer)?.['usage'] ?? objectIn(answer, 'x_groq')?.['usage'] ?? undefined;

/** The usage a chat completion is billed by, for clients of another API. */
export const usageIn = (chat: JsonObject): JsonObject | undefined => chatUsageOf(usageOfAnswer(chat), normaliseUsage);

/** The same for the chunks of a stream. */
export class UsageSoFar {
  #block: JsonValue | undefined;

  /** Takes a chunk; returns whether it held usage. */
  take(chunk: JsonObject): boolean {
    const block = usageOfAnswer(chunk);
    this.#block = mergeChatUsage(this.#block, block);
    return block !== undefined;
  }

  get latest(): JsonObject | undefined {
    return chatUsageOf(this.#block, normaliseUsage);
  }
}
