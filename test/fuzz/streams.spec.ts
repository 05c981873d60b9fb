// Modes: embedded. What a provider sends does not depend on the stores.
// Providers that send anything: each call ends, in the shape of its API, and nothing is left held.
import * as fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { type Answer, request } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  type ScriptedUpstream,
  startUpstream,
  usageBlock,
  usageFrame,
} from '../support/gateway/upstream.js';
import { expectReadable, expectSettled, formats, isAnthropic, runs } from './fuzzing.js';

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  upstream = await startUpstream(answering());
  gateway = await startGateway({ channels: () => formats(upstream.url, upstream.url, upstream.url) });
  account = await gateway.desk.account('1000000.00');
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const event = (data: JsonObject): string => `event: ${String(data['type'])}\n${frame(data)}`;
const gemini = (text: string, more: JsonObject = {}): string =>
  frame({ candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...more }] });
const usageMetadata = { promptTokenCount: 4, candidatesTokenCount: 5, totalTokenCount: 9 };
const usage = { input_tokens: 4, output_tokens: 5 };

/** A whole stream of each format, frame by frame, with characters of one to four bytes. */
const STREAMS = {
  'gpt-4o-mini': [
    contentFrame('Grüße '),
    contentFrame('🐙 €'),
    ': keep-alive\n\n',
    contentFrame('', { usage: null }),
    usageFrame(usageBlock(4, 5)),
    DONE,
  ],
  'claude-haiku-4-5': [
    event({ type: 'message_start', message: { id: 'm', type: 'message', role: 'assistant', content: [], usage } }),
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße 🐙 €' } }),
    event({ type: 'content_block_stop', index: 0 }),
    event({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage }),
    event({ type: 'message_stop' }),
  ],
  'gemini-2.5-flash': [
    gemini('Grüße '),
    gemini('🐙 €'),
    frame({ candidates: [{ index: 0, content: { role: 'model', parts: [] }, finishReason: 'STOP' }], usageMetadata }),
  ],
} as const;
type Model = keyof typeof STREAMS;

