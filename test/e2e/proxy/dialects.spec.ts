// Makers and gateways that say they speak OpenAI's format, and have ways of their own: clients of every API get the whole answer of them, and
// it costs what they counted.
// Modes: embedded. What providers do has nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, type JsonObject, picoUsd } from '../../../src/kernel/index.js';
import { chat, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { readStream } from '../../support/gateway/streams.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({ channels: (url) => [channel('sandbox', url, { responses: ['gpt-6-sol'] })] });
});
afterAll(() => gateway.close());

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const ROME = encodeURIComponent('{"city":"Rome"}');

/** A request of each API to call `weather`, and where its path is. */
const CLIENTS: Readonly<Record<string, (prompt: string, stream: boolean) => JsonObject>> = {
  '/v1/chat/completions': (prompt, stream) =>
    chat(prompt, { stream, tools: [{ type: 'function', function: { name: 'weather', parameters: SCHEMA } }] }),
  '/v1/messages': (prompt, stream) =>
    chat(prompt, { stream, max_tokens: 500, tools: [{ name: 'weather', input_schema: SCHEMA }] }),
  '/v1/responses': (input, stream) => ({
    model: 'gpt-4o-mini',
    input,
    stream,
    tools: [{ type: 'function', name: 'weather', parameters: SCHEMA }],
  }),
};
const CASES = Object.keys(CLIENTS).flatMap((path) => [[path, false] as const, [path, true] as const]);

async function ask(path: string, stream: boolean, directive: string) {
  const account = await gateway.desk.account();
  const body = CLIENTS[path]?.(`Hi [[sandbox ${directive}]]`, stream) ?? {};
  const answer = await post(gateway.url, account.key, body, { path });
  return { account, answer };
}

/** Everything that a client was told in JSON, whatever the quoting of arguments within. */
const told = (text: string): string => text.replaceAll('\\', '').replaceAll(/\s/g, '');

describe.each(['copilot', 'groq', 'minimax', 'bedrock', 'tgi', 'vmlx'])('an answer as %s sends it', (maker) => {
  it.each(CASES)('is told to clients of %s, streamed: %s, and costs what was counted', async (path, stream) => {
    const { account, answer } = await ask(path, stream, `as=${maker} cached=4 call=weather:${ROME}`);
    expect(answer.status).toBe(200);
    const { usage, usageRaw, cost } = await account.charge();
    const [line] = (await gateway.usageLines()).filter(({ requestId }) => requestId === answer.requestId);
    expect(usageRaw).toEqual(line?.usage);
    // gpt-4o-mini, in dollars per million tokens: 0.15 for prompts, 0.075 cached, 0.60 for completions.
    const { promptTokens, cachedTokens, completionTokens } = usage;
    expect(cachedTokens).toBe(4);
    expect(completionTokens).toBeGreaterThan(3);
    const [plain, completion] = [BigInt(promptTokens - 4), BigInt(completionTokens)];
    expect(cost).toBe(formatUsd(picoUsd(plain * 150_000n + 4n * 75_000n + completion * 600_000n)));
    expect(told(answer.text)).toContain('"name":"weather"');
    expect(calledWith(path, stream, answer.text)).toEqual({ city: 'Rome' });
  });
});

/** The arguments of the call that a client was told. */
function calledWith(path: string, stream: boolean, text: string): unknown {
  const events = stream ? readStream(text).chunks : [JSON.parse(text) as JsonObject];
  const found = (name: string): JsonObject[] =>
    events.flatMap((event) => [event, ...((event[name] as JsonObject[] | undefined) ?? [])]);
  if (path === '/v1/chat/completions') {
    const said = found('choices').map(({ message, delta }) => (message ?? delta ?? {}) as JsonObject);
    const calls = said.flatMap(({ tool_calls: all = [] }) => all as { function: JsonObject }[]);
    const args = calls.map(({ function: called }) => called['arguments'] ?? '');
    return typeof args[0] === 'object' ? args[0] : JSON.parse(args.join(''));
  }
  if (path === '/v1/messages') {
    if (!stream) return found('content').find(({ type }) => type === 'tool_use')?.['input'];
    const deltas = events.map(({ delta }) => (delta as JsonObject | undefined)?.['partial_json'] ?? '');
    return JSON.parse(deltas.join(''));
  }
  const done = stream
    ? events.find(({ type }) => type === 'response.function_call_arguments.done')
    : found('output').find(({ type }) => type === 'function_call');
  return JSON.parse(String(done?.['arguments']));
}

