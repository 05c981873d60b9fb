// Clients of OpenAI's and of Anthropic's API, each in front of providers of every wire format: billed by the provider's own usage block.
// Modes: embedded. Wire formats have nothing to do with stores.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatUsd, picoUsd, type JsonObject } from '../../../src/kernel/index.js';
import { type Answer, chat, errorOf, jsonOf, post, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway, UPSTREAM_KEY } from '../../support/gateway/gateway.js';
import { charged, released } from '../../support/gateway/ledger-desk.js';
import { readStream, withoutCost } from '../../support/gateway/streams.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  refusing,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let openai: ScriptedUpstream;
let anthropic: ScriptedUpstream;
let google: ScriptedUpstream;
beforeAll(async () => {
  [openai, anthropic, google] = (await Promise.all([1, 2, 3].map(() => startUpstream(answering())))) as [
    ScriptedUpstream,
    ScriptedUpstream,
    ScriptedUpstream,
  ];
  gateway = await startGateway({
    channels: () => [
      channel('openai', openai.url, { makers: ['openai'] }),
      channel('anthropic', anthropic.url, { makers: ['anthropic'], format: 'anthropic' }),
      channel('google', google.url, { makers: ['google'], format: 'gemini' }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([openai, anthropic, google].map((upstream) => upstream.close()));
});
beforeEach(() => {
  for (const upstream of [openai, anthropic, google]) upstream.calls.length = 0;
});

const CLAUDE = 'claude-haiku-4-5';
const GEMINI = 'gemini-2.5-flash';

// claude-haiku-4-5: $1 input, $0.1 cached, $1.25 cache write, $5 output per million tokens.
const CLAUDE_USAGE = {
  input_tokens: 10,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 40,
  cache_creation: { ephemeral_5m_input_tokens: 40, ephemeral_1h_input_tokens: 0 },
  output_tokens: 20,
};
const CLAUDE_COST = formatUsd(picoUsd(10n * 1_000_000n + 100n * 100_000n + 40n * 1_250_000n + 20n * 5_000_000n));
const CHAT_USAGE = {
  prompt_tokens: 150,
  completion_tokens: 20,
  total_tokens: 170,
  prompt_tokens_details: { cached_tokens: 100 },
};

const message = (more: JsonObject = {}): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: CLAUDE,
  content: [{ type: 'text', text: 'Three hearts.' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: CLAUDE_USAGE,
  ...more,
});
const event = (data: JsonObject): string => `event: ${String(data['type'])}\n${frame(data)}`;
const START = event({
  type: 'message_start',
  message: message({ content: [], stop_reason: null, usage: { ...CLAUDE_USAGE, output_tokens: 1 } }),
});
const TEXT = [
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  event({ type: 'ping' }),
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Three ' } }),
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'hearts.' } }),
  event({ type: 'content_block_stop', index: 0 }),
];
const DELTA = event({
  type: 'message_delta',
  delta: { stop_reason: 'end_turn', stop_sequence: null },
  usage: { output_tokens: 20 },
});
const STOP = event({ type: 'message_stop' });
const CLAUDE_STREAM = [START, ...TEXT, DELTA, STOP];

const messages = (url: string, key: string, body: JsonObject): Promise<Answer> =>
  request(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ask = (model: string, more: JsonObject = {}): JsonObject => ({
  model,
  max_tokens: 100,
  messages: [{ role: 'user', content: 'One fact about octopuses.' }],
  ...more,
});

describe('a chat completion answered by Anthropic', () => {
  it('is asked and answered in each side’s own words', async () => {
    anthropic.script = ({ response }) => sendJson(response, 200, message());
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: CLAUDE, max_tokens: 50 }));
    expect(anthropic.calls[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': UPSTREAM_KEY, 'anthropic-version': '2023-06-01' },
      body: { model: CLAUDE, max_tokens: 50 },
    });
    expect(jsonOf(answer)).toMatchObject({
      object: 'chat.completion',
      model: CLAUDE,
      choices: [{ message: { role: 'assistant', content: 'Three hearts.' }, finish_reason: 'stop' }],
      usage: CHAT_USAGE,
    });
    expect(await account.ending()).toEqual(charged(CLAUDE_COST));
    expect(await account.charge()).toMatchObject({ usageRaw: CLAUDE_USAGE, provider: 'anthropic' });
  });

  it('streams as chunks, with the usage for who asks, and [DONE]', async () => {
    anthropic.script = streaming(...CLAUDE_STREAM);
    const account = await gateway.desk.account();
    const body = chat('Hi', { model: CLAUDE, stream: true, stream_options: { include_usage: true } });
    const read = readStream((await post(gateway.url, account.key, body)).text);
    expect(read).toMatchObject({ content: 'Three hearts.', done: true, usages: [CHAT_USAGE] });
    expect(await account.ending()).toEqual(charged(CLAUDE_COST));
    expect(await account.charge()).toMatchObject({ usageRaw: CLAUDE_USAGE });
  });

  it('that breaks off is charged what it reported, and has no [DONE]', async () => {
    anthropic.script = streaming(START, ...TEXT);
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: CLAUDE, stream: true }));
    expect(readStream(answer.text).done).toBe(false);
    expect(await account.charge()).toMatchObject({ usageRaw: { ...CLAUDE_USAGE, output_tokens: 1 } });
  });

  it('that can’t be put to it is refused before anything is held or sent', async () => {
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: CLAUDE, n: 2 }));
    expect(errorOf(answer)).toMatchObject({ status: 400, param: 'n' });
    expect(anthropic.calls).toEqual([]);
    expect(await account.eventsOf('HoldPlaced')).toEqual([]);
  });
});

