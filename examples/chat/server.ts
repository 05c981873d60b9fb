// A chat's server: gives out the page, and passes the stream of an answer through to it. The key never leaves this process.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

const {
  TOKENHUB_BASE_URL: baseUrl = 'http://127.0.0.1:8080/v1',
  TOKENHUB_API_KEY: apiKey,
  PORT = '3000',
} = process.env;
/** The page chooses neither: they decide what a question costs. */
const MODEL = 'gpt-4o-mini';
const MAX_TOKENS = 1_000;

if (apiKey === undefined) {
  console.error('Set TOKENHUB_API_KEY to a key of token-hub, sk-th_…');
  process.exit(1);
}

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
};

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    if (response.destroyed) return; // the user has left
    console.error(error);
    if (response.headersSent) response.destroy();
    else refuse(response, 502, 'The assistant can’t answer just now. Try again in a moment.');
  });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST' && request.url === '/api/chat') return chat(request, response);
  const [file, type] = FILES[request.url ?? ''] ?? [];
  if (file === undefined) return refuse(response, 404, 'There is no such page.');
  response.writeHead(200, { 'content-type': type }).end(await readFile(new URL(file, import.meta.url)));
}

async function chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { messages } = JSON.parse(await text(request)) as { messages: unknown };
  const left = new AbortController();
  response.on('close', () => left.abort()); // the page was closed, or “Stop” was pressed
  const upstream = await fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, max_tokens: MAX_TOKENS, messages, stream: true }),
    signal: left.signal,
  });
  if (!upstream.ok) console.error(`token-hub answered ${upstream.status} to ${upstream.headers.get('x-request-id')}`);
  const headers = ['content-type', 'retry-after', 'x-request-id'].flatMap((name) => {
    const value = upstream.headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  response.writeHead(upstream.status, { ...Object.fromEntries(headers), 'cache-control': 'no-store' });
  if (upstream.body === null) response.end();
  else await pipeline(upstream.body, response);
}

/** An error in the shape of OpenAI's, which those of token-hub have. */
function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
}

server.listen(Number(PORT), '127.0.0.1', () => {
  const address = server.address();
  console.log(`Chat at http://127.0.0.1:${typeof address === 'object' ? address?.port : PORT}`);
});
