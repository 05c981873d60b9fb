// Anthropic's API: https://platform.claude.com/docs/en/api/messages/create
import { type Api, BEARER, jsonOf } from '../api.js';
import { chat } from '../chat.js';
import { type ChatRequest, textOf } from '../chat-request.js';
import { WireError } from '../errors.js';
import type { ChatFormat } from '../format.js';
import { type Plain, plain } from '../plain.js';
import { promptTokens } from '../tokenizer.js';
import { message } from './message.js';
import { readRequest } from './request.js';
import { messageEvents } from './stream.js';

// https://platform.claude.com/docs/en/api/errors
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
};

const MESSAGES: ChatFormat = {
  idPrefix: 'msg_',
  whole: message,
  frames: messageEvents,
  failed: (failure) => `event: error\ndata: ${JSON.stringify(bodyOf(failure))}\n\n`,
};

export const ANTHROPIC: Api = {
  prefix: '/anthropic/v1',
  body: bodyOf,
  // Anthropic's documentation uses x-api-key; newer versions of its own client send a bearer token.
  authorise: ({ 'x-api-key': key, authorization = '', 'anthropic-version': version }) => {
    if (!key && !BEARER.test(authorization)) throw new WireError(401, 'x-api-key header is required');
    if (!version) throw new WireError(400, 'anthropic-version: header is required');
  },
  read: (call) => {
    if (call.method !== 'POST') return undefined;
    if (call.path === '/messages') return chat(MESSAGES, readRequest(jsonOf(call)), call);
    if (call.path !== '/messages/count_tokens') return undefined;
    return plain(countTokens(readRequest(jsonOf(call), { isCounted: true })), call);
  },
};

/** Counting costs nothing, so it has no usage. */
function countTokens(request: ChatRequest): Plain {
  const last = request.messages.findLast(({ role }) => role === 'user');
  const bytes = JSON.stringify({ input_tokens: promptTokens(request) });
  return {
    model: request.model,
    text: last ? textOf(last) : '',
    param: 'messages',
    idPrefix: 'count_',
    answer: () => ({ contentType: 'application/json', bytes, usage: null }),
  };
}

function bodyOf({ status, message: words }: WireError): object {
  return { type: 'error', error: { type: TYPES[status] ?? 'api_error', message: words } };
}
