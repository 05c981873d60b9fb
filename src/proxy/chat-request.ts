// Reads the body of a chat completion: only what billing and routing need. Everything else passes to the provider as it came.
import { isJsonObject, type JsonObject, type JsonValue } from '../kernel/index.js';
import type { Model, UsageBound } from '../pricing/index.js';
import { PDF_PAGE_TEXT_TOKENS, pdfPages } from '../wire/index.js';
import { invalidRequest } from '../http/index.js';
import { count, isBoolean, isString, modelOf, optional, parseBody, sizeOf, thinkingTokensOf } from './request-body.js';

/** The price list has no others. */
const PRICED_TIERS = ['auto', 'default'];
const MAX_CHOICES = 128;
const MAX_TOKENS_ASKED = 100_000_000;

export interface ChatRequest {
  readonly body: JsonObject;
  readonly model: string;
  readonly stream: boolean;
  /** Whether the client itself asked for the usage chunk of a stream. */
  readonly includeUsage: boolean;
  /** The client's own cap on completion tokens per choice. */
  readonly maxTokens: number | undefined;
  /** What the client gives to thinking. */
  readonly thinkingTokens: number;
  readonly choices: number;
  readonly media: Media;
  /** The size of the body in bytes, less the media in it that is counted by allowances. */
  readonly textBytes: number;
  readonly tools: number;
}

/** What a request carries beside text. */
export interface Media {
  readonly images: number;
  /** Pages of the PDF files; `Infinity` when a file is not in the request but only named. */
  readonly pages: number;
  readonly audioBytes: number;
  readonly audioOut: boolean;
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
  const tier = optional(body, 'service_tier', isString, 'a text') ?? 'auto';
  if (!PRICED_TIERS.includes(tier))
    throw invalidRequest(
      `"service_tier" can only be ${PRICED_TIERS.join(' or ')}: others have prices of their own.`,
      'service_tier',
    );
  const { bytes: mediaBytes, ...media } = findMedia(messages, body['modalities']);
  return {
    body,
    model,
    stream,
    includeUsage: options?.['include_usage'] === true,
    maxTokens: maxTokensOf(body),
    thinkingTokens: thinkingTokensOf(body),
    choices: count(body, 'n', MAX_CHOICES) ?? 1,
    media,
    textBytes: Math.max(0, bytes - mediaBytes),
    tools: Array.isArray(body['tools']) ? body['tools'].length : 0,
  };
}

/** One cap at most, as OpenAI has it: a provider that reads only the larger of two would go beyond the hold. */
function maxTokensOf(body: JsonObject): number | undefined {
  const older = count(body, 'max_tokens', MAX_TOKENS_ASKED);
  const newer = count(body, 'max_completion_tokens', MAX_TOKENS_ASKED);
  if (older !== undefined && newer !== undefined)
    throw invalidRequest('"max_tokens" and "max_completion_tokens" can’t both be set.', 'max_tokens');
  return newer ?? older;
}

/** Counts the media of all messages, and the bytes of the body they take up as data URLs or base64. */
function findMedia(
  messages: readonly JsonValue[],
  modalities: JsonValue | undefined,
): Media & { readonly bytes: number } {
  let images = 0;
  let pages = 0;
  let audioBytes = 0;
  let bytes = 0;
  for (const part of messages.flatMap(contentParts)) {
    const image = part['image_url'];
    const audio = part['input_audio'];
    const file = part['file'];
    if (image !== undefined) {
      images++;
      const url = isJsonObject(image) ? image['url'] : image;
      if (typeof url === 'string' && url.startsWith('data:')) bytes += url.length;
    } else if (isJsonObject(audio) && typeof audio['data'] === 'string') {
      audioBytes += audio['data'].length;
      bytes += audio['data'].length;
    } else if (isJsonObject(file)) {
      const data = file['file_data'];
      pages += typeof data === 'string' ? pdfPages(data.slice(data.indexOf(',') + 1)) : Infinity;
    }
  }
  return { images, pages, audioBytes, audioOut: Array.isArray(modalities) && modalities.includes('audio'), bytes };
}

const contentParts = (message: JsonValue): readonly JsonObject[] => {
  const content = isJsonObject(message) ? message['content'] : undefined;
  return Array.isArray(content) ? content.filter(isJsonObject) : [];
};

/** Tokens a provider may add around the messages, such as role markers. */
const PROVIDER_OVERHEAD_TOKENS = 500;
/** Tokens of a provider's own prompt about tools (Anthropic: up to 804 by its documents). */
const TOOL_PROMPT_TOKENS = 1_000;
/** No provider counts more than one audio token per this many bytes of base64 (OpenAI 10 a second, Gemini 32, of 8 kbit/s audio and up). */
const BASE64_BYTES_PER_AUDIO_TOKEN = 20;

/**
 * The most prompt tokens a request can come to: a text token is at least one byte, media count by documented allowances, and
 * no provider takes more than the model's context window.
 */
export function promptBound({ textBytes, media, tools }: ChatRequest, { imageTokens, contextWindow }: Model): number {
  const audio = Math.ceil(media.audioBytes / BASE64_BYTES_PER_AUDIO_TOKEN);
  const pages = media.pages * (PDF_PAGE_TEXT_TOKENS + imageTokens);
  const overhead = PROVIDER_OVERHEAD_TOKENS + (tools > 0 ? TOOL_PROMPT_TOKENS : 0);
  return Math.min(contextWindow, textBytes + overhead + media.images * imageTokens + pages + audio);
}

/**
 * The body for the provider: usage is always asked for, and the cap the hold was placed for, ours or the client's, goes in the field
 * that the model reads (a cap in the other one would be ignored).
 */
export function upstreamBody(
  { body, stream, maxTokens }: ChatRequest,
  { tokenLimitField }: Model,
  cap?: number,
): JsonObject {
  const { max_tokens: _older, max_completion_tokens: _newer, ...rest } = body;
  const options = isJsonObject(body['stream_options']) ? body['stream_options'] : {};
  return {
    ...rest,
    ...(stream && { stream_options: { ...options, include_usage: true } }),
    [tokenLimitField]: cap ?? maxTokens,
  };
}

/** The kinds of tokens a request without such media can't come to. */
export function ruledOut({ images, audioBytes, audioOut }: Media): NonNullable<UsageBound['without']> {
  return [
    ...(images === 0 ? (['inputImage'] as const) : []),
    ...(audioBytes === 0 ? (['inputAudio'] as const) : []),
    ...(audioOut ? [] : (['outputAudio'] as const)),
  ];
}
