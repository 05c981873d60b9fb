// An error within a stream, as the event that tells it and as part of the response that failed.
import type { JsonObject } from '../../../kernel/index.js';
import { objectIn, textIn } from '../json.js';

/** The codes that a failed response can have; all else is `server_error`. */
const CODES: Readonly<Record<string, string>> = {
  invalid_request_error: 'invalid_prompt',
  rate_limit_exceeded: 'rate_limit_exceeded',
};

export function failure(body: JsonObject): { readonly event: JsonObject; readonly ofResponse: JsonObject } {
  const error = objectIn(body, 'error') ?? {};
  const message = textIn(error, 'message') ?? 'no reason given';
  const type = textIn(error, 'type') ?? '';
  const code = (Object.hasOwn(CODES, type) ? CODES[type] : undefined) ?? 'server_error';
  return {
    event: { code: textIn(error, 'code') ?? null, message, param: textIn(error, 'param') ?? null },
    ofResponse: { code, message },
  };
}

/** The frame of an event of a response. */
export const eventFrame = (type: string, sequence: number, fields: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...fields })}\n\n`;

/** The frames that break off a response that has begun, after so many events. SDKs go by the first event, other clients by the second. */
export function responseFailure(body: JsonObject, begun: JsonObject, events: number): string {
  const { event, ofResponse } = failure(body);
  const response = { ...begun, status: 'failed', error: ofResponse };
  return eventFrame('error', events, event) + eventFrame('response.failed', events + 1, { response });
}
