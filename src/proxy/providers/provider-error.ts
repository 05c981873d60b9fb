// What a provider's error comes to: what the client is told, and what is worth trying next.
// A refusal of the request is the client's to mend, and reaches it as it is: status, code, type, param and words (ADR 8). All else is a 502.
import { wholeSeconds } from '../../kernel/index.js';
import { ApiError } from '../../platform/http/index.js';
import type { ReportedError } from '../wire/index.js';
import { readErrorBody } from '../wire/index.js';
import type { Scope } from './provider-behaviour.js';
import { readBody } from './read-body.js';
import { UpstreamFailure, UpstreamReport, type UpstreamResponse, UpstreamTimeout } from './upstream.js';

const MAX_ERROR_BYTES = 65_536;
const NO_RETRY = { 'x-should-retry': 'false' };

/** Statuses that find a fault in the request, which would be one at any channel. */
const OF_THE_REQUEST = [400, 409, 410, 411, 412, 413, 414, 415, 416, 422, 431, 451];
/** Statuses that tell of our credentials or credit at the provider. */
const OF_OURS = [401, 402, 403];
/** The provider has more to do than it can, or wants to do for us: 503 and 529 are overloads (529: Anthropic). */
const BUSY = [429, 503, 529];

/** What is worth doing after a failure. */
export type Next = 'stop' | 'other channels' | 'this one again';

export interface Consequences {
  readonly next: Next;
  /** What is of no use now, to anyone, if something is. */
  readonly failed?: Scope;
  /** What wants to be left alone, if it says for how long. */
  readonly rests: Scope | 'what the rate limit covers';
  /** Whether it may help to send the same request again in a moment. */
  readonly mayPass: boolean;
}

/**
 * What an error is about. What an API answered for a model is about that model alone: an overload (Google: "The model is overloaded",
 * https://ai.google.dev/gemini-api/docs/troubleshooting), a broken deployment, a rate limit (`provider-behaviour.ts`). A provider that is busy is asked once by a call: its clients come again by themselves, and retries of theirs
 * times retries of ours are what it can stand least.
 */
const CONSEQUENCES = {
  request: { next: 'stop', rests: 'model', mayPass: false },
  /** What the request names is not there, such as the model: another provider may have it. */
  missing: { next: 'other channels', rests: 'model', mayPass: false },
  ours: { next: 'other channels', failed: 'channel', rests: 'channel', mayPass: false },
  limit: { next: 'other channels', rests: 'what the rate limit covers', mayPass: true },
  overload: { next: 'other channels', failed: 'model', rests: 'model', mayPass: true },
  passing: { next: 'this one again', failed: 'model', rests: 'model', mayPass: true },
  /** No answer of an API's: a redirect, a page, an address that is not there. */
  astray: { next: 'other channels', rests: 'channel', mayPass: false },
  /** An error within an answer that tells no status. */
  unclear: { next: 'other channels', rests: 'model', mayPass: true },
} as const satisfies Record<string, Consequences>;

type About = keyof typeof CONSEQUENCES;

/** An error that a provider told, by its status or within its answer. */
export interface ProviderError extends Consequences {
  /** For a client whose answer has not begun. */
  readonly error: ApiError;
  /** Whether it refused the request. */
  readonly refused: boolean;
  /** How long it asks to be left alone, in milliseconds. */
  readonly restMs?: number | undefined;
}

function aboutOf(status: number | undefined, { message, about }: ReportedError): About {
  if (about === 'request') return 'request';
  if (about === 'gateway' || (status !== undefined && OF_OURS.includes(status))) return 'ours';
  if (status === undefined) return 'unclear';
  if (BUSY.includes(status)) return status === 429 ? 'limit' : 'overload';
  if (status >= 500 || status === 408) return 'passing';
  // A proxy in between has a limit of its own for bodies, and tells it by a page.
  if (message === undefined && status !== 413) return 'astray';
  if (status === 404) return 'missing';
  return OF_THE_REQUEST.includes(status) ? 'request' : 'astray';
}

