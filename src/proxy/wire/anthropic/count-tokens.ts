// `POST /v1/messages/count_tokens`. Anthropic counts tokens of its own models. Nothing here can count another model's, and a count made up
// would be taken for one. The endpoint is optional: clients that find none estimate for themselves.
// https://code.claude.com/docs/en/llm-gateway-protocol
import type { JsonObject } from '../../../kernel/index.js';
import { type MessagesRequest, readConversation } from './native-request.js';

/** A request that is only counted: one of the Messages API, without a cap. */
export type CountRequest = Pick<MessagesRequest, 'body' | 'model'>;

/** @throws Untranslatable naming the field at fault. */
export function readCountRequest(body: JsonObject): CountRequest {
  const { messages: _messages, ...request } = readConversation(body);
  return request;
}

/** Whether an answer tells a count. */
export const isTokenCount = ({ input_tokens: count }: JsonObject): boolean =>
  typeof count === 'number' && Number.isSafeInteger(count) && count >= 0;

/** Why there is none. */
export const noTokenCount = (model: string): string =>
  `Tokens of "${model}" can’t be counted here: its provider has no way to. The usage of an answer tells them exactly.`;
