// Errors in Anthropic's shape. https://platform.claude.com/docs/en/api/errors
import type { JsonObject } from '../../../kernel/index.js';
import { objectIn, textIn } from '../../json.js';

const BY_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** Within a stream there is no status: the type of the error tells. */
const BY_TYPE: Readonly<Record<string, string>> = {
  invalid_request_error: 'invalid_request_error',
  authentication_error: 'authentication_error',
  insufficient_balance: 'billing_error',
  permission_error: 'permission_error',
  rate_limit_exceeded: 'rate_limit_error',
  service_unavailable: 'overloaded_error',
  upstream_timeout: 'timeout_error',
};

/** An error body of OpenAI's shape in Anthropic's, for an answer with that status. */
export const messagesError = (status: number, body: JsonObject): JsonObject =>
  errorBody(BY_STATUS[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error'), body);

/** The same for an error within a stream. */
export function streamError(body: JsonObject): JsonObject {
  const type = textIn(objectIn(body, 'error') ?? {}, 'type') ?? '';
  return errorBody((Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined) ?? 'api_error', body);
}

const errorBody = (type: string, body: JsonObject): JsonObject => ({
  type: 'error',
  error: { type, message: textIn(objectIn(body, 'error') ?? {}, 'message') ?? 'no reason given' },
});
