// A provider that costs nothing: OpenAI's shapes from prepared bytes, and a count of the usage it handed out, by who asked.
// The first part of the path says who: /direct/v1/chat/completions, /gateway/v1/chat/completions, …
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { UsageTotals } from '../lib/protocol.ts';
import { listen, serveCommands } from './child.ts';

const CHUNKS = 64;
const HEAD = '{"id":"chatcmpl-bench","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini",';
const CHUNK_HEAD = HEAD.replace('chat.completion', 'chat.completion.chunk');
const TEXT = 'The octopus has three hearts, nine brains and blue blood, and tastes with its arms. ';
const CHUNK = Buffer.from(
  `data: ${CHUNK_HEAD}"choices":[{"index":0,"delta":{"content":" octopus"},"finish_reason":null}]}\n\n`,
);

/** Before the first byte, and between chunks. */
let delayMs = 0;
let answers = 0;
const totals = new Map<string, UsageTotals>();

/** Counts that differ from answer to answer, noted for the reconciliation. */
function usageFor(caller: string): string {
  answers++;
  const prompt = 20 + (answers % 50);
  const cached = answers % 16;
  const completion = 1 + (answers % 200);
  const before = totals.get(caller) ?? { answers: 0, prompt: 0, cached: 0, completion: 0 };
  totals.set(caller, {
    answers: before.answers + 1,
    prompt: before.prompt + prompt,
    cached: before.cached + cached,
    completion: before.completion + completion,
  });
  return `"usage":{"prompt_tokens":${prompt},"completion_tokens":${completion},"total_tokens":${prompt + completion},"prompt_tokens_details":{"cached_tokens":${cached},"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0}}`;
}

async function answerPlain(caller: string, response: ServerResponse): Promise<void> {
  if (delayMs > 0) await delay(delayMs);
  const message = `{"role":"assistant","content":"${TEXT.repeat(4)}"}`;
  const body = `${HEAD}"choices":[{"index":0,"message":${message},"finish_reason":"stop"}],${usageFor(caller)}}`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

async function answerStream(caller: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const start = performance.now();
  for (let count = 1; count <= CHUNKS; count++) {
    // Each chunk has its own instant, so that late timers don't add up.
    await (delayMs > 0 ? delay(Math.max(1, start + count * delayMs - performance.now())) : nextTurn());
    response.write(CHUNK);
  }
  response.end(`data: ${CHUNK_HEAD}"choices":[],${usageFor(caller)}}\n\ndata: [DONE]\n\n`);
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const caller = request.url?.split('/')[1] ?? '';
  await (Buffer.concat(chunks).includes('"stream":true') ? answerStream : answerPlain)(caller, response);
}

const port = await listen(createServer((request, response) => void handle(request, response)));
serveCommands(port, {
  setDelay: async (milliseconds: number) => void (delayMs = milliseconds),
  totals: async (caller: string) => totals.get(caller),
});
