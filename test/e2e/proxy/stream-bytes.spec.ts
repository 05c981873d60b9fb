// The bytes of a stream reach the client as the provider sent them, less the usage chunk that the client did not ask for, and with one
// comment before the final frame, which tells the cost.
// Modes: embedded. What bytes pass has nothing to do with stores.
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import type { TestAccount } from '../../support/gateway/ledger-desk.js';
import { readStream, withoutCost } from '../../support/gateway/streams.js';
import {
  answering,
  contentFrame,
  DONE,
  finishFrame,
  frame,
  type ScriptedUpstream,
  startUpstream,
  streaming,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

let upstream: ScriptedUpstream;
let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  upstream = await startUpstream(answering());
  gateway = await startGateway({ channels: () => [channel('scripted', upstream.url)] });
  account = await gateway.desk.account('1000.00');
});
afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

const ASKED = { stream: true, stream_options: { include_usage: true } };

const received = async (more: JsonObject = { stream: true }) => {
  const answer = await post(gateway.url, account.key, chat('Hi', more));
  expect(answer.status).toBe(200);
  const { text, cost } = withoutCost(answer.text);
  expect((await account.eventsOf('TokensCharged')).at(-1)?.cost).toBe(cost);
  return text;
};

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

describe('a stream', () => {
  const hello = [contentFrame('Hel', { usage: null }), contentFrame('lo.', { usage: null }), finishFrame()];

  it('loses only the usage chunk that the client did not ask for', async () => {
    upstream.script = streaming(...hello, usageFrame(), DONE);
    expect(await received()).toBe([...hello, DONE].join(''));
    expect(await received({ stream: true, stream_options: { include_usage: false } })).toBe([...hello, DONE].join(''));
    expect(await received({ stream: true, stream_options: null })).toBe([...hello, DONE].join(''));
  });

  it('passes whole when the client asked for the usage', async () => {
    upstream.script = streaming(...hello, usageFrame(), DONE);
    expect(await received(ASKED)).toBe([...hello, usageFrame(), DONE].join(''));
  });

  it('is asked for with its usage in any case, and with the client’s other options', async () => {
    upstream.script = streaming(...hello, usageFrame(), DONE);
    await received({ stream: true, stream_options: { include_obfuscation: false } });
    expect(upstream.calls.at(-1)?.body['stream_options']).toEqual({ include_obfuscation: false, include_usage: true });
    await received();
    expect(upstream.calls.at(-1)?.body['stream_options']).toEqual({ include_usage: true });
  });

  it('keeps comments and events, whatever they look like', async () => {
    const odd = [': keep-alive\n\n', ': "usage" [DONE] "error"\n\n', 'event: ping\n\n', 'id: 7\nretry: 10\n\n'];
    upstream.script = streaming(...odd, ...hello, ...odd, usageFrame(), DONE);
    expect(await received()).toBe([...odd, ...hello, ...odd, DONE].join(''));
  });

  it('may speak of [DONE], "usage" and "error" in its text', async () => {
    const said = ['[DONE]', 'data: [DONE]\n\n', '{"usage":{"prompt_tokens":1}}', '"error":"no"'];
    const text = [...said.map((t) => contentFrame(t)), finishFrame()];
    upstream.script = streaming(...text, usageFrame(), DONE);
    expect(await received()).toBe([...text, DONE].join(''));
  });

  it('may end its lines with CRLF, and spare the space after the colon', async () => {
    const pieces = [hello[0]?.replace('data: ', 'data:') ?? '', ...hello.map(crlf)];
    upstream.script = streaming(...pieces, crlf(usageFrame()), crlf(DONE));
    expect(await received()).toBe([...pieces, crlf(DONE)].join(''));
  });

  it('keeps a frame that is not valid JSON', async () => {
    const broken = 'data: {"choices":[{"delta":{"content":"oo\n\n';
    upstream.script = streaming(...hello, broken, usageFrame(), DONE);
    expect(await received()).toBe([...hello, broken, DONE].join(''));
  });

  it.each([
    ['without [DONE]', ''],
    ['with a [DONE] that lacks its empty line', 'data: [DONE]\n'],
    ['with a [DONE] that lacks any line end', 'data: [DONE]'],
    ['with an empty line too many', '\n'],
  ])('that ends %s is whole: it has told its usage', async (_case, end) => {
    upstream.script = streaming(...hello, usageFrame(), end);
    expect(await received()).toBe([...hello, DONE].join(''));
  });

  it('ends at [DONE], whatever comes after it', async () => {
    upstream.script = streaming(...hello, usageFrame(), DONE, contentFrame('more'), 'rest');
    expect(await received()).toBe([...hello, DONE].join(''));
  });

  it.each([
    ['a text', contentFrame('Hi'), 'stop'],
    ['calls', frame({ choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'a' }] } }] }), 'tool_calls'],
  ])('of %s that does not say why it ended, says so', async (_case, said, reason) => {
    upstream.script = streaming(said, usageFrame(), DONE);
    const { chunks } = readStream(await received());
    expect(chunks.at(-1)).toMatchObject({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
    expect(chunks).toHaveLength(2);
  });

  it('without usage costs nothing, and tells no cost', async () => {
    upstream.script = streaming(...hello, DONE);
    const answer = await post(gateway.url, account.key, chat('Hi', { stream: true }));
    expect(answer.text).toBe([...hello, DONE].join(''));
  });

  it('that breaks off after its usage tells its cost before the error', async () => {
    upstream.script = streaming(...hello, usageFrame(), frame({ error: { message: 'no more' } }));
    const answer = await post(gateway.url, account.key, chat('Hi', { stream: true }));
    const { text, cost } = withoutCost(answer.text);
    expect(readStream(text)).toMatchObject({ content: 'Hello.', done: false, error: { type: 'upstream_error' } });
    expect((await account.eventsOf('TokensCharged')).at(-1)?.cost).toBe(cost);
  });

  it('has the headers that OpenAI’s has, and those that find the call again', async () => {
    upstream.script = streaming(...hello, usageFrame(), DONE);
    const { headers, requestId } = await post(gateway.url, account.key, chat('Hi', { stream: true }));
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.get('x-accel-buffering')).toBe('no');
    const charge = (await account.eventsOf('TokensCharged')).at(-1);
    expect(charge).toMatchObject({ requestId, chargeId: headers.get('x-tokenhub-charge-id') });
  });
});

