import type { FastifyRequest } from 'fastify';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request changes nothing, by its method (RFC 9110, section 9.2.1). */
export const isRead = ({ method }: Pick<FastifyRequest, 'method'>): boolean => READS.has(method);

/**
 * Whether a request changes nothing, comes from our own pages by what the browser says, or comes from no browser.
 * (Fetch Metadata, W3C; the Origin header, RFC 6454.)
 */
export function isSafe(request: Pick<FastifyRequest, 'method' | 'headers' | 'host'>): boolean {
  if (isRead(request)) return true;
  const { headers, host } = request;
  const site = headers['sec-fetch-site'];
  // No page can set it, and it holds behind a proxy that passes on no Host, as nginx does unless it is told to (nightscout/nocturne#999).
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  const { origin } = headers;
  return origin === undefined || URL.parse(origin)?.host === host;
}
