// Which key a request presents. Programs that speak Anthropic's format have two places for it, and some fill both: the one that was set for
// this gateway, and what they remember of another service, or a placeholder (https://github.com/ankitcharolia/kiro-gateway/issues/61,
// https://github.com/Alishahryar1/free-claude-code/pull/1096). So the one that is a key of ours counts, wherever it stands.
import type { IncomingHttpHeaders } from 'node:http';
import { refuse, Rejection } from '../kernel/index.js';
import { faultOf, KEY_PREFIX } from './api-key.js';

/** The key in `Authorization` or `x-api-key`. Refused: `missing_api_key`, `invalid_api_key`. */
export function presentedKey(headers: IncomingHttpHeaders): string | Rejection {
  const bearer = bearerToken(headers.authorization);
  const anthropicKey = headers['x-api-key'];
  if (typeof anthropicKey !== 'string' || anthropicKey.trim() === '') return bearer;
  const other = anthropicKey.trim();
  if (bearer instanceof Rejection || bearer === other) return other;
  const [first, second] = [rank(bearer), rank(other)];
  if (second > first) return other;
  if (second === WELL_FORMED)
    return refuse(
      'unauthenticated',
      'invalid_api_key',
      'Two different API keys were sent, one in "Authorization" and one in "x-api-key". Send one of them.',
    );
  return bearer;
}

const WELL_FORMED = 2;

/** How much a token is like a key of ours: of two that are none, the error is about the one that was meant to be. */
function rank(token: string): number {
  if (!token.startsWith(KEY_PREFIX)) return 0;
  return faultOf(token) === undefined ? WELL_FORMED : 1;
}

function bearerToken(authorization: string | undefined): string | Rejection {
  if (authorization === undefined || authorization.trim() === '') {
    return refuse(
      'unauthenticated',
      'missing_api_key',
      'No API key was sent. Send it as "Authorization: Bearer sk-th_…".',
    );
  }
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  return (
    token ??
    refuse(
      'unauthenticated',
      'invalid_api_key',
      'The Authorization header is malformed. It must read "Bearer sk-th_…".',
    )
  );
}
