// Errors in Anthropic's shape. https://platform.claude.com/docs/en/api/errors
import type { JsonObject } from '../../../../kernel/index.js';
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

/** A stream has no status, so the type of the error decides. */
const BY_TYPE: Readonly<Record<string, string>> = {
  invalid_request_error: 'invalid_request_error',
  authentication_error: 'authentication_error',
  insufficient_balance: 'billing_error',
  permission_error: 'permission_error',
  rate_limit_exceeded: 'rate_limit_error',
  service_unavailable: 'overloaded_error',
  upstream_timeout: 'timeout_error',
};

/** Why a provider had no capacity, by its error code: clients then wait longer or switch to another model. */
const BY_CODE: Readonly<Record<string, string>> = {
  overloaded_error: 'overloaded_error',
  service_unavailable: 'overloaded_error',
  UNAVAILABLE: 'overloaded_error',
  rate_limit_error: 'rate_limit_error',
  rate_limit_exceeded: 'rate_limit_error',
  RESOURCE_EXHAUSTED: 'rate_limit_error',
};

/** An OpenAI error body in Anthropic's shape, for an answer with this status. */
export function messagesError(status: number, body: JsonObject): JsonObject {
  const error = objectIn(body, 'error') ?? {};
  const byStatus = BY_STATUS[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return errorBody((status === 502 ? lookUp(BY_CODE, error, 'code') : undefined) ?? byStatus, error);
}

/** The same for an error within a stream. */
export function streamError(body: JsonObject): JsonObject {
  const error = objectIn(body, 'error') ?? {};
  return errorBody(lookUp(BY_TYPE, error, 'type') ?? lookUp(BY_CODE, error, 'code') ?? 'api_error', error);
}

function lookUp(types: Readonly<Record<string, string>>, error: JsonObject, field: string): string | undefined {
  const word = textIn(error, field) ?? '';
  return Object.hasOwn(types, word) ? types[word] : undefined;
}

const errorBody = (type: string, error: JsonObject): JsonObject => ({
  type: 'error',
  error: { type, message: textIn(error, 'message') ?? 'no reason given' },
});
