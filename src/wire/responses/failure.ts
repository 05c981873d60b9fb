// An error within a stream, as the event that tells it and as part of the response that failed.
import type { JsonObject } from '../../kernel/index.js';
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
