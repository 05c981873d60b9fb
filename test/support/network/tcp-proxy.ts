// A network between a client and the servers it talks to: spreads connections, and fails on demand.
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { ownPort } from './own-port.js';

export interface Target {
  readonly host: string;
  readonly port: number;
}

/** Listens to what the client sends and passes it on. The other direction, and the ends of both, are taken care of. */
export type Forward = (client: Socket, server: Socket) => void;

const HALF_OPEN = { allowHalfOpen: true } as const;

export class TcpProxy {
  #listener: Server | undefined;
  #port = 0;
  #turn = 0;
  #hangs = false;
  readonly #sockets = new Set<Socket>();
  /** Connections that pass bytes on, or would, if the network did not hang. */
  readonly #links = new Set<{ readonly client: Socket; readonly server: Socket }>();

  private constructor(
    /** Each connection goes to the next one in turn, past those that refuse it. */
    public targets: readonly Target[],
    private readonly forward: Forward = (client, server) => this.#relay(client, server),
  ) {}

  /** Listens on a port of 127.0.0.1, which stays its own while it is down. */
  static async start(targets: readonly Target[], forward?: Forward): Promise<TcpProxy> {
    const proxy = new TcpProxy(targets, forward);
    proxy.#port = await ownPort();
    await proxy.up();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Refuses connections, and breaks those there are: as when there is nobody. */
  async down(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    const closed = once(listener, 'close');
    listener.close();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    await closed;
  }

  async up(): Promise<void> {
    const listener = createServer({ ...HALF_OPEN, pauseOnConnect: true }, (client) => void this.#accept(client));
    listener.listen(this.#port, '127.0.0.1');
    await once(listener, 'listening');
    this.#listener = listener;
  }

  /** Passes nothing on in either direction and tells nobody: packets are lost, as between the parts of a divided network. */
  hang(): void {
    this.#hangs = true;
    for (const { client, server } of this.#links) for (const socket of [client, server]) socket.pause();
  }

  /** Passes everything on again, with what was held back: TCP sends lost packets again. */
  goOn(): void {
    this.#hangs = false;
    for (const { client, server } of this.#links) for (const socket of [client, server]) socket.resume();
  }

  close(): Promise<void> {
    return this.down();
  }

  async #accept(client: Socket): Promise<void> {
    this.#track(client);
    const server = await this.#connect();
    if (server === undefined || client.destroyed) {
      client.resetAndDestroy();
      server?.destroy();
      return;
    }
    const link = { client, server };
    this.#links.add(link);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('end', () => to.end());
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        this.#links.delete(link);
        to.destroySoon();
      });
    }
    this.forward(client, server);
    this.#relay(server, client);
    if (this.#hangs) this.hang();
    else client.resume();
  }

  /** At the pace of the one that reads. */
  #relay(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => {
        if (!this.#hangs) from.resume();
      });
    });
  }

  /** The first that takes a connection, from the next in turn on. */
  async #connect(): Promise<Socket | undefined> {
    const { targets } = this;
    const turn = this.#turn++;
    for (const index of targets.keys()) {
      const target = targets[(turn + index) % targets.length];
      if (target === undefined) continue;
      const socket = connect({ ...target, ...HALF_OPEN });
      this.#track(socket);
      try {
        await once(socket, 'connect');
        return socket;
      } catch {
        // It refuses: the next one.
      }
    }
    return undefined;
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
  }
}

/** What a URL with a host and a port names. */
export function targetOf(url: string): Target {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
