// Reads the usage block of an OpenAI-shaped answer. The block itself is stored and reaches clients of chat completions
// unchanged; the result of this reading is billed and reported to clients of other APIs. Known names of the same counts:
// - OpenAI: prompt_tokens_details.{cached_tokens, cache_write_tokens, audio_tokens, image_tokens}, completion_tokens_details.
//   {reasoning_tokens, audio_tokens} (https://developers.openai.com/api/docs/guides/prompt-caching). OpenRouter has the same
//   (https://openrouter.ai/docs/use-cases/usage-accounting), and so do xAI, Zhipu, Mistral and most others for cached tokens.
// - DeepSeek: prompt_cache_hit_tokens + prompt_cache_miss_tokens = prompt_tokens (https://api-docs.deepseek.com/guides/kv_cache);
//   resellers have prompt_cache_write_tokens beside them.
// - Moonshot and Together: cached_tokens beside prompt_tokens; Inception: cached_input_tokens (recorded in cognesy/instructor-php);
//   Mistral may have num_cached_tokens (https://github.com/mistralai/client-python, UsageInfo).
// - Alibaba: prompt_tokens_details.{cache_creation_input_tokens, cache_creation.ephemeral_5m_input_tokens}, and `cache_type: "ephemeral"`
//   where the request marked the prompt to cache: its hits have a price of their own
//   (https://www.alibabacloud.com/help/en/model-studio/context-cache, https://github.com/BerriAI/litellm/issues/40090).
// - Anthropic's models behind LiteLLM: {cache_read_input_tokens, cache_creation_input_tokens} beside prompt_tokens_details.
//   {cache_creation_tokens, cache_creation_token_details} (https://github.com/BerriAI/litellm/issues/15056); behind new-api:
//   prompt_tokens_details.cached_creation_tokens and claude_cache_creation_{5_m,1_h}_tokens; behind this gateway: cache_write_1h_tokens.
// - Mistral: prompt_tokens leaves audio out, whose tokens are in the total and not always in prompt_tokens_details.audio_tokens (recorded in
//   https://github.com/pydantic/genai-prices/pull/591 and 0xPlaygrounds/rig, mistral/transcription.rs). prompt_audio_seconds says how long the
//   audio was: it bills transcriptions that are sold by the second, and tokens have a count of their own.
// - Writer has prompt_token_details and completion_token_details (recorded in traceloop/openllmetry), and Mistral may have the first
//   (https://github.com/mistralai/client-python, UsageInfo).
// For providers that report details beside the main counts instead of within them, see ../readings.ts.
import { doubleOf, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { type Usage, type UsageFault, usageOf } from '../usage.js';
import { readAnthropicUsage } from './anthropic-usage.js';
import { isBedrockUsage, readBedrockUsage } from './bedrock-usage.js';
import { countOf, type Parts, readBlock, requiredCount } from './counts.js';

/** Brings a provider's usage block into normal form, or says why it can't be billed (the charge is then quarantined). */
export function normaliseUsage(raw: JsonValue): Usage | UsageFault {
  if (!isJsonObject(raw) || isTold(raw, 'prompt_tokens')) return readBlock(raw, read);
  if (isBedrockUsage(raw)) return readBedrockUsage(raw);
  return isTold(raw, 'input_tokens') ? readInputOutput(raw) : readBlock(raw, read);
}

const isTold = (block: JsonObject, field: string): boolean => (block[field] ?? undefined) !== undefined;

/** Counts by the names that other APIs have for them: those of OpenAI report a total, and Anthropic's never does. */
function readInputOutput(raw: JsonObject): Usage | UsageFault {
  if (!isTold(raw, 'total_tokens')) return readAnthropicUsage(raw);
  return normaliseInputOutput(raw, 'input_tokens_details' in raw ? 'input_tokens_details' : 'input_token_details');
}

/** Brings a block that counts input and output into normal form; `detailsField` holds the details of its input. */
export const normaliseInputOutput = (block: JsonObject, detailsField: string): Usage | UsageFault =>
  normaliseUsage({
    prompt_tokens: block['input_tokens'],
    completion_tokens: block['output_tokens'],
    total_tokens: block['total_tokens'],
    prompt_tokens_details: block[detailsField],
    completion_tokens_details: block['output_tokens_details'],
  });

/**
 * The same for embeddings and rerankers, which complete nothing: a total alone, as Voyage and Jina report it, counts the
 * prompt (https://docs.voyageai.com/reference/embeddings-api, https://api.jina.ai/docs#/rerank).
 */
export const normalisePrompt = (raw: JsonValue): Usage | UsageFault =>
  readBlock(raw, (block) =>
    normaliseUsage({ ...block, prompt_tokens: block['prompt_tokens'] ?? block['total_tokens'] }),
  );

/** The same for a response. */
export const normaliseResponses = (raw: JsonValue): Usage | UsageFault =>
  readBlock(raw, (block) => normaliseInputOutput(block, 'input_tokens_details'));

/** Where the cached tokens are told: among the details of the prompt, or beside it. */
const CACHED_IN = ['cached_tokens', 'cache_read_input_tokens'];
const CACHED_BESIDE = [
  'cached_tokens',
  'prompt_cache_hit_tokens',
  'cache_read_input_tokens',
  'cached_input_tokens',
  'num_cached_tokens',
];
/** The same for the cache writes of both lifetimes. */
const WRITTEN_IN = [
  'cache_write_tokens',
  'cache_creation_input_tokens',
  'cache_creation_tokens',
  'cached_creation_tokens',
];
const WRITTEN_BESIDE = ['cache_creation_input_tokens', 'prompt_cache_write_tokens'];

function read(raw: JsonObject, parts: Parts): Usage | UsageFault {
  const prompt = detailsIn(raw, parts, ['prompt_tokens_details', 'prompt_token_details']);
  const completion = detailsIn(raw, parts, ['completion_tokens_details', 'completion_token_details']);
  const reasoningTokens = Math.max(
    parts.count(completion, 'reasoning_tokens') ?? 0,
    parts.count(raw, 'reasoning_tokens') ?? 0,
  );
  const totalTokens = totalOf(raw, reasoningTokens, parts);
  const cachedTokens = cachedIn(raw, prompt, parts);
  const { cacheWriteTokens, cacheWrite1hTokens } = writtenIn(raw, prompt, parts);
  const promptTokens = requiredCount(raw, 'prompt_tokens');
  return usageOf({
    promptTokens,
    completionTokens: completionOf(raw, promptTokens, totalTokens),
    cachedTokens,
    explicitCachedTokens: prompt['cache_type'] === 'ephemeral' ? cachedTokens : undefined,
    cacheWriteTokens,
    cacheWrite1hTokens,
    promptAudioTokens: parts.count(prompt, 'audio_tokens') || unlistedAudio(raw, promptTokens, totalTokens),
    promptImageTokens: parts.count(prompt, 'image_tokens'),
    reasoningTokens,
    completionAudioTokens: parts.count(completion, 'audio_tokens'),
    totalTokens,
    reading: parts.doubt,
  });
}

const detailsIn = (raw: JsonObject, parts: Parts, [usual, other]: readonly [string, string]): JsonObject =>
  parts.within(raw, isTold(raw, usual) ? usual : other);

/**
 * Vercel, which alone tells a `market_cost`, counts and bills Gemini's thoughts beside the completion and leaves them out of the total (recorded in
 * charmbracelet/fantasy, TestVercelCommon). OpenAI's are within it there as well, so only thoughts that do not fit into it are certainly beside.
 */
function totalOf(raw: JsonObject, reasoningTokens: number, parts: Parts): number | undefined {
  const total = parts.count(raw, 'total_tokens');
  const isBeside = isTold(raw, 'market_cost') && reasoningTokens > (countOf(raw, 'completion_tokens') ?? Infinity);
  return total !== undefined && isBeside ? total + reasoningTokens : total;
}

/**
 * A completion that is not told is what the total leaves of it; an embedding's block has none, and a total that is its prompt. With audio,
 * what is left may be of the audio.
 */
const completionOf = (raw: JsonObject, promptTokens: number, total = promptTokens): number =>
  countOf(raw, 'completion_tokens') ?? (hasAudio(raw) ? 0 : Math.max(0, total - promptTokens));

/** Of audio shorter than a second, 0 are told (recorded in maruel/genai, providers/mistral). */
const hasAudio = (raw: JsonObject): boolean => doubleOf(raw['prompt_audio_seconds']) !== undefined;

/** Audio that no count but the total has: what text and completion leave of that. */
function unlistedAudio(raw: JsonObject, textTokens: number, total = textTokens): number {
  const completion = hasAudio(raw) ? countOf(raw, 'completion_tokens') : undefined;
  return completion === undefined ? 0 : Math.max(0, total - textTokens - completion);
}

/** The cached tokens, wherever they are reported. */
function cachedIn(raw: JsonObject, details: JsonObject, parts: Parts): number {
  const hits = parts.count(raw, 'prompt_cache_hit_tokens');
  const misses = parts.count(raw, 'prompt_cache_miss_tokens');
  if (hits !== undefined && misses !== undefined && hits + misses !== raw['prompt_tokens']) parts.doubted();
  return Math.max(parts.largest(details, CACHED_IN), parts.largest(raw, CACHED_BESIDE));
}

/** The cache writes, wherever they are reported, by lifetime. */
function writtenIn(raw: JsonObject, details: JsonObject, parts: Parts) {
  const all = Math.max(parts.largest(details, WRITTEN_IN), parts.largest(raw, WRITTEN_BESIDE));
  let for5m = parts.count(raw, 'claude_cache_creation_5_m_tokens') ?? 0;
  let for1h = Math.max(
    parts.count(details, 'cache_write_1h_tokens') ?? 0,
    parts.count(raw, 'claude_cache_creation_1_h_tokens') ?? 0,
  );
  for (const life of [
    parts.within(details, 'cache_creation'),
    parts.within(details, 'cache_creation_token_details'),
    parts.within(raw, 'cache_creation'),
  ]) {
    for5m = Math.max(for5m, parts.count(life, 'ephemeral_5m_input_tokens') ?? 0);
    for1h = Math.max(for1h, parts.count(life, 'ephemeral_1h_input_tokens') ?? 0);
  }
  return parts.written(all, for5m === 0 ? undefined : for5m, for1h);
}