/** The request that each API is asked with, and how it says that a stream is whole or broken. */
const APIS: Readonly<Record<string, { readonly body: JsonObject; readonly end: string; readonly failure: RegExp }>> = {
  '/v1/chat/completions': {
    body: { messages: [{ role: 'user', content: 'Hi' }] },
    end: 'data: [DONE]',
    failure: /data: \{"error":\{/,
  },
  '/v1/completions': { body: { prompt: 'Hi' }, end: 'data: [DONE]', failure: /data: \{"error":\{/ },
  '/v1/responses': { body: { input: 'Hi' }, end: '"type":"response.completed"', failure: /"type":"response\.failed"/ },
  '/v1/messages': {
    body: { messages: [{ role: 'user', content: 'Hi' }] },
    end: '"type":"message_stop"',
    failure: /event: error\ndata: \{"type":"error"/,
  },
};
const CAP = { max_tokens: 200, max_output_tokens: 200 };

async function ask(path: string, model: Model, stream: boolean): Promise<Answer> {
  const { max_output_tokens, max_tokens } = CAP;
  const answer = await request(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model,
      stream,
      ...(path === '/v1/responses' ? { max_output_tokens } : { max_tokens }),
      ...APIS[path]?.body,
    }),
    signal: AbortSignal.timeout(20_000),
  });
  expectReadable(path, answer);
  return answer;
}

/** A stream that is open says at its end either that it is whole or why it is not, once. */
async function askStreaming(path: string, model: Model): Promise<{ readonly text: string; readonly whole: boolean }> {
  const { status, text } = await ask(path, model, true);
  if (status !== 200) return { text, whole: false };
  const whole =
    text
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.includes(APIS[path]?.end ?? '') === true;
  // What an OpenAI-shaped provider says passes as it is; its own words are not ours to judge.
  expect(whole || APIS[path]?.failure.test(text), text.slice(-1_000)).toBe(true);
  return { text, whole };
}

/** Sends pieces, each in a write of its own. */
const sending =
  (pieces: readonly Uint8Array[], contentType = 'text/event-stream'): ScriptedUpstream['script'] =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': contentType });
    void (async () => {
      for (const piece of pieces) {
        if (response.destroyed) return;
        response.write(piece);
        await nextTurn();
      }
      response.end();
    })();
  };

const bytesOf = (model: Model): Buffer => Buffer.from(STREAMS[model].join(''));
const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const ends = [...new Set(cuts.map((cut) => cut % bytes.length))].toSorted((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
};
/** What a client is told, without what differs from call to call. */
const told = (text: string): string =>
  text.replaceAll(/(chatcmpl|cmpl|resp|msg|rs|fc)_?-?[\w-]{8,}/g, '$1').replaceAll(/"created(_at)?":\d+/g, '');

const settled = () => expectSettled(gateway, account);
const models = Object.keys(STREAMS) as Model[];
const pairs = Object.keys(APIS).flatMap((path) => models.map((model): [string, Model] => [path, model]));
const pair = fc.constantFrom(...pairs);

it.each(pairs)('%s of %s is told the same, a byte at a time or cut anywhere', async (path, model) => {
  const bytes = bytesOf(model);
  upstream.script = sending([bytes]);
  const { text, whole } = await askStreaming(path, model);
  expect(whole).toBe(true);
  upstream.script = sending(cutAt(bytes, [...bytes.keys()]));
  expect(told((await askStreaming(path, model)).text)).toBe(told(text));
  const law = fc.asyncProperty(fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), async (cuts) => {
    upstream.script = sending(cutAt(bytes, cuts));
    expect(told((await askStreaming(path, model)).text)).toBe(told(text));
  });
  await fc.assert(law, runs(15));
});

/** Frames no provider should send. */
const oddFrame = fc.oneof(
  fc.jsonValue().map((value) => Buffer.from(`data: ${JSON.stringify(value)}\n\n`)),
  fc.string().map((text) => Buffer.from(`data: ${text}\n\n`)),
  fc.uint8Array().map((bytes) => Buffer.concat([Buffer.from('data: '), bytes, Buffer.from('\n\n')])),
  fc.constantFrom(
    Buffer.from('data:\n\n'),
    Buffer.from('data: {"choices":[{"delta":null}]}\n\n'),
    Buffer.from('data: {"choices":[null],"usage":[]}\n\n'),
    Buffer.from('data: {"candidates":[null],"usageMetadata":{"promptTokenCount":-1}}\n\n'),
    Buffer.from('data: {"type":"content_block_delta","index":7,"delta":{"type":"input_json_delta"}}\n\n'),
    Buffer.from('data: {"type":"message_start"}\n\n'),
    Buffer.from('data: {"error":null}\n\n'),
    Buffer.from('data: {"error":"no"}\n\n'),
    Buffer.from('data: "\xff\xfe"\n\n', 'latin1'),
    Buffer.from(`data: {"a":"${'x'.repeat(1_000_000)}"}\n\n`),
    Buffer.from(`data: ${'['.repeat(50_000)}\n\n`),
    Buffer.from('\r\r\n\n\n\n'),
    Buffer.from('<html><body>502</body></html>'),
  ),
);

it('frames left out, repeated, swapped and strange', async () => {
  const spoilt = pair.chain(([path, model]) => {
    const own = fc.constantFrom(...STREAMS[model].map((text) => Buffer.from(text)));
    const frames = fc.array(fc.oneof({ arbitrary: own, weight: 3 }, oddFrame), { maxLength: 12 });
    return fc.tuple(fc.constant(path), fc.constant(model), frames, fc.boolean());
  });
  const law = fc.asyncProperty(spoilt, async ([path, model, frames, ended]) => {
    const end = ended ? [Buffer.from(STREAMS[model].at(-1) ?? '')] : [];
    // A page in the place of an answer is never passed on, but the bytes of a stream in the client's own format are not looked at.
    const passes = model === 'gpt-4o-mini' || (isAnthropic(path) && model === 'claude-haiku-4-5');
    const sent = [...frames, ...end].filter((piece) => !passes || !piece.includes('<html'));
    upstream.script = sending(sent);
    await askStreaming(path, model);
  });
  await fc.assert(law, runs(200));
  await settled();
});

it('a frame without end', async () => {
  const endless = Buffer.concat([Buffer.from('data: "'), Buffer.alloc(5_000_000, 'x')]);
  for (const [path, model] of pairs) {
    upstream.script = sending([Buffer.from(STREAMS[model][0]), endless]);
    expect((await askStreaming(path, model)).whole).toBe(false);
  }
  await settled();
});

it('plain answers of any kind', async () => {
  const bodies = fc.oneof(
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc
      .record({
        choices: fc.jsonValue(),
        content: fc.jsonValue(),
        candidates: fc.jsonValue(),
        usage: fc.jsonValue(),
        usageMetadata: fc.jsonValue(),
      })
      .map((value) => Buffer.from(JSON.stringify(value))),
    fc
      .constantFrom(
        '{"choices":[{}],"usage":{}}',
        '{"content":[null],"usage":{}}',
        '{"candidates":[{"content":null}]}',
        '<html>',
        '',
      )
      .map((text) => Buffer.from(text)),
  );
  const types = fc.constantFrom('application/json', 'application/json', 'text/html', 'text/event-stream', '');
  const law = fc.asyncProperty(pair, bodies, types, fc.boolean(), async ([path, model], body, type, stream) => {
    upstream.script = sending([body], type);
    if (stream) await askStreaming(path, model);
    else await ask(path, model, false);
  });
  await fc.assert(law, runs(300));
  await settled();
});

it('refusals of any kind', async () => {
  const bodies = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.jsonValue().map((error) => JSON.stringify({ error })),
    fc.constantFrom('', '<html>Forbidden</html>', '{"error":{"message":'),
  );
  const statuses = fc.constantFrom(201, 204, 301, 400, 401, 403, 404, 413, 418, 422, 451);
  const law = fc.asyncProperty(pair, statuses, bodies, fc.boolean(), async ([path, model], status, body, stream) => {
    upstream.script = ({ response }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? undefined : body);
    };
    const answer = await ask(path, model, stream);
    expect(isAnthropic(path) ? answer.text : '').not.toContain('"param"');
  });
  await fc.assert(law, runs(150));
  await settled();
});
