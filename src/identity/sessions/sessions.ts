import type { FastifyRequest } from 'fastify';
import type { Principal } from './principal.js';

/** The name of the session's cookie. */
export const SESSION_COOKIE = 'tokenhub_session';
/** The header that carries the session's CSRF token with every request that changes something. */
export const CSRF_HEADER = 'x-csrf-token';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request changes nothing, by its method (RFC 9110, section 9.2.1). */
export const isRead = ({ method }: Pick<FastifyRequest, 'method'>): boolean => READS.has(method);

/** Whether a browser says that the request comes from our own pages, or there is no browser. (Fetch Metadata, W3C; the Origin header, RFC 6454.) */
export function isSafe(request: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): boolean {
  if (isRead(request)) return true;
  const { headers, host } = request;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || URL.parse(origin)?.host === host;
}

/** Who is behind a request. */
export abstract class Sessions {
  /** @throws Refused `not_logged_in`, `code_required` or, for a request that changes something, `invalid_csrf_token` */
  abstract principalOf(request: FastifyRequest): Promise<Principal>;
}
