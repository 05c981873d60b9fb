// A proxy that alone may leave a network: who asks it for a tunnel to a port of `localhost` gets to a server of the test, by TLS.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { targetOf } from './tcp-proxy.js';

export interface ConnectProxy {
  readonly url: string;
  /** The heads of requests for a tunnel. */
  readonly asked: { readonly authority: string; readonly credentials: string | undefined }[];
  /** By host and port, the address of the server there, which speaks no TLS by itself. */
  readonly servers: Record<string, string>;
  /** What it answers instead of opening a tunnel; nothing at all if that is empty. */
  refusal: string | undefined;
  close(): Promise<void>;
}

/** Starts it, and has this process trust the hosts behind it. */
export async function startConnectProxy(): Promise<ConnectProxy> {
  setDefaultCACertificates([...getCACertificates(), CERTIFICATE]);
  const sockets = new Set<Socket>();
  const server = createServer().on('connection', (socket) => sockets.add(socket));
  const listening = once(server, 'listening');
  server.listen(0, '127.0.0.1');
  await listening;
  const proxy: ConnectProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    servers: {},
    refusal: undefined,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  server.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    socket.on('error', () => undefined);
    proxy.asked.push({ authority: url, credentials: headers['proxy-authorization'] });
    const target = proxy.servers[url];
    const refusal = target === undefined ? '502 Unknown Host' : proxy.refusal;
    if (refusal !== undefined) return refusal === '' ? undefined : socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    const inside = new TLSSocket(socket, { isServer: true, key: KEY, cert: CERTIFICATE });
    const beyond = connect(targetOf(target ?? ''));
    for (const end of [inside, beyond]) end.on('error', () => inside.destroy() && beyond.destroy());
    inside.pipe(beyond).pipe(inside);
  });
  return proxy;
}

/** Of `localhost`, by itself, until 2126. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUSgC3FYfkwHv5fl38McpWH0ZVNZowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTIwMTAyMTg0MloYDzIxMjYxMTA3
MDIxODQyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR7yFqsWPqvGXjJYsZDsM5CVWcbYfXHUIr8zHJZZtg4UPk+jbXPi2Jh
gA2ZPYXnubWqzBbd7Zdvv9+VY3UvX92To2kwZzAdBgNVHQ4EFgQUfPlO5bji4XYF
lFhpxg7yiFAUYSwwHwYDVR0jBBgwFoAUfPlO5bji4XYFlFhpxg7yiFAUYSwwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIhALWwRc4Ye/01HX2VDHuKiUnZvMk5B8CWBwgxRXn2deRtAiBZmy+AaCuY
1Y6HsBxpElDzleANP/NFOIUjqqvyJOACHQ==
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgEOcMaOBTRf7npoNe
LkbEc+LUPyVnqlFzYvoJvMCjeaOhRANCAAR7yFqsWPqvGXjJYsZDsM5CVWcbYfXH
UIr8zHJZZtg4UPk+jbXPi2JhgA2ZPYXnubWqzBbd7Zdvv9+VY3UvX92T
-----END PRIVATE KEY-----`;
