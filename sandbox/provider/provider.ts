// The sandbox provider: an HTTP double of model providers for the demo, tests and load tests. It needs no account,
// calls no model, and gives the same answer to the same request. It speaks OpenAI's API at /v1: chat/completions,
// responses, models, embeddings, images/generations, audio/speech, audio/transcriptions, audio/translations,
// moderations, and rerank as Jina defines it; Anthropic's at /anthropic/v1: messages, messages/count_tokens; Google's
// at /gemini/v1beta: models/…:generateContent, :streamGenerateContent?alt=sse, :batchEmbedContents. knobs.ts says how
// to request faults and a pace.
import { randomBytes } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject } from '../../src/kernel/index.js';
import { type AnswerContext, answer } from './answering.js';
import { type Api, type PreparedAnswer, jsonOf } from './api.js';
import { WireError, badRequest, serverError } from './errors.js';
import { type Knobs, parseKnobs } from './knobs.js';
import { ANTHROPIC } from './anthropic/api.js';
import { GEMINI } from './gemini/api.js';
import { OPENAI } from './openai/api.js';
import { UsageLog } from './usage-log.js';
import { isFromThisMachine, THIS_MACHINE_ONLY } from '../own-machine.js';

export interface SandboxProviderOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** A file to append one `UsageLine` to for each request answered with 200. */
  readonly usageLogFile?: string;
  /** The knobs of requests that set none. */
  readonly knobs?: Knobs;
}

export interface SandboxProvider {
  /** Such as http://127.0.0.1:4010, without the path of an API. */
  readonly url: string;
  /** Closes every connection, even those of hanging requests. */
  close(): Promise<void>;
}

interface State extends AnswerContext {
  defaults: Knobs;
}

const HOST = '127.0.0.1';
const LARGEST_BODY = 64 * 1024 * 1024;
// Far longer than a gateway keeps an idle connection, so that this side never closes one while a request arrives.
const KEEP_ALIVE_MS = 600_000;
/** Closes connections that send nothing; requests have no time limit, so headers need one of their own. */
const HEADERS_MS = 10_000;
const APIS: readonly Api[] = [ANTHROPIC, GEMINI, OPENAI];

/** Starts a sandbox provider on 127.0.0.1. */
export async function startSandboxProvider(options: SandboxProviderOptions = {}): Promise<SandboxProvider> {
  const log = options.usageLogFile === undefined ? undefined : new UsageLog(options.usageLogFile);
  const idPrefix = `sandbox${randomBytes(6).toString('hex')}`;
  let answered = 0;
  const nextId = () => `${idPrefix}${(++answered).toString(36).padStart(6, '0')}`;
  const state: State = { defaults: options.knobs ?? {}, log, nextId };
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: 0, noDelay: true },
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

/** Reads the body, then answers; every error becomes an answer too. */
function receive(state: State, request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= LARGEST_BODY) chunks.push(chunk);
  });
  request.on('end', () => {
    const { url = '' } = request;
    const api = APIS.find(({ prefix }) => url.startsWith(`${prefix}/`)) ?? OPENAI;
    const fail = (error: unknown) => sendError(response, api, error);
    try {
      if (!isFromThisMachine(request)) throw new WireError(403, THIS_MACHINE_ONLY);
      if (bytes > LARGEST_BODY) throw new WireError(413, 'The request body is too large.');
      const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
      if (url === '/sandbox/knobs') setKnobs(state, request, body, response);
      else route(state, { api, request, body }, response)?.catch(fail);
    } catch (error) {
      fail(error);
    }
  });
}

interface Received {
  readonly api: Api;
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

function route(state: State, { api, request, body }: Received, response: ServerResponse): Promise<void> | undefined {
  const { method = '', url = '', headers } = request;
  const [path = '', query = ''] = url.split('?', 2);
  api.authorise(headers);
  const below = path.startsWith(api.prefix) ? path.slice(api.prefix.length) : '';
  const prepared = api.read({ method, path: below, query, headers, body, defaults: state.defaults });
  if (prepared === undefined) throw new WireError(404, `Invalid URL (${method} ${path})`, { code: 'unknown_url' });
  if ('json' in prepared) {
    sendJson(response, 200, prepared.json);
    return undefined;
  }
  const requestId = headers['x-request-id'];
  const caller = { response, requestId: typeof requestId === 'string' ? requestId : null };
  return prepared instanceof Promise
    ? prepared.then((read: PreparedAnswer) => answer(state, read, caller))
    : answer(state, prepared, caller);
}

/** `POST` replaces the default knobs, `GET` shows them. */
function setKnobs(state: State, { method }: IncomingMessage, body: Buffer, response: ServerResponse): void {
  if (method === 'POST') {
    const json = jsonOf({ body });
    if (!isJsonObject(json)) throw badRequest('Send the knobs as a JSON object.', null);
    try {
      state.defaults = parseKnobs(json);
    } catch (error) {
      throw error instanceof RangeError ? badRequest(error.message, null) : error;
    }
  }
  sendJson(response, 200, state.defaults);
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

function sendError(response: ServerResponse, api: Api, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const failure = error instanceof WireError ? error : serverError();
  if (failure !== error) console.error(error);
  // Google puts it in the body only.
  const headers: Record<string, string> = failure.status === 429 && api !== GEMINI ? { 'retry-after': '1' } : {};
  sendJson(response, failure.status, api.body(failure), headers);
}
