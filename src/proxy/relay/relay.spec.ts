import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { type StreamedResponse, UpstreamReport, type UpstreamResponse } from '../providers/upstream.js';
import { anthropicUpstream, gemini, type UpstreamFormat, usageOfAnswer } from '../wire/index.js';
import { type Answer, readJsonAnswer } from './answer.js';
import { ChatMeter } from './chat-meter.js';
import type { ClientStream } from './client-stream.js';
import { MessagesMeter } from './messages-meter.js';
import type { Meter } from './meter.js';
import { relayStream, relayWhole } from './relay.js';
import { ResponsesMeter } from './responses-meter.js';
import { dataFrame, DONE_FRAME } from './sse.js';
import { UpstreamFormatMeter } from './translating-meters.js';

const USAGE = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };
const chunk = (content: string): Buffer => dataFrame({ choices: [{ index: 0, delta: { content } }] });
const last = dataFrame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
const usageChunk = dataFrame({ choices: [], usage: USAGE });

/** A plain answer, read as a chat completion. */
const relayJson = (answer: UpstreamResponse): Promise<Answer> =>
  relayWhole(answer, (bytes) => readJsonAnswer(bytes, (completion) => ({ usage: usageOfAnswer(completion) })));

/** Takes what it is given; may be slow, or gone. */
class CollectingClient {
  readonly parts: Buffer[] = [];
  waits = 0;

  constructor(private readonly wait?: () => Promise<void>) {}

  write(bytes: Buffer): Promise<void> | undefined {
    this.parts.push(bytes);
    if (this.wait === undefined) return undefined;
    this.waits++;
    return this.wait();
  }

  get text(): string {
    return Buffer.concat(this.parts).toString();
  }
}

const response = (
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  contentType = 'text/event-stream',
): StreamedResponse => ({
  status: 200,
  contentType,
  body: Readable.from(pieces),
});

async function stream(
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  client = new CollectingClient(),
  asked = false,
) {
  const outcome = await relayStream(response(pieces), client as unknown as ClientStream, new ChatMeter(asked));
  return { outcome, client };
}

async function* breakingAfter(...pieces: Buffer[]): AsyncGenerator<Buffer> {
  yield* pieces;
  throw new Error('connection reset');
}

const sentence = ({ failure }: Answer): string => String(failure);

