// Answers requests while a gateway waits for its ledger.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './platform/config.js';
import {
  ANSWERS_ALL_HEADS,
  answerClientError,
  answerExpectations,
  connectionsBy,
  descriptorLimit,
  HEAD_ARRIVES_IN_TIME,
  ledgerUnavailable,
  pathOf,
  newRequestId,
} from './platform/http/index.js';
import { errorDialect } from './proxy/index.js';

const REQUEST_ARRIVES_MS = 30_000;

/**
 * Answers that the gateway is alive (`/healthz`) but not ready (`/readyz`), and why. To every other request it answers that the ledger
 * can't be reached, in the error shape of the API.
 */
export class WaitingServer {
  readonly #server: Server;
  /** Why the gateway waits. */
  reason = '';

  private constructor({ MAX_CONNECTIONS }: Config) {
    const settings = { ...HEAD_ARRIVES_IN_TIME, ...ANSWERS_ALL_HEADS, requestTimeout: REQUEST_ARRIVES_MS };
    this.#server = createServer(settings, (request, response) => this.#answer(request, response));
    this.#server.maxConnections = MAX_CONNECTIONS ?? connectionsBy(descriptorLimit());
    this.#server.on('clientError', answerClientError);
    answerExpectations(this.#server);
  }

  static async listen(config: Config): Promise<WaitingServer> {
    const waiting = new WaitingServer(config);
    waiting.#server.listen(config.PORT, config.HOST);
    await once(waiting.#server, 'listening');
    return waiting;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Frees the port for the gateway. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    response.shouldKeepAlive = false; // the next request should reach the gateway
    const path = pathOf(request.url ?? '/');
    if (path === '/healthz') return send(response, 200, { status: 'ok' });
    if (path === '/readyz') {
      const reasons = { eventStore: this.reason };
      return send(response, 503, { status: 'not ready', checks: { eventStore: 'down' }, reasons });
    }
    const error = ledgerUnavailable();
    send(response, error.status, errorDialect.bodyFor(path, error), error.options.headers);
  }
}

function send(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}) {
  const type = 'application/json; charset=utf-8';
  response.writeHead(status, { 'content-type': type, 'x-request-id': newRequestId(), ...headers });
  response.end(JSON.stringify(body));
}