describe('Anthropic’s API in front of Anthropic', () => {
  it('passes the request and the answer on untouched', async () => {
    const whole = JSON.stringify(message());
    anthropic.script = ({ response }) => response.writeHead(200, { 'content-type': 'application/json' }).end(whole);
    const account = await gateway.desk.account();
    const body = ask(CLAUDE, { metadata: { user_id: 'u' }, top_k: 3 });
    const answer = await messages(gateway.url, account.key, body);
    expect(answer.text).toBe(whole);
    expect(anthropic.calls[0]?.body).toEqual(body);
    expect(await account.ending()).toEqual(charged(CLAUDE_COST));
  });

  it('passes a stream on byte for byte', async () => {
    anthropic.script = streaming(...CLAUDE_STREAM);
    const account = await gateway.desk.account();
    const answer = await messages(gateway.url, account.key, ask(CLAUDE, { stream: true }));
    expect(withoutCost(answer.text)).toEqual({ text: CLAUDE_STREAM.join(''), cost: CLAUDE_COST });
    expect(await account.charge()).toMatchObject({ usageRaw: CLAUDE_USAGE, cost: CLAUDE_COST });
  });

  it('ends a stream that broke off with an error event and no message_stop', async () => {
    anthropic.script = streaming(START, ...TEXT);
    const account = await gateway.desk.account();
    const answer = await messages(gateway.url, account.key, ask(CLAUDE, { stream: true }));
    expect(answer.text).toContain('event: error\ndata: {"type":"error","error":{"type":"api_error"');
    expect(answer.text).not.toContain('message_stop');
  });
});

