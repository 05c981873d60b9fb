// An error within a stream, as an event and as part of the failed response.
import type { JsonObject } from '../../../kernel/index.js';
import { objectIn, textIn } from '../json.js';

/** The error codes of a failed response; everything else is `server_error`. */
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
const eventFrame = (type: string, sequence: number, fields: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...fields })}\n\n`;

/** The frames that end a failed response after this many events. SDKs use the first event, other clients the second. */
export function responseFailure(body: JsonObject, begun: JsonObject, events: number): string {
  const { event, ofResponse } = failure(body);
  const response = { ...begun, status: 'failed', error: ofResponse };
  return eventFrame('error', events, event) + eventFrame('response.failed', events + 1, { response });
}
