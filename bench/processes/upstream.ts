// A provider that costs nothing: prepared bytes in the shapes of OpenAI, Anthropic and Google, and a count of the usage it handed out, by
// who asked. The first two parts of the path say who, and in which shape: /direct/openai/v1/chat/completions, /gateway/gemini/v1beta/…
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { CHUNKS, type Format, type UsageTotals } from '../lib/protocol.ts';
import { listen, serveCommands } from './child.ts';
import { type Counts, HEAD, openAiUsage, SHAPES } from './shapes.ts';

const TEXT = 'The octopus has three hearts, nine brains and blue blood, and tastes with its arms. ';

/** Before the first byte, and between chunks. */
let delayMs = 0;
let answers = 0;
const totals = new Map<string, UsageTotals>();

/** Counts that differ from answer to answer, noted for the reconciliation. */
function countsFor(caller: string): Counts {
  answers++;
  const counts = { prompt: 20 + (answers % 50), cached: answers % 16, completion: 1 + (answers % 200) };
  const before = totals.get(caller) ?? { answers: 0, prompt: 0, cached: 0, completion: 0 };
  totals.set(caller, {
    answers: before.answers + 1,
    prompt: before.prompt + counts.prompt,
    cached: before.cached + counts.cached,
    completion: before.completion + counts.completion,
  });
  return counts;
}

async function answerPlain(counts: Counts, response: ServerResponse): Promise<void> {
  if (delayMs > 0) await delay(delayMs);
  const message = `{"role":"assistant","content":"${TEXT.repeat(4)}"}`;
  const body = `${HEAD}"choices":[{"index":0,"message":${message},"finish_reason":"stop"}],${openAiUsage(counts)}}`;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

async function answerStream(format: Format, counts: Counts, response: ServerResponse): Promise<void> {
  const shape = SHAPES[format];
  const piece = Buffer.from(shape.piece(counts));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const start = performance.now();
  let begin = shape.begin(counts);
  for (let count = 1; count <= CHUNKS; count++) {
    // Each chunk has its own instant, so that late timers don't add up.
    await (delayMs > 0 ? delay(Math.max(1, start + count * delayMs - performance.now())) : nextTurn());
    response.write(begin === '' ? piece : begin + piece.toString());
    begin = '';
  }
  response.end(shape.end(counts));
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const [, caller = '', format = ''] = request.url?.split('/') ?? [];
  const counts = countsFor(`${caller}/${format}`);
  const isStream = format === 'gemini' || Buffer.concat(chunks).includes('"stream":true');
  await (isStream ? answerStream(format as Format, counts, response) : answerPlain(counts, response));
}

const port = await listen(createServer((request, response) => void handle(request, response)));
serveCommands(port, {
  setDelay: async (milliseconds: number) => void (delayMs = milliseconds),
  totals: async (caller: string) => totals.get(caller),
});
