// The connections of a server: how many there may be, how long one may be silent or take nothing of its answer, how much one may ask at once,
// and how one ends that is no use. Every one of them ends in `destroy`: a side that was only half closed would keep its descriptor for as long
// as its client likes.
import { type RequestListener, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Until a connection that was told why it ends is destroyed. */
const LINGER_MS = 1_000;
/** So many may be told that there is no room at the same time; the others are closed at once. */
const MOST_TURNED_AWAY = 32;
/** Requests of one connection that are answered at the same time. Each of them has an answer in memory, and 64 KiB hold a thousand requests. */
const MOST_PIPELINED = 10;

/** For `createServer`: how long the head of a request may take. A connection that never sends one is closed after that, too. */
export const HEAD_ARRIVES_IN_TIME = { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 };

/** The answers that are under way on each connection that has had a request, in the order of these. */
const answers = new WeakMap<Socket, Set<ServerResponse>>();

/**
 * Whether answers to whole requests are under way on a connection whose next bytes are no request: they may have been paid for, so the connection
 * ends with them, and not before.
 */
export function endsAnswered(socket: Socket): boolean {
  const isWhole = ({ headersSent, req }: ServerResponse): boolean => headersSent || req.complete;
  const last = [...(answers.get(socket) ?? [])].findLast(isWhole);
  if (last === undefined) return false;
  if (last.shouldKeepAlive) last.once('close', () => socket.destroySoon());
  last.shouldKeepAlive = false;
  return true;
}

/** A whole answer, written to a connection that has no request to answer. The connection ends with it. */
export function answerAndClose(socket: Socket, status: number, headers: readonly string[], body: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...headers,
  ];
  socket.on('error', () => undefined);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

export interface Bounds {
  /** How many connections there may be. */
  readonly most: number;
  /** How long a client may take nothing of what waits for it, in milliseconds. */
  readonly stallMs: number;
  /** Tells a connection that there is no room, with `answerAndClose`. */
  turnAway(socket: Socket): void;
  /** Told of a connection that the system could not give us. */
  failed(error: Error): void;
}

/** Bounds the connections of a server. When there is no room for one more, the one gives way that has had nothing to do for longest. */
export function boundConnections(server: Server, bounds: Bounds): void {
  const connections = new Connections(bounds);
  // The server's own listeners see only the connections there is room for: the others never get to have a request.
  const takers = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    if (connections.opened(socket)) for (const take of takers) take.call(server, socket);
  });
  const answerers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const { socket } = request;
    if (!connections.asked(socket, response)) return;
    response.once('close', () => connections.answered(socket, response));
    for (const answer of answerers) answer.call(server, request, response);
  });
  endStalled(server, bounds.stallMs);
  // With no descriptor left, the system refuses to accept; without a listener that would end the process.
  server.on('error', (error) => bounds.failed(error));
}

/**
 * A client may wait for an answer, but not let an answer wait: it would stay in memory, and keep its connection from all others, for as long as
 * the client likes. As with nginx, any byte that is taken starts the time anew (https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout).
 */
function endStalled(server: Server, stallMs: number): void {
  server.setTimeout(stallMs);
  // Node tells this of connections that have rested for long, too, and leaves it to us to end them. It ends those without a request itself.
  server.on('timeout', (socket: Socket) => {
    const isAwaited = answers.get(socket)?.size !== 0;
    if (!isAwaited || socket.writableLength > 0) socket.destroy();
  });
}

class Connections {
  readonly #open = new Set<Socket>();
  readonly #turnedAway = new Set<Socket>();
  /** Those that have sent no request yet, and those whose requests are answered; the oldest first. */
  readonly #silent = new Set<Socket>();
  readonly #resting = new Set<Socket>();

  constructor(private readonly bounds: Bounds) {}

  /** Whether there is room for it. */
  opened(socket: Socket): boolean {
    if (this.#open.size >= this.bounds.most && !this.#makeRoom()) {
      this.#turnAway(socket);
      return false;
    }
    this.#open.add(socket);
    this.#silent.add(socket);
    socket.once('close', () => this.#closed(socket));
    return true;
  }

  /** Whether a request that has come is to be answered. */
  asked(socket: Socket, answer: ServerResponse): boolean {
    if (socket.destroyed) return false;
    const underWay = answers.get(socket) ?? new Set();
    if (underWay.size === MOST_PIPELINED) {
      socket.destroy();
      return false;
    }
    answers.set(socket, underWay.add(answer));
    this.#busy(socket);
    return true;
  }

  answered(socket: Socket, answer: ServerResponse): void {
    const underWay = answers.get(socket);
    underWay?.delete(answer);
    if (underWay?.size === 0 && this.#open.has(socket) && !socket.destroyed) this.#resting.add(socket);
  }

  #busy(socket: Socket): void {
    this.#silent.delete(socket);
    this.#resting.delete(socket);
  }

  #makeRoom(): boolean {
    const [first] = this.#silent.size > 0 ? this.#silent : this.#resting;
    if (first === undefined) return false;
    first.destroy();
    this.#closed(first);
    return true;
  }

  #turnAway(socket: Socket): void {
    if (this.#turnedAway.size >= MOST_TURNED_AWAY) return void socket.destroy();
    this.#turnedAway.add(socket);
    socket.once('close', () => this.#turnedAway.delete(socket));
    this.bounds.turnAway(socket);
  }

  #closed(socket: Socket): void {
    this.#busy(socket);
    this.#open.delete(socket);
  }
}
