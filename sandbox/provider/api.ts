// The provider APIs of the sandbox: each has its endpoints, its credentials and its shape of errors.
import type { IncomingHttpHeaders } from 'node:http';
import { hasLoneSurrogate, type JsonValue, parseExactly } from '../../src/kernel/index.js';
import { badRequest, type WireError } from './errors.js';
import { type Knobs, readDirective } from './knobs.js';
import type { Plan } from './plan.js';

/** A request as received. */
export interface Call {
  readonly method: string;
  /** Below the API's prefix, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The knobs of requests that set none. */
  readonly defaults: Knobs;
}

/** An answer that is ready to be played. */
export interface PreparedAnswer {
  readonly model: string;
  readonly stream: boolean;
  readonly knobs: Knobs;
  /** The prefix of the answer's id. */
  readonly idPrefix: string;
  /** Plans the answer, given its id and the time in milliseconds since the Unix epoch. */
  plan(id: string, now: number): Plan;
}

/** An answer that is sent at once, whatever the knobs, and never logged: it belongs to no model. */
interface DirectAnswer {
  readonly json: object;
}

export interface Api {
  /** Such as `/anthropic/v1`. */
  readonly prefix: string;
  /** An error body in this API's shape. */
  body(failure: WireError): object;
  /** @throws WireError when the credentials are missing. */
  authorise(headers: IncomingHttpHeaders): void;
  /** Reads a call; undefined when its address is unknown. @throws WireError, directly or through the promise */
  read(call: Call): PreparedAnswer | DirectAnswer | Promise<PreparedAnswer> | undefined;
}

/** An `authorization` header with a token. */
export const BEARER = /^Bearer\s+\S/i;

/** @throws WireError (400) */
export function jsonOf({ body }: Pick<Call, 'body'>): unknown {
  let value: JsonValue;
  try {
    value = parseExactly(body.toString());
  } catch {
    throw badRequest('We could not parse the JSON body of your request.', null);
  }
  // As Anthropic and DeepSeek do (anomalyco/opencode#13988, JohnnyZ93/oai-compatible-copilot#271).
  if (hasLoneSurrogate(JSON.stringify(value)))
    throw badRequest('The request body is not valid JSON: no low surrogate in string', null);
  return value;
}

/**
 * The knobs for a request, read from the text that may hold a directive, and the text without the directive.
 * @throws WireError (400)
 */
export function knobsFor(
  text: string,
  defaults: Knobs,
  param: string,
): { readonly knobs: Knobs; readonly rest: string } {
  try {
    const { knobs, rest } = readDirective(text);
    return { rest, knobs: knobs ? { ...defaults, ...knobs } : defaults };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message, param, 'invalid_sandbox_directive');
    throw error;
  }
}
