// Lets pages of other origins call /v1 (https://fetch.spec.whatwg.org/#http-cors-protocol). Never /api, which goes by cookies.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pathOf } from '../http/index.js';

/** Any origin. */
const ANY = '*';
const PREFLIGHT_SECONDS = '7200';

/** A hook that answers for these origins, with commas between: to preflights by itself, to all else by headers. */
export function corsFor(
  corsOrigins: string,
): (request: FastifyRequest, reply: FastifyReply, done: () => void) => FastifyReply | void {
  const origins = new Set(corsOrigins.split(',').map((origin) => origin.trim()));
  const any = origins.has(ANY);
  return ({ method, url, headers }, reply, done) => {
    const { origin } = headers;
    if (!/^\/v1(?:\/|$)/.test(pathOf(url))) return done();
    if (!any) void reply.header('vary', 'origin');
    if (origin === undefined || !(any || origins.has(origin))) return done();
    // No credentials, so that `*` stands for every header of an answer.
    void reply.header('access-control-allow-origin', any ? ANY : origin).header('access-control-expose-headers', ANY);
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return done();
    return reply
      .status(204)
      .headers({
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
        'access-control-max-age': PREFLIGHT_SECONDS,
        vary: 'origin, access-control-request-headers',
      })
      .send();
  };
}