/** Frames as providers send them, around any text. */
const anyFrame = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => contentFrame(text)),
  fc.string({ unit: 'grapheme' }).map((text) => contentFrame(text, { usage: null })),
  fc.jsonValue().map((value) => frame({ choices: [{ index: 0, delta: { value: value as JsonObject } }] })),
  fc.constantFrom(': keep-alive\n\n', 'event: ping\n\n', ':\n\n', frame({ choices: [] })),
);

const anyStream = fc.record({
  frames: fc.array(anyFrame, { maxLength: 12 }),
  usage: fc.record({ prompt: fc.nat(1_000), completion: fc.nat(1_000) }),
  withCrlf: fc.boolean(),
  cuts: fc.array(fc.nat(4_000), { maxLength: 12 }),
  asked: fc.boolean(),
});

it('is so for any text, however the stream is cut up on its way', async () => {
  const property = fc.asyncProperty(anyStream, async ({ frames, usage, withCrlf, cuts, asked }) => {
    const framed = withCrlf ? crlf : (text: string) => text;
    const counted = framed(usageFrame(usageBlock(usage.prompt, usage.completion)));
    const before = framed(frames.join('') + finishFrame());
    const bytes = Buffer.from(before + counted + framed(DONE));
    upstream.script = ({ response }) => void inPieces(response, bytes, cuts);
    expect(await received(asked ? ASKED : { stream: true })).toBe(before + (asked ? counted : '') + framed(DONE));
    const charge = (await account.eventsOf('TokensCharged')).at(-1);
    expect(charge?.usage).toMatchObject({ promptTokens: usage.prompt, completionTokens: usage.completion });
  });
  await fc.assert(property, { numRuns: 60 });
});

async function inPieces(
  response: ScriptedUpstream['calls'][number]['response'],
  bytes: Buffer,
  cuts: readonly number[],
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const edges = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((a, b) => a - b);
  for (const [index, edge] of edges.entries()) {
    response.write(bytes.subarray(edges[index - 1] ?? 0, edge));
    await nextTurn();
  }
  response.end();
}
