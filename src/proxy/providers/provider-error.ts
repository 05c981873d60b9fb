// What a provider's error means: which error the client gets, and what to try next. Only the client can fix a request that the provider
// refuses, so it gets that error as it is: status, code, type, param and message (ADR 8). Everything else is a 502.
import { wholeSeconds } from '../../kernel/index.js';
import { ApiError, serviceUnavailable } from '../../platform/http/index.js';
import type { ReportedError } from '../wire/index.js';
import { readErrorBody } from '../wire/index.js';
import type { Scope } from './provider-behaviour.js';
import { MAX_ERROR_BYTES, readBody } from './read-body.js';
import { NoRoom, UpstreamFailure, UpstreamReport, type UpstreamResponse, UpstreamTimeout } from './upstream.js';

const NO_RETRY = { 'x-should-retry': 'false' };

const BAD_REQUEST = { status: 400, type: 'invalid_request_error', code: 'invalid_request_error' };

/** Statuses for a fault in the request, which any channel would find. */
const OF_THE_REQUEST = [400, 409, 410, 411, 412, 413, 414, 415, 416, 422, 431, 451];
/** Statuses for a fault in our credentials or credit at the provider. */
const OF_OURS = [401, 402, 403];
/** The provider is overloaded (503; Anthropic: 529), or limits us (429). */
const BUSY = [429, 503, 529];

/** A longer wait that a provider asks for is cut to this, as it may be a mistake: then the channel is tried again, and a client should be as well. */
const LONGEST_REST_MS = 300_000;

/** What to do after a failure. */
export type Next = 'stop' | 'other channels' | 'this one again';

interface Consequences {
  readonly next: Next;
  /** What is unusable now for every request, if anything. */
  readonly failed?: Scope;
  /** What to leave alone, if the provider says for how long. */
  readonly rests: Scope | 'what the rate limit covers';
  /** Whether the same request may succeed in a moment. */
  readonly mayPass: boolean;
}

/**
 * What an error is about. An API's answer for a model is about that model alone: an overload (Google: "The model is overloaded",
 * https://ai.google.dev/gemini-api/docs/troubleshooting), a broken deployment, a rate limit (`provider-behaviour.ts`). A call tries a busy provider
 * only once: clients retry by themselves, and their retries times ours would add to the load.
 */
const CONSEQUENCES = {
  request: { next: 'stop', rests: 'model', mayPass: false },
  /** Something that the request names does not exist, such as the model. Another provider may have it. */
  missing: { next: 'other channels', rests: 'model', mayPass: false },
  ours: { next: 'other channels', failed: 'channel', rests: 'channel', mayPass: false },
  limit: { next: 'other channels', rests: 'what the rate limit covers', mayPass: true },
  overload: { next: 'other channels', failed: 'model', rests: 'model', mayPass: true },
  passing: { next: 'this one again', failed: 'model', rests: 'model', mayPass: true },
  /** Not an API's answer: a redirect, a web page, a wrong address. */
  astray: { next: 'other channels', rests: 'channel', mayPass: false },
  /** An error within an answer, without a status. */
  unclear: { next: 'other channels', rests: 'model', mayPass: true },
} as const satisfies Record<string, Consequences>;

type About = keyof typeof CONSEQUENCES;

/** An error of a provider, by its status or within its answer. */
export interface ProviderError extends Consequences {
  /** For a client whose answer has not begun. */
  readonly error: ApiError;
  /** Whether it refused the request. */
  readonly refused: boolean;
  /** How long the provider asks to be left alone, in milliseconds. */
  readonly restMs?: number | undefined;
}

function aboutOf(status: number | undefined, { message, about }: ReportedError): About {
  if (about === 'request' || about === 'missing') return about;
  if (about === 'gateway' || (status !== undefined && OF_OURS.includes(status))) return 'ours';
  if (status === undefined) return 'unclear';
  if (BUSY.includes(status)) return status === 429 ? 'limit' : 'overload';
  if (status >= 500 || status === 408) return 'passing';
  // A proxy in between may refuse a large body by a web page.
  if (message === undefined && status !== 413) return 'astray';
  if (status === 404) return 'missing';
  return OF_THE_REQUEST.includes(status) ? 'request' : 'astray';
}

