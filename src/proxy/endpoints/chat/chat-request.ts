// Reads the body of a chat completion: only what billing and routing need. Everything else passes to the provider as it came.
import { doubleOf, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { invalidRequest } from '../../../platform/http/index.js';
import type { Model, UsageBound } from '../../../pricing/index.js';
import {
  isShortCache,
  MAX_TOKENS_ASKED,
  PDF_PAGE_TEXT_TOKENS,
  refuseBilledApart,
  refuseHostedTools,
  refuseOtherCacheLives,
  refuseOtherTiers,
} from '../../wire/index.js';
import { type Media, mediaOf } from '../body/media.js';
import { count, isBoolean, modelOf, optional, parseBody, sizeOf, thinkingTokensOf } from '../body/request-body.js';

const MAX_CHOICES = 128;

export interface ChatRequest {
  readonly body: JsonObject;
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client itself asked for the usage chunk of a stream. */
  readonly includeUsage: boolean;
  /** The client's own cap on completion tokens per choice. */
  readonly maxTokens: number | undefined;
  /** The client's thinking budget. */
  readonly thinkingTokens: number;
  readonly choices: number;
  readonly media: Media;
  /** The size of the body in bytes, without the media that are counted by allowances. */
  readonly textBytes: number;
  readonly tools: number;
}

/** @throws ApiError 400 naming the field at fault. */
export function readChatRequest(raw: Buffer | undefined): ChatRequest {
  const body = parseBody(raw, '"model" and "messages"');
  return chatRequestOf(body, sizeOf(raw, body));
}

/** Reads a request that came as `bytes` bytes. @throws ApiError 400 naming the field at fault. */
export function chatRequestOf(body: JsonObject, bytes: number): ChatRequest {
  const model = modelOf(body, 'gpt-4o');
  const messages = body['messages'];
  if (!Array.isArray(messages) || messages.length === 0) {
    throw invalidRequest('"messages" must be an array with at least one message.', 'messages');
  }
  const stream = optional(body, 'stream', isBoolean, 'true or false') ?? false;
  const options = optional(body, 'stream_options', isJsonObject, 'an object');
  refuseOtherTiers(body['service_tier']);
  refuseHostedTools(body['tools']);
  refuseBilledApart(body);
  refuseLongCaches(body, messages);
  const media = mediaOf(body, messages);
  return {
    body,
    model,
    stream,
    includeUsage: options?.['include_usage'] === true,
    maxTokens: maxTokensOf(body),
    thinkingTokens: thinkingTokensOf(body),
    choices: count(body, 'n', MAX_CHOICES) ?? 1,
    media,
    textBytes: Math.max(0, bytes - media.bytes),
    tools: Array.isArray(body['tools']) ? body['tools'].length : 0,
  };
}

function refuseLongCaches(body: JsonObject, messages: readonly JsonValue[]): void {
  refuseOtherCacheLives(body['prompt_cache_options'], 'prompt_cache_options');
  for (const [index, message] of messages.entries()) {
    const content = isJsonObject(message) ? message['content'] : undefined;
    if (!Array.isArray(content)) continue;
    for (const part of content as readonly JsonValue[])
      if (isJsonObject(part))
        refuseOtherCacheLives(part['prompt_cache_breakpoint'], `messages[${index}].content.prompt_cache_breakpoint`);
  }
}

/** One cap at most, as at OpenAI: a provider that reads only the larger of two would exceed the hold. */
function maxTokensOf(body: JsonObject): number | undefined {
  const older = count(body, 'max_tokens', MAX_TOKENS_ASKED);
  const newer = count(body, 'max_completion_tokens', MAX_TOKENS_ASKED);
  if (older !== undefined && newer !== undefined)
    throw invalidRequest('"max_tokens" and "max_completion_tokens" can’t both be set.', 'max_tokens');
  return newer ?? older;
}

/** Tokens a provider may add around the messages, such as role markers. */
const PROVIDER_OVERHEAD_TOKENS = 500;
/** Tokens of a provider's own prompt about tools (Anthropic documents up to 804). */
const TOOL_PROMPT_TOKENS = 1_000;

/**
 * The most prompt tokens that a request can have: a text token is at least one byte, media count by documented allowances, and no provider
 * takes more than the model's context window. Nothing is known about the tokens of an image for a model that takes none.
 */
export function promptBound(
  { textBytes, media, tools }: Pick<ChatRequest, 'textBytes' | 'media' | 'tools'>,
  { imageTokens, contextWindow }: Model,
): number {
  if (media.unbounded || (media.images > 0 && imageTokens === 0)) return contextWindow;
  const pages = media.pages * (PDF_PAGE_TEXT_TOKENS + imageTokens);
  const overhead = PROVIDER_OVERHEAD_TOKENS + (tools > 0 ? TOOL_PROMPT_TOKENS : 0);
  return Math.min(contextWindow, textBytes + overhead + media.images * imageTokens + pages + media.audioTokens);
}

/** Whether the model thinks on top of its cap, so that each choice may use the cap twice. */
export const thinksBesideCap = ({ body }: ChatRequest, { capsAnswerOnly = false }: Model): boolean =>
  capsAnswerOnly && (body['enable_thinking'] ?? false) !== false;

/**
 * The body for the provider: usage is always asked for, and the cap the hold was placed for, ours or the client's, goes in the field
 * that the model reads (a cap in the other one would be ignored), and in that of its thinking, if it has one.
 */
export function upstreamBody(request: ChatRequest, model: Model, cap = request.maxTokens): JsonObject {
  const { body, stream } = request;
  const { max_tokens: _older, max_completion_tokens: _newer, ...rest } = body;
  // Ours is the last, as some providers take that one of several that differ in case alone.
  const { include_usage: _asked, ...options } = isJsonObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    ...rest,
    ...(stream && { stream_options: { ...options, include_usage: true } }),
    [model.tokenLimitField]: cap,
    ...(thinksBesideCap(request, model) && cap !== undefined && { thinking_budget: thinkingBudgetOf(body, cap) }),
  };
}

