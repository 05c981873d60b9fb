// The HTTP server: passes requests to the API, the pages or the knobs, and writes their answers.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { z } from 'zod';
import type { Api } from './api/api.js';
import { faultSchema } from './faults.js';
import { knobsSchema } from './knobs.js';
import { answerPage } from './pages/pages.js';
import type { World } from './world.js';
import { isFromThisMachine, THIS_MACHINE_ONLY } from '../own-machine.js';

export interface Parts {
  readonly world: World;
  readonly api: Api;
  /** Resolves when all work until now is durable: no answer is sent earlier. */
  readonly settled: () => Promise<void>;
}

const LARGEST_BODY = 1024 * 1024;
// Far longer than a client keeps an idle connection, so that this side never closes one while a request arrives.
const KEEP_ALIVE_MS = 600_000;
/** Closes connections that send nothing; requests have no time limit, so headers need one of their own. */
const HEADERS_MS = 10_000;

export const makeServer = (): Server =>
  createServer({ keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: HEADERS_MS, requestTimeout: 0, noDelay: true });

/** Answers requests from now on. */
export const serve = (server: Server, parts: Parts): Server =>
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void receive(parts, request, response));

/** Never throws: an error ends the connection. */
async function receive(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request);
    if (!isFromThisMachine(request)) send(response, 403, {}, THIS_MACHINE_ONLY);
    else if (body === undefined) send(response, 413, {}, 'The request body is too large.');
    else await answer(parts, { request, response, body });
  } catch (error) {
    if (!request.destroyed) console.error(error);
    response.destroy();
  }
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: string;
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LARGEST_BODY) chunks.push(chunk);
  }
  return bytes <= LARGEST_BODY ? Buffer.concat(chunks).toString() : undefined;
}

async function answer({ world, api, settled }: Parts, { request, response, body }: Exchange): Promise<void> {
  const { method = '', url = '', headers } = request;
  const [path = '', query = ''] = url.split('?', 2);
  if (path.startsWith('/v1/')) {
    await answerApi({ api, settled }, { request, response, body });
    return;
  }
  // Another site's page in the same browser must not press our buttons.
  if (method === 'POST' && headers['sec-fetch-site'] === 'cross-site') {
    send(response, 403, {}, 'Only the pages of this sandbox may do that.');
    return;
  }
  if (path === '/sandbox/knobs') setKnobs(world, { request, response, body });
  else if (path === '/sandbox/faults' && method === 'POST') addFault(api, { request, response, body });
  else {
    const fields = new URLSearchParams(method === 'POST' ? body : query);
    const page = answerPage(world, { method, path, fields });
    await settled();
    send(response, page.status, page.headers, page.body);
  }
}

async function answerApi({ api, settled }: Omit<Parts, 'world'>, { request, response, body }: Exchange): Promise<void> {
  const { method = '', url = '', headers } = request;
  const [path = '', query = ''] = url.split('?', 2);
  const key = headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' ? key : undefined;
  const params = method === 'POST' ? body : query;
  const outcome = api.answer({ method, path, params, authorization: headers.authorization, idempotencyKey });
  await settled();
  if (outcome === 'hang') return;
  if (outcome === 'drop') {
    response.destroy();
    return;
  }
  send(
    response,
    outcome.status,
    {
      'content-type': 'application/json',
      'request-id': outcome.requestId,
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      ...(outcome.replayed ? { 'idempotent-replayed': 'true', 'original-request': outcome.requestId } : {}),
      ...(typeof headers['stripe-version'] === 'string' ? { 'stripe-version': headers['stripe-version'] } : {}),
    },
    outcome.body,
  );
}

/** `POST` changes the knobs it names, `GET` shows them all. */
function setKnobs(world: World, { request, response, body }: Exchange): void {
  if (request.method === 'POST') {
    const sent = readJson(knobsSchema.partial(), { request, response, body });
    if (sent === undefined) return;
    Object.assign(world.knobs, sent);
  }
  sendSet({ request, response, body }, world.knobs);
}

/** Orders a fault for the next calls. */
function addFault(api: Api, exchange: Exchange): void {
  const fault = readJson(faultSchema, exchange);
  if (fault === undefined) return;
  api.faults.add(fault);
  sendSet(exchange, fault);
}

/**
 * Reads the JSON that programs send as a body, and the operator's page as a form field. Undefined when it was refused.
 */
function readJson<S extends z.ZodType>(schema: S, { request, response, body }: Exchange): z.output<S> | undefined {
  const sent = schema.safeParse(jsonOf(isForm(request) ? (new URLSearchParams(body).get('json') ?? '') : body));
  if (sent.success) return sent.data;
  send(response, 400, {}, z.prettifyError(sent.error));
  return undefined;
}

function sendSet({ request, response }: Exchange, value: object): void {
  if (isForm(request)) send(response, 303, { location: '/sandbox' }, '');
  else send(response, 200, { 'content-type': 'application/json' }, JSON.stringify(value));
}

const isForm = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers, 'content-length': length });
  response.end(body);
}