/** Reads the error that a provider answered with. */
export async function readErrorResponse(response: UpstreamResponse): Promise<ProviderError> {
  const { status, contentType, body, retryAfterMs, noRetry = false } = response;
  const { bytes } = await readBody(body, MAX_ERROR_BYTES - 1); // a body that breaks off still had a status
  const reported = readErrorBody(bytes.toString('utf8'), contentType);
  const said = { message: `no reason given (${contentType || 'no content type'})`, ...defined(reported) };
  const waiting = retryAfterMs === undefined ? reported : { ...reported, retryAfterMs };
  const read = errorFor(status, waiting, `it answered ${status}: ${said.message}`);
  const headers = { ...read.error.options.headers, ...(noRetry && NO_RETRY) };
  const next = noRetry && read.next === 'this one again' ? 'other channels' : read.next;
  return { ...read, next, error: new ApiError({ ...read.error.options, headers }) };
}

const defined = ({ message }: ReportedError) => (message === undefined ? {} : { message });

/** The error that a provider reported within an answer: the same as for a status, if it names one. */
export const reportedError = ({ reported, words }: UpstreamReport): ProviderError =>
  errorFor(reported.status, reported, words);

function errorFor(status: number | undefined, reported: ReportedError, sentence: string): ProviderError {
  const about = aboutOf(status, reported);
  const restMs = reported.retryAfterMs && Math.min(reported.retryAfterMs, LONGEST_REST_MS);
  const headers = {
    ...(CONSEQUENCES[about].mayPass ? {} : NO_RETRY),
    ...(restMs !== undefined && { 'retry-after': String(wholeSeconds(restMs)) }),
  };
  const refused = about === 'request' || about === 'missing';
  const { code, type = BAD_REQUEST.type, param, message = 'The provider refused the request.' } = reported;
  if (refused && status !== undefined) {
    // Clients repeat what a server's own status says.
    const kind = status < 500 ? { status, type, code: code ?? type } : BAD_REQUEST;
    return { ...CONSEQUENCES[about], refused, restMs, error: new ApiError({ ...kind, param, message, headers }) };
  }
  // The provider's message about our credentials quotes a part of them.
  const error =
    about === 'ours'
      ? upstreamError(`it answered ${status ?? 'with an error'} to this gateway’s credentials`, { headers })
      : upstreamError(sentence, { code, param, headers });
  return { ...CONSEQUENCES[about], refused, restMs, error };
}

/** The client's error when the provider broke off, took too long, or reported an error before the answer had begun. */
export function failureError(failure: unknown): ApiError {
  if (failure instanceof UpstreamReport) return reportedError(failure).error;
  if (failure instanceof NoRoom)
    return serviceUnavailable(
      `The answers under way are as large together as this gateway takes, and this one waited for room in vain. ${NOTHING_CHARGED} Try again in a moment, or ask for less in one request.`,
    );
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

/** The same within an answer that has begun. It says whether anything was charged. */
export function brokenOff(failure: UpstreamFailure, charged: boolean): ApiError {
  const ending = charged ? 'The usage it reported was charged.' : NOTHING_CHARGED;
  if (!(failure instanceof UpstreamReport))
    return charged ? worded(upstreamError(''), sentenceOf(failure.message, ending)) : failureError(failure);
  const { error, refused } = reportedError(failure);
  return worded(error, refused ? sentenceOf(failure.words, ending) : error.message.replace(NOTHING_CHARGED, ending));
}

/** The error when we end an answer that had begun. What had been delivered is charged. */
export const cutShort = (failure: UpstreamFailure): ApiError =>
  worded(failureError(failure), `The answer was cut off: ${failure.message}. What had been delivered was charged.`);

const worded = ({ options }: ApiError, message: string): ApiError => new ApiError({ ...options, message });

const sentenceOf = (reason: string, ending: string): string =>
  `The provider failed: ${/[.!?。！？]$/.test(reason) ? reason : `${reason}.`} ${ending}`;

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