describe('a stream', () => {
  it('goes to the client but for its end, which waits for the charge', async () => {
    const { outcome, client } = await stream([chunk('a'), chunk('b'), last, usageChunk, DONE_FRAME]);
    expect(client.text).toBe(Buffer.concat([chunk('a'), chunk('b'), last]).toString());
    expect(outcome).toEqual({ usage: USAGE, bytes: DONE_FRAME });
  });

  it('comes to the same when it is cut at any byte', async () => {
    const bytes = Buffer.concat([chunk('é🐙'), Buffer.from(': x\r\n\r\n'), chunk('漢'), usageChunk, DONE_FRAME]);
    const whole = await stream([bytes]);
    for (let at = 1; at < bytes.length; at++) {
      const { outcome, client } = await stream([bytes.subarray(0, at), bytes.subarray(at)]);
      expect(client.text).toBe(whole.client.text);
      expect(outcome).toEqual(whole.outcome);
    }
    const byByte = await stream([...bytes].map((byte) => Buffer.of(byte)));
    expect(byByte.client.text).toBe(whole.client.text);
  });

  it('never makes the relay throw, whatever bytes come', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    const likely = fc.constantFrom(chunk('a'), usageChunk, DONE_FRAME, Buffer.from('data: {'), Buffer.from('\n\n'));
    const property = fc.asyncProperty(fc.array(fc.oneof(bytes, likely)), fc.boolean(), async (pieces, breaks) => {
      const { outcome, client } = await stream(breaks ? breakingAfter(...pieces) : pieces);
      const all = Buffer.concat(pieces).toString();
      expect(outcome.failure === undefined ? outcome.bytes.toString() : '[DONE]').toContain('[DONE]');
      expect(client.text.length).toBeLessThanOrEqual(all.length);
    });
    await fc.assert(property);
  });

  it('waits for a client that is slow', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const client = new CollectingClient(() => promise);
    let read = 0;
    const pieces = (async function* () {
      for (const piece of [chunk('a'), chunk('b'), usageChunk, DONE_FRAME]) {
        read++;
        yield piece;
        await new Promise((next) => setImmediate(next));
      }
    })();
    const done = relayStream(
      { ...response([]), body: Readable.from(pieces, { highWaterMark: 1 }) },
      client as never,
      new ChatMeter(false),
    );
    await expect.poll(() => client.waits).toBe(1);
    expect(read).toBeLessThan(4);
    resolve();
    expect((await done).usage).toEqual(USAGE);
  });

  it('without [DONE] is whole when it told its usage, broken when it did not', async () => {
    expect((await stream([chunk('a'), last, usageChunk])).outcome).toEqual({ usage: USAGE, bytes: DONE_FRAME });
    expect((await stream([chunk('a'), usageChunk])).outcome.failure).toBeUndefined();
    expect(sentence((await stream([chunk('a')])).outcome)).toContain('ended early');
    expect(sentence((await stream([chunk('a'), usageChunk, Buffer.from('data: {"cho')])).outcome)).toContain(
      'ended early',
    );
    expect(sentence((await stream([])).outcome)).toContain('ended early');
  });

  it('with a usage in every chunk is broken without [DONE], until it said why it ended', async () => {
    const counting = (content: string, more: JsonObject = {}): Buffer =>
      dataFrame({ choices: [{ index: 0, delta: { content }, ...more }], usage: USAGE });
    const broken = (await stream([counting('a'), counting('b')])).outcome;
    expect(sentence(broken)).toContain('ended early');
    expect(broken.usage).toEqual(USAGE);
    expect((await stream([counting('a'), counting('', { finish_reason: 'stop' })])).outcome.failure).toBeUndefined();
    expect((await stream([chunk('a'), last, counting('')])).outcome.failure).toBeUndefined();
    expect(sentence((await stream([usageChunk, chunk('a')])).outcome)).toContain('ended early');
  });

  // As in ENTERPILOT/GoModel, tests/contract/testdata, and prism-php/prism, tests/Fixtures/gemini/stream-basic-text-1.sse.
  describe('whose last frame has no empty line after it', () => {
    const event = (type: string, more: JsonObject): string => JSON.stringify({ type, ...more });
    const said = (frame: JsonObject): string => `data: ${JSON.stringify(frame)}`;
    const usage = { input_tokens: 3, output_tokens: 4 };
    const candidate = { content: { parts: [{ text: 'Hi' }] }, finishReason: 'STOP', index: 0 };
    const counted = { promptTokenCount: 3, candidatesTokenCount: 4, totalTokenCount: 7 };
    const context = { id: 'chatcmpl-1', created: 1, model: 'm' };
    const upstream = (format: UpstreamFormat) => () =>
      new UpstreamFormatMeter(format.stream(context, { includeUsage: true }));
    const start = event('message_start', { message: { usage } });
    const delta = event('message_delta', { delta: { stop_reason: 'end_turn' }, usage });
    const messages = `data: ${start}\n\ndata: ${delta}\n\nevent: message_stop\ndata: ${event('message_stop', {})}`;
    const named = `data: ${start}\n\ndata: ${delta}\n\nevent: message_stop`;

    it.each<[string, () => Meter, string, JsonObject, string]>([
      ['of a chat', () => new ChatMeter(false), `${usageChunk.toString()}data: [DONE]`, USAGE, '[DONE]'],
      ['of a chat without [DONE]', () => new ChatMeter(true), said({ choices: [], usage: USAGE }), USAGE, '[DONE]'],
      ['of messages', () => new MessagesMeter(), messages, usage, 'message_stop'],
      ['of messages, translated', upstream(anthropicUpstream), messages, usage, '[DONE]'],
      ['of messages, by its name', () => new MessagesMeter(), named, usage, '"type":"message_stop"'],
      ['of messages, by its name, translated', upstream(anthropicUpstream), named, usage, '[DONE]'],
      [
        'of a response',
        () => new ResponsesMeter(),
        `event: response.completed\ndata: ${event('response.completed', { response: { usage } })}`,
        usage,
        'response.completed',
      ],
      ['of Gemini', upstream(gemini), said({ candidates: [candidate], usageMetadata: counted }), counted, '[DONE]'],
    ])('is whole: %s', async (_case, meter, text, told, end) => {
      for (const lineEnd of ['', '\n', '\r\n', '\r']) {
        const client = new CollectingClient();
        const body = response([Buffer.from(text + lineEnd)]);
        const outcome = await relayStream(body, client as unknown as ClientStream, meter());
        expect(outcome).toMatchObject({ usage: told });
        expect(outcome.failure).toBeUndefined();
        expect(outcome.bytes.toString()).toContain(end);
        expect(`${client.text}${outcome.bytes.toString()}`).toMatch(/(?:\n|\r)\n$/);
      }
    });

    it('is broken if its data is', async () => {
      const cut = messages.slice(0, -1);
      const outcome = await relayStream(
        response([Buffer.from(cut)]),
        new CollectingClient() as unknown as ClientStream,
        new MessagesMeter(),
      );
      expect(sentence(outcome)).toContain('ended early');
    });
  });

  it('that breaks keeps the usage it had told', async () => {
    const { outcome } = await stream(breakingAfter(dataFrame({ choices: [{}], usage: USAGE })));
    expect(outcome).toMatchObject({ usage: USAGE, failure: new Error('connection reset') });
  });

  it('that breaks after it has said all, in a format without an end mark, is whole', async () => {
    const candidates = [{ index: 0, content: { role: 'model', parts: [{ text: 'Hello.' }] }, finishReason: 'STOP' }];
    const usageMetadata = { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 };
    const said = breakingAfter(dataFrame({ candidates, usageMetadata }));
    const meter = new UpstreamFormatMeter(
      gemini.stream({ id: 'chatcmpl-1', created: 1, model: 'm' }, { includeUsage: true }),
    );
    const outcome = await relayStream(response(said), new CollectingClient() as unknown as ClientStream, meter);
    expect(outcome).toEqual({ usage: usageMetadata, bytes: DONE_FRAME });
  });

  it('that reports an error keeps its words apart', async () => {
    const { outcome, client } = await stream([chunk('a'), dataFrame({ error: { message: 'overloaded' } }), usageChunk]);
    expect(outcome.failure).toBeInstanceOf(UpstreamReport);
    expect(outcome).toMatchObject({ usage: undefined, failure: { words: 'overloaded' } });
    expect(client.text).toBe(chunk('a').toString());
  });

  it('that ends in an error that is no event has that error’s words', async () => {
    const error = { error: { code: 503, message: 'This model is overloaded.', status: 'UNAVAILABLE' } };
    const { outcome } = await stream([chunk('a'), Buffer.from(`${JSON.stringify(error, null, 2)}\n`)]);
    expect(outcome).toMatchObject({ usage: undefined, failure: { words: 'This model is overloaded.' } });
    const unclear = await stream([chunk('a'), Buffer.from('{"a":1}')]);
    expect(sentence(unclear.outcome)).toContain('ended early');
  });
});

