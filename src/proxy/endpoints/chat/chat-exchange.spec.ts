import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { NoAnswer } from '../../providers/upstream.js';
import { anthropicClient, Untranslatable } from '../../wire/index.js';
import { type Chat, chatExchange, forClientOf } from './chat-exchange.js';

const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'm' };
const chat = (more: JsonObject = {}, stream = false): Chat => ({
  upstreamModel: 'm',
  stream,
  includeUsage: true,
  maxTokens: 50,
  request: (cap) => ({
    model: 'm',
    messages: [{ role: 'user', content: 'Hi' }],
    ...more,
    ...(cap !== undefined && { max_tokens: cap }),
  }),
});
const bodyOf = (body: string | Uint8Array): JsonObject => JSON.parse(String(body)) as JsonObject;
const bytes = (body: object): Buffer => Buffer.from(JSON.stringify(body));
const event = (data: object): string => `data: ${JSON.stringify(data)}\n\n`;

const MESSAGE = {
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'Hello' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, output_tokens: 1 },
};
const COMPLETION = {
  id: 'chatcmpl-1',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
};

describe('a chat for a provider', () => {
  it.each([
    ['openai', '/chat/completions', 'max_tokens'],
    ['anthropic', '/messages', 'max_tokens'],
    ['responses', '/responses', 'max_output_tokens'],
  ] as const)('of the format %s goes to %s, with our cap in place of the client’s', async (format, path, field) => {
    const exchange = chatExchange(format, chat());
    const [theirs, ours] = [await exchange.send(undefined), await exchange.send(7)];
    expect([theirs.path, theirs.accept]).toEqual([path, 'application/json']);
    expect(bodyOf(ours.body)[field]).toBe(7);
  });

  it('asks for a stream where the client does', async () => {
    const sent = await chatExchange('gemini', chat({}, true)).send(undefined);
    expect([sent.path, sent.accept]).toEqual([expect.stringContaining('stream'), 'text/event-stream']);
  });

  it('of Anthropic’s format goes with the name of the beta feature that its thoughts need', async () => {
    const model = 'claude-opus-5-5';
    const details = [{ type: 'reasoning.text', text: 'Hm', signature: 's', format: 'anthropic-claude-v1', index: 0 }];
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hi!', reasoning_details: details },
      { role: 'user', content: 'Why?' },
    ];
    const headersOf = async (more: JsonObject) =>
      (await chatExchange('anthropic', chat({ model, ...more })).send(7)).headers;
    expect(await headersOf({ messages })).toEqual({ 'anthropic-beta': 'thinking-binding-controls-2026-08-01' });
    expect(await headersOf({})).toEqual({});
  });

  it('is refused before anything is sent when the format has no equivalent', () => {
    expect(() => chatExchange('anthropic', chat({ n: 2 }))).toThrow(Untranslatable);
    expect(() => chatExchange('openai', chat({ n: 2 }))).not.toThrow();
  });
});

describe('the answer of a provider', () => {
  it('passes as it came when the provider speaks OpenAI’s format', () => {
    const sent = bytes(COMPLETION);
    const { bytes: passed, usage } = chatExchange('openai', chat()).read(sent, CONTEXT);
    expect(passed).toBe(sent);
    expect(usage).toEqual(COMPLETION.usage);
  });

  it('becomes a chat completion, with the provider’s own usage for the bill', () => {
    const exchange = chatExchange('anthropic', chat());
    const { bytes: passed, usage, failure } = exchange.read(bytes(MESSAGE), CONTEXT);
    expect(failure).toBeUndefined();
    expect(bodyOf(passed)).toMatchObject(COMPLETION);
    expect(usage).toEqual(MESSAGE.usage);
    expect(exchange.readUsage(usage ?? null)).toMatchObject({ promptTokens: 3, completionTokens: 1, totalTokens: 4 });
  });

  it('is none when it is not an answer of that format', () => {
    expect(chatExchange('anthropic', chat()).read(bytes({ content: 1 }), CONTEXT).failure).toBeDefined();
  });

  it('becomes chunks as it streams, and says how much has come', () => {
    const meter = chatExchange('anthropic', chat({}, true)).meter(CONTEXT);
    const come = [
      event({ type: 'message_start', message: { usage: { input_tokens: 3, output_tokens: 1 } } }),
      event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }),
    ].map((frame) => meter.listen(Buffer.from(frame)).toString());
    expect(come.at(-1)).toContain('"content":"Hello"');
    expect([meter.delivery.began, meter.done, meter.endsWhole(Buffer.alloc(0))]).toEqual([true, false, false]);
    meter.listen(
      Buffer.from(
        event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }) +
          event({ type: 'message_stop' }),
      ),
    );
    expect(meter.done).toBe(true);
    expect(meter.usage).toMatchObject({ input_tokens: 3, output_tokens: 2 });
    expect(meter.end().toString()).toBe('data: [DONE]\n\n');
  });
});

describe('a client of another API', () => {
  const exchange = forClientOf(anthropicClient, {}, chatExchange('openai', chat()));

  it('gets the answer in its own format, billed by the provider’s usage', () => {
    const { bytes: passed, usage } = exchange.read(bytes(COMPLETION), CONTEXT);
    expect(bodyOf(passed)).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'Hello' }] });
    expect(usage).toEqual(COMPLETION.usage);
  });

  it('gets an answer that failed as it is, so that its failure is reported', () => {
    const failed = exchange.read(Buffer.from('<html>'), CONTEXT);
    expect([failed.bytes.toString(), failed.failure]).toEqual(['<html>', new NoAnswer('the answer is not valid JSON')]);
  });

  it('gets the error that breaks off a stream in its own format', () => {
    const meter = exchange.meter(CONTEXT);
    expect(meter.fail({ error: { message: 'no', type: 'upstream_error' } }).toString()).toMatch(/^event: error\n/);
  });
});
