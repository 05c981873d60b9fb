import type { FastifyInstance } from 'fastify';

/** `a.b.c.d:port` or `[IPv6]`, with a port or without, at the end. */
const ADDRESS_AND_PORT = /(?:(?<v4>\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}|\[(?<v6>[\da-f:.]{2,45})\](?::\d{1,5})?)$/i;

/**
 * Some proxies write the port of the client, too, which is another one with each connection: nobody's attempts would be counted, and no address would
 * be allowed to use a key (Azure's Application Gateway; express-rate-limit/express-rate-limit#234).
 */
export const withoutPort = (forwardedFor: string): string =>
  forwardedFor.trimEnd().replace(ADDRESS_AND_PORT, '$<v4>$<v6>');

/** For a gateway behind a proxy, which wrote the last entry of X-Forwarded-For. */
export function readForwardedFor(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ headers }, _reply, done) => {
    const { 'x-forwarded-for': entries } = headers;
    if (typeof entries === 'string') headers['x-forwarded-for'] = withoutPort(entries);
    done();
  });
}