describe('a plain answer', () => {
  const json = (body: JsonObject | string): Promise<Answer> =>
    relayJson(response([Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))], 'application/json'));

  it('is kept whole, byte for byte, until the charge is durable', async () => {
    const body = `{ "choices":[{"message":{"content":"é🐙"}}],  "usage": ${JSON.stringify(USAGE)} }\n`;
    const bytes = Buffer.from(body);
    for (const pieces of [[bytes], [...bytes].map((byte) => Buffer.of(byte))]) {
      expect(await relayJson(response(pieces))).toEqual({ contentType: 'application/json', usage: USAGE, bytes });
    }
  });

  it.each([
    ['is not JSON', '{"choices":[', 'not valid JSON'],
    ['is empty', '', 'not valid JSON'],
    ['is no object', '[1]', 'not a JSON object'],
  ])('that %s is a failure', async (_case, body, words) => expect(sentence(await json(body))).toContain(words));

  it('that is an error under 200 is a failure with its words, and without usage', async () => {
    const outcome = await json({ error: { message: 'no quota' }, usage: USAGE });
    expect(outcome).toMatchObject({ usage: undefined, failure: { words: 'no quota' } });
  });

  it('that breaks off is a failure', async () => {
    const outcome = await relayJson(response(breakingAfter(Buffer.from('{"a":'))));
    expect(outcome).toMatchObject({ usage: undefined, failure: new Error('connection reset') });
  });
});
