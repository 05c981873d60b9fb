// `POST /v1/messages/count_tokens`. Anthropic counts the tokens of its own models. No provider counts those of other
// models here, and clients would trust an estimate. The endpoint is optional: without it, clients estimate for
// themselves. https://code.claude.com/docs/en/llm-gateway-protocol
import type { JsonObject } from '../../../kernel/index.js';
import { type MessagesRequest, readConversation } from './native-request.js';

/** A request that is only counted: a Messages request without a cap. */
export type CountRequest = Pick<MessagesRequest, 'body' | 'model'>;

/** @throws Untranslatable naming the field at fault. */
export function readCountRequest(body: JsonObject): CountRequest {
  const { messages: _messages, ...request } = readConversation(body);
  return request;
}

/** Whether an answer holds a count. */
export const isTokenCount = ({ input_tokens: count }: JsonObject): boolean =>
  typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;

/** The message when no count is available. */
export const noTokenCount = (model: string): string =>
  `Tokens of "${model}" can’t be counted in advance: its provider doesn’t offer it. The usage of an answer gives the exact count.`;