describe('Anthropic’s API in front of OpenAI', () => {
  it('is answered with a message', async () => {
    openai.script = answering(usageBlock(20, 30));
    const account = await gateway.desk.account();
    const answer = await messages(gateway.url, account.key, ask('gpt-4o-mini', { system: 'Be brief.' }));
    expect(openai.calls[0]).toMatchObject({
      path: '/v1/chat/completions',
      body: { messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user' }] },
    });
    expect(jsonOf(answer)).toMatchObject({
      type: 'message',
      role: 'assistant',
      content: [{ type: 'text', text: 'Hello.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 20, output_tokens: 30 },
    });
    expect(await account.charge()).toMatchObject({ usageRaw: usageBlock(20, 30), provider: 'openai' });
  });

  it('streams events whose last leaves after the charge', async () => {
    openai.script = streaming(contentFrame('Hel'), contentFrame('lo.'), usageFrame(usageBlock(20, 30)), DONE);
    const account = await gateway.desk.account();
    const answer = await messages(gateway.url, account.key, ask('gpt-4o-mini', { stream: true }));
    const types = [...answer.text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type);
    expect(types.filter((type) => type !== 'ping')).toEqual([
      'message_start',
      'content_block_start',
      'content_block_delta',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(answer.text).toContain('"output_tokens":30');
    expect(await account.charge()).toMatchObject({ usageRaw: usageBlock(20, 30) });
  });

  it.each<[string, (key: string) => Promise<Answer>, number, string]>([
    ['an unknown key', (key) => messages(gateway.url, `${key}x`, ask('gpt-4o-mini')), 401, 'authentication_error'],
    [
      'no cap',
      (key) => messages(gateway.url, key, { ...ask('gpt-4o-mini'), max_tokens: null }),
      400,
      'invalid_request_error',
    ],
    ['an unknown model', (key) => messages(gateway.url, key, ask('gpt-99')), 404, 'not_found_error'],
  ])('answers %s with an error of Anthropic’s shape', async (_case, send, status, type) => {
    const account = await gateway.desk.account();
    const answer = await send(account.key);
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject({ type: 'error', error: { type, message: expect.any(String) as string } });
  });

  it.each([
    [400, 'invalid_request_error', 'refused_by_provider'],
    [500, 'api_error', 'upstream_error'],
  ])('tells a provider’s %i in Anthropic’s shape', async (status, type, reason) => {
    openai.script = refusing(status, { message: 'no' });
    const account = await gateway.desk.account();
    const answer = await messages(gateway.url, account.key, ask('gpt-4o-mini'));
    expect(jsonOf(answer)).toMatchObject({ type: 'error', error: { type } });
    expect(await account.ending()).toEqual(released(reason));
  });
});

describe('a chat completion answered by Gemini', () => {
  const usageMetadata = {
    promptTokenCount: 12,
    candidatesTokenCount: 8,
    thoughtsTokenCount: 5,
    totalTokenCount: 25,
  };
  const response = (text: string, finishReason?: string): JsonObject => ({
    candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] }, ...(finishReason && { finishReason }) }],
    usageMetadata,
  });

  it('is asked and answered in each side’s own words', async () => {
    google.script = (call) => sendJson(call.response, 200, response('Three hearts.', 'STOP'));
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: GEMINI, max_tokens: 50 }));
    expect(google.calls[0]).toMatchObject({
      path: `/v1/models/${GEMINI}:generateContent`,
      headers: { 'x-goog-api-key': UPSTREAM_KEY },
      body: { generationConfig: { maxOutputTokens: 50 } },
    });
    expect(jsonOf(answer)).toMatchObject({
      choices: [{ message: { content: 'Three hearts.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 12, completion_tokens: 13, completion_tokens_details: { reasoning_tokens: 5 } },
    });
    expect(await account.charge()).toMatchObject({
      usageRaw: usageMetadata,
      usage: { promptTokens: 12, completionTokens: 13, reasoningTokens: 5 },
    });
  });

  it('tells the first call only where one at a time was asked for', async () => {
    const parts = ['f', 'g'].map((name) => ({ functionCall: { name, args: {} } }));
    const candidates = [{ index: 0, content: { role: 'model', parts }, finishReason: 'STOP' }];
    google.script = (call) => sendJson(call.response, 200, { candidates, usageMetadata });
    const account = await gateway.desk.account();
    const tools = [{ type: 'function', function: { name: 'f' } }];
    const body = chat('Hi', { model: GEMINI, tools, parallel_tool_calls: false });
    const answer = await post(gateway.url, account.key, body);
    expect(jsonOf(answer)).toHaveProperty('choices.0.message.tool_calls.length', 1);
  });

  it('streams as chunks', async () => {
    google.script = streaming(frame(response('Three ')), frame(response('hearts.', 'STOP')));
    const account = await gateway.desk.account();
    const answer = await post(gateway.url, account.key, chat('Hi', { model: GEMINI, stream: true }));
    expect(google.calls[0]?.path).toBe(`/v1/models/${GEMINI}:streamGenerateContent?alt=sse`);
    expect(readStream(answer.text)).toMatchObject({ content: 'Three hearts.', done: true });
    expect(await account.charge()).toMatchObject({ usageRaw: usageMetadata });
  });

  it('reaches clients of Anthropic’s API, too', async () => {
    google.script = streaming(frame(response('Three ')), frame(response('hearts.', 'STOP')));
    const account = await gateway.desk.account();
    const answer = await messages(gateway.url, account.key, ask(GEMINI, { stream: true }));
    expect(answer.text).toContain('"text":"Three "');
    expect(answer.text.trimEnd().endsWith('{"type":"message_stop"}')).toBe(true);
    expect(await account.charge()).toMatchObject({ usageRaw: usageMetadata });
  });
});
