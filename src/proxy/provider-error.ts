// What a provider's error answer tells: its own words for the client, a code, and whether another channel may do better.
import { isJsonObject } from '../kernel/index.js';
import { readError } from '../wire/index.js';
import { ApiError } from '../http/index.js';
import { readBody } from './read-body.js';
import { UpstreamFailure, UpstreamReport, type UpstreamResponse, UpstreamTimeout } from './upstream.js';

const MAX_ERROR_BYTES = 65_536;
const MAX_REASON = 500;
/** A code is a word, not a text. */
const CODE = /^[\w.-]{1,64}$/;

/** Statuses that tell of our credentials or credit at the provider; the client can't mend those. */
const OUR_STANDING = [401, 402, 403];
/** Client errors that have nothing to do with what the client sent. */
const NOT_THE_REQUEST = [...OUR_STANDING, 408, 429];

/** Whether the request itself is at fault, and would be at any channel. */
export const isRefusal = (status: number): boolean => status < 500 && !NOT_THE_REQUEST.includes(status);

/** Another channel may do better unless the request itself is at fault. */
export const isWorthAnotherChannel = (status: number): boolean => !isRefusal(status) || status === 404;

/** The same channel may do better a moment later. */
export const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 429;

/** Whether the status says that the channel is of no use now, to anyone. */
export const isChannelFailure = (status: number): boolean =>
  status >= 500 || status === 408 || OUR_STANDING.includes(status);

/** What the client is told when the provider broke off or took too long. */
export function failureError(failure: unknown): ApiError {
  const reason = failure instanceof UpstreamFailure ? reasonFor(failure) : 'the request was cut off';
  return failure instanceof UpstreamTimeout
    ? new ApiError({
        status: 504,
        type: 'upstream_timeout',
        code: 'upstream_timeout',
        message: `The provider took too long: ${reason}. Nothing was charged.`,
      })
    : upstreamError(reason, 'upstream_error');
}

/** Why it failed, as the client is told. */
export const reasonFor = (failure: UpstreamFailure): string =>
  failure instanceof UpstreamReport ? failure.words : failure.message;

/** A 502 with the provider's reason. */
export const upstreamError = (
  reason: string,
  code: string,
  param?: string,
  headers: Record<string, string> = {},
): ApiError =>
  new ApiError({
    status: 502,
    type: 'upstream_error',
    code,
    param,
    headers,
    message: `The provider failed: ${reason.replace(/\.$/, '')}. Nothing was charged.`,
  });

/** What the client is told when the provider answered with an error status. */
export async function refusal({ status, contentType, body, retryAfterMs }: UpstreamResponse): Promise<ApiError> {
  const { bytes } = await readBody(body, MAX_ERROR_BYTES - 1); // one that breaks off still told its status
  const parsed = parse(bytes.toString('utf8'));
  // The client can't mend our credentials, and the provider's sentence about them quotes a part of them.
  if (OUR_STANDING.includes(status) || readError(parsed)?.ofOurs === true)
    return upstreamError(`it answered ${status} to this gateway’s credentials`, 'upstream_error');
  const { message, code, param } = providerError(parsed);
  const reason = message ?? `no reason given (${contentType || 'no content type'})`;
  // A request the provider finds invalid fails again when it is sent again; OpenAI's clients honour this header.
  const headers: Record<string, string> = {
    ...(!isPassing(status) && { 'x-should-retry': 'false' }),
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
  };
  return upstreamError(`it answered ${status}: ${reason}`, code ?? 'upstream_error', param, headers);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // HTML and the like: nothing worth showing to a client
  }
}

/** In the shape of OpenAI, of Anthropic, or of Google, which may send a list. */
function providerError(parsed: unknown): { message?: string; code?: string; param?: string } {
  const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  const error = isJsonObject(first) ? (first['error'] ?? first) : undefined;
  if (typeof error === 'string') return { message: error.slice(0, MAX_REASON) };
  if (!isJsonObject(error)) return {};
  const { message, param } = error;
  const code = [error['code'], error['status'], error['type']].find((word) => typeof word === 'string');
  return {
    ...(typeof message === 'string' && { message: message.slice(0, MAX_REASON) }),
    ...(typeof code === 'string' && CODE.test(code) && { code }),
    ...(typeof param === 'string' && { param: param.slice(0, MAX_REASON) }),
  };
}