describe('an answer that OpenRouter broke off, with an error in its choice,', () => {
  it.each(CASES)('is an error to clients of %s, streamed: %s', async (path, stream) => {
    const { answer } = await ask(path, stream, 'as=openrouter');
    expect(answer.status).toBe(stream ? 200 : 502);
    expect(answer.text).toContain('Provider returned error');
    expect(readStream(path === '/v1/chat/completions' ? answer.text : '').done).toBe(false);
  });
});

it('an answer that gpt-audio speaks is told as it is, and costs what was counted', async () => {
  const account = await gateway.desk.account();
  const speech = { model: 'gpt-audio-1.5', modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' } };
  const body = { ...chat('Hi [[sandbox as=gpt-audio say=Hi%20there]]', { stream: true }), ...speech };
  const { chunks, done } = readStream((await post(gateway.url, account.key, body)).text);
  const spoken = chunks.flatMap(({ choices }) =>
    (choices as { delta: { audio?: JsonObject } }[]).map(({ delta }) => delta.audio),
  );
  expect(spoken.map((audio) => audio?.['transcript'] ?? '').join('')).toBe('Hi there');
  expect([spoken.filter(Boolean).at(-1), done]).toEqual([{ expires_at: expect.any(Number) }, true]);
  const { usage, usageRaw, estimated } = await account.charge();
  expect(usage.completionTokens).toBeGreaterThan(0);
  expect([usageRaw['completion_tokens'], estimated]).toEqual([usage.completionTokens, undefined]);
});

describe('an answer that comes compressed, though nobody asked for that,', () => {
  it.each(CASES)('is told to clients of %s, streamed: %s', async (path, stream) => {
    const { account, answer } = await ask(path, stream, 'fault=gzip');
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(told(answer.text)).toContain('weather');
    expect((await account.ending()).charged).toHaveLength(1);
  });
});

describe('a function of Claude’s format', () => {
  it('can be called by a model of OpenAI that calls none in a chat while it reasons', async () => {
    const account = await gateway.desk.account();
    const directive = `Hi [[sandbox call=weather:${ROME}]]`;
    const thinking = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } };
    const body = { ...CLIENTS['/v1/messages']?.(directive, false), model: 'gpt-6-sol', ...thinking };
    const answer = await post(gateway.url, account.key, body, { path: '/v1/messages' });
    expect(calledWith('/v1/messages', false, answer.text)).toEqual({ city: 'Rome' });
  });
});

it.each(['/v1/chat/completions', '/v1/messages', '/v1/responses'])(
  'a text that was cut within an emoji reaches strict providers of %s as Unicode',
  async (path) => {
    const account = await gateway.desk.account();
    const { tools: _none, ...body } = CLIENTS[path]?.('Hi \ud83d, \\ud83d and \u{1f600}', false) ?? {};
    const { status, text } = await post(gateway.url, account.key, body, { path });
    expect(status).toBe(200);
    expect(text).toContain('Hi \ufffd, \\\\ud83d and \u{1f600}');
  },
);

it('the role developer reaches DeepSeek as the system', async () => {
  const account = await gateway.desk.account();
  const messages = [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ];
  const answer = await post(gateway.url, account.key, { model: 'deepseek-v4-pro', messages });
  expect(answer.status).toBe(200);
});
