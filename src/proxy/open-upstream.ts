// Opens the first channel of a model that answers. Failover happens here, before the first byte to the client, and only here;
// every try is recorded.
import type { Readable } from 'node:stream';
import { isJsonObject } from '../kernel/index.js';
import type { Attempt, ReleaseReason } from '../ledger/index.js';
import { ApiError } from './api-error.js';
import type { Route } from './channels.js';
import {
  type Upstream,
  UpstreamFailure,
  UpstreamReport,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from './upstream.js';

const MAX_ATTEMPTS = 5;
const MAX_ERROR_BYTES = 65_536;
const MAX_REASON = 500;
/** A code is a word, not a text. */
const CODE = /^[\w.-]{1,64}$/;

export interface Opened {
  readonly route: Route;
  readonly response: UpstreamResponse;
  readonly attempts: readonly Attempt[];
}

/** No channel answered; the client gets `error`. */
export class NotOpened {
  constructor(
    readonly error: ApiError,
    readonly attempts: readonly Attempt[],
  ) {}

  /** What the ledger says about it, in our words: the provider's may quote the prompt, which is kept nowhere. */
  get detail(): string {
    return this.attempts.at(-1)?.error ?? 'no channel could be tried';
  }

  get reason(): ReleaseReason {
    if (this.error.status === 504) return 'upstream_timeout';
    const status = this.attempts.at(-1)?.status ?? 500;
    return status < 500 && !NOT_THE_REQUEST.includes(status) ? 'refused_by_provider' : 'upstream_error';
  }
}

/** Statuses that tell of our credentials or credit at the provider; the client can't mend those. */
const OUR_STANDING = [401, 402, 403];
/** Client errors that have nothing to do with what the client sent. */
const NOT_THE_REQUEST = [...OUR_STANDING, 408, 429];

/** Tries the routes in order. Never throws: the caller must release the hold on every path. */
export async function openUpstream(
  upstream: Upstream,
  routes: readonly Route[],
  request: UpstreamRequest,
): Promise<Opened | NotOpened> {
  const attempts: Attempt[] = [];
  let error: ApiError | undefined;
  for (const route of routes.slice(0, MAX_ATTEMPTS)) {
    const channel = route.channel.name;
    try {
      const response = await upstream.send(route, request);
      if (response.status >= 200 && response.status < 300) {
        attempts.push({ channel, status: response.status });
        return { route, response, attempts };
      }
      error = await refusal(response);
      attempts.push({ channel, status: response.status, error: answered(response.status, error) });
      if (!isWorthAnotherChannel(response.status)) break;
    } catch (failure) {
      error = failureError(failure);
      attempts.push({ channel, status: null, error: (failure as Error).message });
      if (request.signal.aborted) break;
    }
  }
  return new NotOpened(error ?? upstreamError('no channel could be tried', 'upstream_error'), attempts);
}

/** Another channel may do better unless the request itself is at fault. */
const isWorthAnotherChannel = (status: number): boolean =>
  status >= 500 || status === 404 || NOT_THE_REQUEST.includes(status);

const answered = (status: number, { options: { code } }: ApiError): string =>
  `it answered ${status}${code === 'upstream_error' ? '' : ` (${code})`}`;

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

async function refusal({ status, contentType, body }: UpstreamResponse): Promise<ApiError> {
  const text = await readStart(body, MAX_ERROR_BYTES);
  // The client can't mend our credentials, and the provider's sentence about them quotes a part of them.
  if (OUR_STANDING.includes(status))
    return upstreamError(`it answered ${status} to this gateway’s credentials`, 'upstream_error');
  const { message, code, param } = providerError(text);
  const reason = message ?? `no reason given (${contentType || 'no content type'})`;
  // A request the provider finds invalid fails again when it is sent again; OpenAI's clients honour this header.
  const retry: Record<string, string> =
    status >= 500 || status === 408 || status === 429 ? {} : { 'x-should-retry': 'false' };
  return upstreamError(`it answered ${status}: ${reason}`, code ?? 'upstream_error', param, retry);
}

function providerError(text: string): { message?: string; code?: string; param?: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {}; // HTML and the like: nothing worth showing to a client
  }
  const error = isJsonObject(parsed) ? (parsed['error'] ?? parsed) : undefined;
  if (typeof error === 'string') return { message: error.slice(0, MAX_REASON) };
  if (!isJsonObject(error)) return {};
  const { message, code, param } = error;
  return {
    ...(typeof message === 'string' && { message: message.slice(0, MAX_REASON) }),
    ...(typeof code === 'string' && CODE.test(code) && { code }),
    ...(typeof param === 'string' && { param: param.slice(0, MAX_REASON) }),
  };
}

async function readStart(body: Readable, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // a body that breaks off still told its status
  }
  return Buffer.concat(chunks).toString('utf8');
}
