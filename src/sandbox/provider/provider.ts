// The sandbox provider: an HTTP double of a model provider that speaks OpenAI's wire format, for the demo, tests and
// load. It needs no account, asks no model, and gives the same answer to the same request. knobs.ts says how to ask it
// for faults and pace.
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject } from '../../kernel/index.js';
import { type ChatContext, answerChat } from './chat.js';
import { WireError, badRequest, serverError } from './errors.js';
import { type Knobs, parseKnobs } from './knobs.js';
import { MODELS } from './models.js';
import { UsageLog } from './usage-log.js';

export interface SandboxProviderOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** A file to append one `UsageLine` to for each request answered with 200. */
  readonly usageLogFile?: string;
  /** Knobs for requests that say nothing else. */
  readonly knobs?: Knobs;
}

export interface SandboxProvider {
  /** Such as http://127.0.0.1:4010, without the /v1. */
  readonly url: string;
  /** Drops every connection, also those of hanging requests. */
  close(): Promise<void>;
}

interface State extends ChatContext {
  defaults: Knobs;
}

const HOST = '127.0.0.1';
const LARGEST_BODY = 64 * 1024 * 1024;
// Far longer than a gateway keeps an idle connection, so that it is never this side that closes one under a request.
const KEEP_ALIVE_MS = 600_000;
const BEARER = /^Bearer\s+\S/i;

/** Starts a sandbox provider on 127.0.0.1. */
export async function startSandboxProvider(options: SandboxProviderOptions = {}): Promise<SandboxProvider> {
  const log = options.usageLogFile === undefined ? undefined : new UsageLog(options.usageLogFile);
  const idPrefix = `chatcmpl-sandbox${randomBytes(6).toString('hex')}`;
  let answered = 0;
  const nextId = () => `${idPrefix}${(++answered).toString(36).padStart(6, '0')}`;
  const state: State = { defaults: options.knobs ?? {}, log, nextId };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0, noDelay: true },
    (request, response) => receive(state, request, response),
  );
  await listen(server, options.port ?? 0);
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      log?.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, 4096, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Reads the body, then answers; whatever goes wrong becomes an answer too. */
function receive(state: State, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= LARGEST_BODY) chunks.push(chunk);
  });
  request.on('end', () => {
    try {
      if (bytes > LARGEST_BODY) throw new WireError(413, 'The request body is too large.');
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      route(state, request, body, response)?.catch((error: unknown) => sendError(response, error));
    } catch (error) {
      sendError(response, error);
    }
  });
}

function route(
  state: State,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> | undefined {
  const { method = '', url = '' } = request;
  const path = url.includes('?') ? url.slice(0, url.indexOf('?')) : url;
  if (path === '/sandbox/knobs') {
    knobs(state, method, body, response);
    return undefined;
  }
  if (!BEARER.test(request.headers.authorization ?? '')) {
    throw new WireError(401, "You didn't provide an API key.", { code: 'invalid_api_key' });
  }
  if (method === 'POST' && path === '/v1/chat/completions') {
    const requestId = request.headers['x-request-id'];
    const id = typeof requestId === 'string' ? requestId : null;
    return answerChat(state, { json: parseJson(body), bytes: body.length, requestId: id }, response);
  }
  if (method === 'GET' && path === '/v1/models') {
    sendJson(response, 200, { object: 'list', data: MODELS });
    return undefined;
  }
  throw new WireError(404, `Invalid URL (${method} ${path})`, { code: 'unknown_url' });
}

/** `POST` replaces the default knobs, `GET` shows them. */
function knobs(state: State, method: string, body: Buffer, response: ServerResponse): void {
  if (method === 'POST') {
    const json = parseJson(body);
    if (!isJsonObject(json)) throw badRequest('Send the knobs as a JSON object.', null);
    try {
      state.defaults = parseKnobs(json);
    } catch (error) {
      throw error instanceof RangeError ? badRequest(error.message, null) : error;
    }
  }
  sendJson(response, 200, state.defaults);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw badRequest('We could not parse the JSON body of your request.', null);
  }
}

function sendJson(response: ServerResponse, status: number, value: object, headers: Record<string, string> = {}): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

function sendError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const failure = error instanceof WireError ? error : serverError();
  if (failure !== error) console.error(error);
  sendJson(response, failure.status, failure, failure.status === 429 ? { 'retry-after': '1' } : {});
}