const thinkingBudgetOf = (body: JsonObject, cap: number): number =>
  Math.min(doubleOf(body['thinking_budget'] ?? null) ?? cap, cap);

type Kinds = NonNullable<UsageBound['without']>;

/** The kinds of tokens that a request can't use, by what it carries and asks for. */
export function ruledOut({ media, body }: Pick<ChatRequest, 'media' | 'body'>): Kinds {
  const { images, audioTokens, unbounded } = media;
  const modalities = body['modalities'];
  const without: Kinds[number][] = [];
  if (images === 0 && !unbounded) without.push('inputImage');
  if (audioTokens === 0 && !unbounded) without.push('inputAudio');
  if (!Array.isArray(modalities) || !modalities.includes('audio')) without.push('outputAudio');
  if (!asksForHour(body)) without.push('cacheWrite1h');
  return without;
}

/** Whether anything asks for a prompt cache of longer than five minutes, as Anthropic's `cache_control` can wherever it stands. */
const asksForHour = (value: JsonValue): boolean =>
  isJsonArray(value)
    ? value.some(asksForHour)
    : isJsonObject(value) &&
      Object.entries(value).some(([name, inner = null]) =>
        name === 'cache_control' ? !isShortCache(inner) : asksForHour(inner),
      );

/** Refuses modalities that the model has no price for. @throws ApiError 400 */
export function refuseOtherModalities({ body }: ChatRequest, { id, output }: Model): void {
  const requested = body['modalities'];
  const other = (Array.isArray(requested) ? (requested as readonly JsonValue[]) : []).find(
    (modality) => !(output as readonly JsonValue[]).includes(modality),
  );
  if (other !== undefined)
    throw invalidRequest(
      `"modalities" can only be ${output.join(' and ')} for ${id}: ${JSON.stringify(other)} has no price here.`,
      'modalities',
    );
}