/** Reads the error that a provider answered with. */
export async function readErrorResponse(response: UpstreamResponse): Promise<ProviderError> {
  const { status, contentType, body, retryAfterMs, noRetry = false } = response;
  const { bytes } = await readBody(body, MAX_ERROR_BYTES - 1); // one that breaks off still told its status
  const reported = readErrorBody(bytes.toString('utf8'), contentType);
  const said = { message: `no reason given (${contentType || 'no content type'})`, ...defined(reported) };
  const asked = retryAfterMs === undefined ? reported : { ...reported, retryAfterMs };
  const told = toldError(status, asked, `it answered ${status}: ${said.message}`);
  const headers = { ...told.error.options.headers, ...(noRetry && NO_RETRY) };
  const next = noRetry && told.next === 'this one again' ? 'other channels' : told.next;
  return { ...told, next, error: new ApiError({ ...told.error.options, headers }) };
}

const defined = ({ message }: ReportedError) => (message === undefined ? {} : { message });

/** The error that a provider reported within an answer: what its status would have come to, where it tells one. */
export const reportedError = ({ reported, words }: UpstreamReport): ProviderError =>
  toldError(reported.status, reported, words);

function toldError(status: number | undefined, reported: ReportedError, sentence: string): ProviderError {
  const about = aboutOf(status, reported);
  const { retryAfterMs: restMs } = reported;
  const headers = {
    ...(CONSEQUENCES[about].mayPass ? {} : NO_RETRY),
    ...(restMs !== undefined && { 'retry-after': String(wholeSeconds(restMs)) }),
  };
  const refused = about === 'request' || about === 'missing';
  const { code, type = 'invalid_request_error', param, message = 'The provider refused the request.' } = reported;
  if (refused && status !== undefined)
    return {
      ...CONSEQUENCES[about],
      refused,
      restMs,
      error: new ApiError({ status, type, code: code ?? type, param, message, headers }),
    };
  // The provider's sentence about our credentials quotes a part of them.
  const error =
    about === 'ours'
      ? upstreamError(`it answered ${status ?? 'with an error'} to this gateway’s credentials`, { headers })
      : upstreamError(sentence, { code, param, headers });
  return { ...CONSEQUENCES[about], refused, restMs, error };
}

/** What the client is told when the provider broke off or took too long, or reported an error before the answer had begun. */
export function failureError(failure: unknown): ApiError {
  if (failure instanceof UpstreamReport) return reportedError(failure).error;
  const reason = failure instanceof UpstreamFailure ? failure.message : 'the request was cut off';
  return failure instanceof UpstreamTimeout
    ? new ApiError({
        status: 504,
        type: 'upstream_timeout',
        code: 'upstream_timeout',
        message: `The provider took too long: ${reason}. ${NOTHING_CHARGED}`,
      })
    : upstreamError(reason);
}

const NOTHING_CHARGED = 'Nothing was charged.';

/** The same within an answer that has begun: what became of its charge belongs to it. */
export function brokenOff(failure: UpstreamFailure, charged: boolean): ApiError {
  const ending = charged ? 'The usage it reported was charged.' : NOTHING_CHARGED;
  if (!(failure instanceof UpstreamReport))
    return charged ? worded(upstreamError(''), sentenceOf(failure.message, ending)) : failureError(failure);
  const { error, refused } = reportedError(failure);
  return worded(error, refused ? sentenceOf(failure.words, ending) : error.message.replace(NOTHING_CHARGED, ending));
}

/** We ended an answer that had begun: what had been delivered of it is charged. */
export const cutShort = (failure: UpstreamFailure): ApiError =>
  worded(failureError(failure), `The answer was cut off: ${failure.message}. What had been delivered was charged.`);

const worded = ({ options }: ApiError, message: string): ApiError => new ApiError({ ...options, message });

const sentenceOf = (reason: string, ending: string): string =>
  `The provider failed: ${reason.replace(/\.$/, '')}. ${ending}`;

export interface UpstreamErrorOptions {
  readonly code?: string | undefined;
  readonly param?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A 502 with the provider's reason. */
export const upstreamError = (reason: string, options: UpstreamErrorOptions = {}): ApiError =>
  new ApiError({
    status: 502,
    type: 'upstream_error',
    ...options,
    code: options.code ?? 'upstream_error',
    message: sentenceOf(reason, NOTHING_CHARGED),
  });
