// The sandbox's tokenizer. A token is up to four letters, one Han character, up to three digits, or one other
// character, with at most one white-space character before it; a longer run of white space is one token. So English has
// about four characters per token, as with real models, and joining the pieces restores the text. A gateway may rely on
// this bound: a text has at most as many tokens as UTF-8 bytes, a message at most 4 more, and everything else (tools,
// schemas, images) at most one per byte of its JSON. So a prompt never has more tokens than its request body has bytes.
import { type JsonValue, isJsonObject } from '../../src/kernel/index.js';
import type { ChatMessage, ChatRequest, ContentPart } from './chat-request.js';

const PIECE = /\s?(?:[\p{L}--\p{Script=Han}]{1,4}|\p{Script=Han}|\p{N}{1,3}|[^\s\p{L}\p{N}])|\s+/gv;
const TOKENS_PER_MESSAGE = 4;
const MOST_TOKENS_PER_ATTACHMENT = 85;

/** The tokens of a text, in order; joined, they are the text. */
export const pieces = (text: string): readonly string[] => text.match(PIECE) ?? [];

/** The number of tokens in a text. */
export const countTokens = (text: string): number => pieces(text).length;

/** The number of tokens in the input of a request: its messages, tools and response schema. */
export function promptTokens({ messages, tools, responseFormat }: ChatRequest): number {
  let tokens = 0;
  for (const message of messages) tokens += messageTokens(message);
  for (const tool of tools) tokens += countJson(tool.definition);
  return tokens + countJson(responseFormat?.schema);
}

/** The number of tokens in a message. */
export function messageTokens({ content, name, tool_calls: toolCalls }: ChatMessage): number {
  let tokens = TOKENS_PER_MESSAGE + countJson(name) + countJson(toolCalls);
  if (typeof content === 'string') tokens += countTokens(content);
  else for (const part of content ?? []) tokens += partTokens(part);
  return tokens;
}

function partTokens(part: ContentPart): number {
  if (typeof part.text === 'string') return countTokens(part.text);
  return Math.min(MOST_TOKENS_PER_ATTACHMENT, JSON.stringify(part).length);
}

/** Counts keys and strings by their text, and any other leaf as one token: never more than the bytes of the JSON. */
export function countJson(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  if (typeof value === 'string') return countTokens(value);
  if (Array.isArray(value)) return value.reduce((tokens: number, item: JsonValue) => tokens + countJson(item), 0);
  if (!isJsonObject(value)) return 1;
  let tokens = 0;
  for (const [key, item] of Object.entries(value)) tokens += countTokens(key) + countJson(item);
  return tokens;
}
