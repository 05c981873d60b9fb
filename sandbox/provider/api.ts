// The APIs the sandbox speaks: each has its endpoints, its credentials and its shape of errors.
import type { IncomingHttpHeaders } from 'node:http';
import { parseExactly } from '../../src/kernel/index.js';
import { badRequest, type WireError } from './errors.js';
import { type Knobs, readDirective } from './knobs.js';
import type { Plan } from './plan.js';

/** A request as it came in. */
export interface Call {
  readonly method: string;
  /** Below the API's prefix, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Knobs for requests that say nothing else. */
  readonly defaults: Knobs;
}

/** What a call comes to, before anything of it is played. */
export interface PreparedAnswer {
  readonly model: string;
  readonly stream: boolean;
  readonly knobs: Knobs;
  /** What the id of the answer starts with. */
  readonly idPrefix: string;
  /** The answer, for its id and the time in milliseconds since the Unix epoch. */
  plan(id: string, now: number): Plan;
}

/** What is told at once, whatever the knobs, and in no log: it belongs to no model. */
export interface DirectAnswer {
  readonly json: object;
}

export interface Api {
  /** Such as `/anthropic/v1`. */
  readonly prefix: string;
  /** A failure in the shape of its errors. */
  body(failure: WireError): object;
  /** @throws WireError when the credentials are missing. */
  authorise(headers: IncomingHttpHeaders): void;
  /** What a call asks for; undefined when it is of no known address. @throws WireError, now or through the promise */
  read(call: Call): PreparedAnswer | DirectAnswer | Promise<PreparedAnswer> | undefined;
}

/** An `authorization` header with a token. */
export const BEARER = /^Bearer\s+\S/i;

/** @throws WireError (400) */
export function jsonOf({ body }: Pick<Call, 'body'>): unknown {
  try {
    return parseExactly(body.toString());
  } catch {
    throw badRequest('We could not parse the JSON body of your request.', null);
  }
}

/** The knobs for a request by the text that may hold a directive, and the text without it. @throws WireError (400) */
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
