// The way out of a network that only a proxy may leave (HTTPS_PROXY): a connection to an `https:` address is a tunnel through it (RFC 9110, section
// 9.3.6), so the proxy learns the host and no more. Addresses with `http:` are on this machine or beside it, and are reached directly.
import http from 'node:http';
import https from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { Agent, buildConnector, errors, setGlobalDispatcher } from 'undici';
import type { Config } from '../../platform/config.js';

type Settings = Pick<Config, 'HTTPS_PROXY' | 'NO_PROXY'>;

const FETCH_CONNECTS_WITHIN_MS = 10_000;

/** From now on, what this process fetches leaves by such connections. */
export function fetchOverTunnels(settings: Settings): void {
  setGlobalDispatcher(new Agent({ connect: outgoingConnector(settings, FETCH_CONNECTS_WITHIN_MS) }));
}

/** Opens connections, through the proxy if there is one. The way through it and the rest may each take `timeoutMs`. */
export function outgoingConnector(
  { HTTPS_PROXY, NO_PROXY = '' }: Settings,
  timeoutMs: number,
): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs });
  if (HTTPS_PROXY === undefined) return connect;
  const proxy = new URL(HTTPS_PROXY);
  const isExcluded = exclusions(NO_PROXY);
  return (target, callback) => {
    const { protocol, port, host = target.hostname } = target;
    const authority = port === '' ? `${host}:443` : host;
    if (protocol !== 'https:' || isExcluded(authority)) return connect(target, callback);
    tunnel({ proxy, authority, timeoutMs }, (error, httpSocket) =>
      httpSocket === null ? callback(error, null) : connect({ ...target, httpSocket }, callback),
    );
  };
}

interface Tunnel {
  readonly proxy: URL;
  /** Where it leads to: host and port. */
  readonly authority: string;
  readonly timeoutMs: number;
}

/** Fails by a ConnectTimeoutError, or an error with what the proxy answered. */
function tunnel({ proxy, authority, timeoutMs }: Tunnel, done: buildConnector.Callback): void {
  const { request } = proxy.protocol === 'https:' ? https : http;
  const user = [proxy.username, proxy.password].map(decodeURIComponent).join(':');
  const credentials = user !== ':' && { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` };
  const headers = { host: authority, ...credentials };
  request(proxy, { method: 'CONNECT', path: authority, headers, auth: null, agent: false, timeout: timeoutMs })
    .once('connect', ({ statusCode = 0, statusMessage }, socket: Socket) => {
      socket.setTimeout(0);
      if (statusCode >= 200 && statusCode < 300) return done(null, socket);
      socket.destroy();
      done(new Error(`HTTPS_PROXY answered ${statusCode} ${statusMessage}`), null);
    })
    .once('timeout', function expire(this: http.ClientRequest) {
      this.destroy(new errors.ConnectTimeoutError(`HTTPS_PROXY opened no way to ${authority}`));
    })
    .once('error', (error) => {
      const isLate = error instanceof errors.ConnectTimeoutError;
      done(isLate ? error : new Error(`HTTPS_PROXY: ${error.message}`), null);
    })
    .end();
}

/** Which hosts are reached directly, with all below them; `*` is all of them, and a port limits an entry to it (everything.curl.dev/usingcurl/proxies/env.html). */
function exclusions(noProxy: string): (authority: string) => boolean {
  const entries = noProxy.split(/[\s,]+/).flatMap((entry) => {
    const url = URL.parse(`http://${isIPv6(entry) ? `[${entry}]` : entry.replace(/^\*?\./, '')}`);
    return url === null ? [] : [url];
  });
  return (authority) => {
    const { hostname, port } = new URL(`http://${authority}`);
    return entries.some(
      (entry) =>
        (entry.port === '' || entry.port === port) &&
        (entry.hostname === '*' || entry.hostname === hostname || hostname.endsWith(`.${entry.hostname}`)),
    );
  };
}
