// Chats that OpenAI answers in its Responses API alone: sent there, told back as chats, billed by the usage of the response.
// Modes: embedded. How a chat is put to a provider has nothing to do with stores; a charge is one like any other.
import { Anthropic } from '@anthropic-ai/sdk';
import { OpenAI } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { errorOf, jsonOf, post } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released } from '../../support/gateway/ledger-desk.js';
import {
  answering,
  contentFrame,
  DONE,
  refusing,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
  usageBlock,
  usageFrame,
} from '../../support/gateway/upstream.js';
import { dataOf } from '../../support/proxy/wire/frames.js';

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40, cache_write_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 120,
};
// GPT-5.5: 60 × $5 + 40 × $0.50 + 20 × $30 per million.
const COST = '0.00092';
// The same for 10 tokens in and 5 out, as a chat.
const COST_OF_CHAT = '0.0002';

const event = (type: string, fields: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const response = (fields: JsonObject): JsonObject => ({ id: 'resp_1', object: 'response', error: null, ...fields });
const CREATED = event('response.created', { response: response({ status: 'in_progress', usage: null }) });
const DELTA = event('response.output_text.delta', { output_index: 0, delta: 'Hello', obfuscation: 'x7' });
const COMPLETED = event('response.completed', { response: response({ status: 'completed', usage: USAGE }) });
const CALL = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };

const tool = { type: 'function' as const, function: { name: 'f', parameters: { type: 'object', properties: {} } } };

let gateway: TestGateway;
let first: ScriptedUpstream;
let second: ScriptedUpstream;
beforeAll(async () => {
  first = await startUpstream(answering());
  second = await startUpstream(answering());
  gateway = await startGateway({
    channels: (url) => [
      channel('first', first.url, { models: { 'gpt-5.5': 'gpt-5.5-eu' }, makers: [], responses: true }),
      channel('second', second.url, { models: { 'gpt-5.5': 'gpt-5.5' }, makers: [], order: 1 }),
      channel('sandbox', url, { makers: ['openai'], order: 2, responses: true }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await first.close();
  await second.close();
});

async function ask(fields: JsonObject = {}) {
  const account = await gateway.desk.account();
  const body = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'Hi' }], tools: [tool], ...fields };
  const answer = await post(gateway.url, account.key, body);
  return { account, answer };
}

describe('a chat with functions', () => {
  it('is asked for as a response that is not stored, under the cap of its hold', async () => {
    first.script = ({ response: to }) =>
      sendJson(to, 200, response({ status: 'completed', output: [CALL], usage: USAGE }));
    const { account, answer } = await ask({ reasoning_effort: 'high' });
    const { path, body } = first.calls.at(-1) ?? {};
    expect(path).toBe('/v1/responses');
    expect(body).toEqual({
      model: 'gpt-5.5-eu',
      input: [{ type: 'message', role: 'user', content: 'Hi' }],
      max_output_tokens: Number(answer.headers.get('x-tokenhub-max-tokens')),
      tools: [{ type: 'function', ...tool.function, strict: false }],
      reasoning: { effort: 'high' },
      include: ['reasoning.encrypted_content'],
      store: false,
    });
    expect(jsonOf(answer)).toMatchObject({
      object: 'chat.completion',
      model: 'gpt-5.5-eu',
      choices: [
        {
          message: { tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
    });
    expect(answer.headers.get('x-tokenhub-cost')).toBe(COST);
    expect(await account.ending()).toEqual(charged(COST));
  });

  it('streams, and ends after its charge', async () => {
    first.script = streaming(CREATED, DELTA, COMPLETED);
    const { account, answer } = await ask({ stream: true, stream_options: { include_usage: true } });
    expect(answer.text.endsWith(`: x-tokenhub-cost ${COST}\n\n${DONE}`)).toBe(true);
    const chunks = dataOf(answer.text.slice(0, answer.text.indexOf(': x-tokenhub-cost')));
    expect(chunks.map(({ choices }) => choices)).toMatchObject([
      [{ delta: { role: 'assistant' } }],
      [{ delta: { content: 'Hello' } }],
      [{ finish_reason: 'stop' }],
      [],
    ]);
    expect(chunks.at(-1)?.['usage']).toMatchObject({ prompt_tokens: 100, completion_tokens: 20 });
    expect(await account.ending()).toEqual(charged(COST));
  });

  it('stays a chat, byte for byte, where it may: without functions, or told not to reason', async () => {
    first.script = answering();
    for (const fields of [
      { tools: undefined, stop: ['x'] },
      { reasoning_effort: 'none', n: 1 },
    ]) {
      const { account, answer } = await ask(fields);
      expect(first.calls.at(-1)?.path).toBe('/v1/chat/completions');
      expect(answer.text).toContain('"content":"Hello."');
      expect(await account.ending()).toEqual(charged(COST_OF_CHAT));
    }
  });

  it.each<[JsonObject, string]>([
    [{ n: 2 }, 'n'],
    [{ stop: ['x'] }, 'stop'],
    [{ max_completion_tokens: 15 }, 'max_tokens'],
    [{ reasoning_effort: 'huge' }, 'reasoning_effort'],
  ])('is a 400 that names what a response has not, and costs nothing: %j', async (fields, param) => {
    const { account, answer } = await ask({ model: 'gpt-5.6-terra', ...fields });
    expect(errorOf(answer)).toMatchObject({ status: 400, type: 'invalid_request_error', param });
    expect(await account.ending()).toEqual(NOTHING);
  });

  it('is refused as the provider refuses it', async () => {
    const error = {
      message: 'Too long.',
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      param: 'input',
    };
    first.script = refusing(400, error);
    const { account, answer } = await ask();
    expect(errorOf(answer)).toMatchObject({ status: 400, code: 'context_length_exceeded', message: 'Too long.' });
    expect(await account.ending()).toEqual(released('refused_by_provider'));
  });
});

describe('between providers of which one has that API', () => {
  it('the next one is asked as it takes it', async () => {
    first.script = refusing(500, { message: 'Sorry.' });
    second.script = streaming(contentFrame('Hi'), usageFrame(usageBlock(10, 5)), DONE);
    const { account, answer } = await ask({ stream: true });
    expect(second.calls.at(-1)).toMatchObject({ path: '/v1/chat/completions', body: { tools: [tool] } });
    expect(answer.headers.get('x-tokenhub-provider')).toBe('second');
    expect(await account.ending()).toEqual(charged(COST_OF_CHAT));
  });

  it('the one that can is asked for what a response has not', async () => {
    second.script = answering();
    const { answer } = await ask({ stop: ['x'] });
    expect(answer.headers.get('x-tokenhub-provider')).toBe('second');
  });

  it('an error as the first event is a reason to ask the next one', async () => {
    const error = { type: 'server_error', code: 'server_error', message: 'Overloaded.', param: null };
    first.script = streaming(event('error', { error }));
    second.script = answering();
    const { answer } = await ask({ stream: true });
    expect(answer.headers.get('x-tokenhub-provider')).not.toBe('first');
  });
});

describe('a response that fails in its stream', () => {
  const error = { code: 'server_error', message: 'Sorry.' };
  const failed = (usage: JsonObject | null) =>
    event('response.failed', { response: response({ status: 'failed', error, usage }) });

  it('is charged what it told, and ends with an error and no [DONE]', async () => {
    first.script = streaming(CREATED, DELTA, failed(USAGE));
    const { account, answer } = await ask({ stream: true });
    expect(answer.text).toContain('"content":"Hello"');
    expect(answer.text).toMatch(/data: \{"error":\{"message":"[^"]*Sorry\./);
    expect(answer.text).not.toContain(DONE);
    expect(await account.ending()).toEqual(charged(COST));
  });

  it.each([
    ['told no usage', [CREATED, DELTA, failed(null)]],
    ['broke off', [CREATED, DELTA]],
  ])('is free when it %s', async (_, frames) => {
    first.script = streaming(...frames);
    const { account, answer } = await ask({ stream: true });
    expect(answer.text).toContain('data: {"error":');
    expect(answer.text).not.toContain(DONE);
    expect(await account.ending()).toEqual(released('upstream_error'));
  });
});

describe('OpenAI’s own client', () => {
  it.each(['gpt-6.2-astra', 'gpt-6.1-sol', 'gpt-5.6-terra', 'gpt-5.3-codex'])(
    'goes through a loop with tools with %s, keeping the reasoning',
    async (model) => {
      const account = await gateway.desk.account();
      const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: account.key, maxRetries: 0 });
      const messages: OpenAI.ChatCompletionMessageParam[] = [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Call it. [[sandbox call=f:%7B%7D]]' },
      ];
      const asked = { model, tools: [tool], reasoning_effort: 'high' as const };
      const { choices } = await client.chat.completions.create({ ...asked, messages });
      const [choice] = choices;
      expect(choice?.finish_reason).toBe('tool_calls');
      expect(choice?.message).toMatchObject({ reasoning_details: [{ format: 'openai-responses-v1' }] });
      const [call] = choice?.message.tool_calls ?? [];
      messages.push(choice?.message ?? { role: 'assistant' });
      messages.push({ role: 'tool', tool_call_id: call?.id ?? '', content: '12 °C' });
      const stream = client.chat.completions.stream({ ...asked, messages });
      expect((await stream.finalChatCompletion()).choices[0]?.message.content).toContain('the tool returned “12 °C”');
      const plain = await client.chat.completions.create({
        model,
        messages: [...messages, { role: 'user', content: 'Thanks' }],
      });
      expect(plain.choices[0]?.message.content).toContain('you said “Thanks”');
    },
  );
});

describe('Anthropic’s own client', () => {
  it('goes through a loop with tools, thinking and streamed, keeping the reasoning', async () => {
    const account = await gateway.desk.account();
    const client = new Anthropic({ baseURL: gateway.url, apiKey: account.key, maxRetries: 0 });
    const asked = {
      model: 'gpt-6-astra',
      max_tokens: 4_000,
      system: [{ type: 'text' as const, text: 'Be brief.', cache_control: { type: 'ephemeral' as const } }],
      thinking: { type: 'adaptive' as const },
      tools: [{ name: 'Bash', description: 'Runs a command.', input_schema: { type: 'object' as const } }],
    };
    const question = { role: 'user' as const, content: 'List. [[sandbox call=Bash:%7B%22command%22%3A%22ls%22%7D]]' };
    const called = await client.messages.stream({ ...asked, messages: [question] }).finalMessage();
    expect(called.content).toEqual([
      { type: 'thinking', thinking: expect.stringContaining('List.'), signature: expect.stringMatching(/^W3si/) },
      expect.objectContaining({ type: 'tool_use', name: 'Bash', input: { command: 'ls' } }),
    ]);
    expect(called.stop_reason).toBe('tool_use');
    const result = {
      type: 'tool_result' as const,
      tool_use_id: called.content[1]?.type === 'tool_use' ? called.content[1].id : '',
      content: 'a.txt',
    };
    const messages = [
      question,
      { role: 'assistant' as const, content: called.content },
      { role: 'user' as const, content: [result] },
    ];
    const { content } = await client.messages.create({ ...asked, messages });
    expect(content.at(-1)).toMatchObject({ type: 'text', text: expect.stringContaining('the tool returned “a.txt”') });
  });

  it('gets the reasoning of a model that is asked in its own words, and sends it back there', async () => {
    const detail = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAreal' };
    first.script = ({ response: to }) =>
      sendJson(to, 200, response({ status: 'completed', output: [detail, CALL], usage: USAGE }));
    const account = await gateway.desk.account();
    const client = new Anthropic({ baseURL: gateway.url, apiKey: account.key, maxRetries: 0 });
    const asked = {
      model: 'gpt-5.5',
      max_tokens: 100,
      thinking: { type: 'enabled' as const, budget_tokens: 30_000 },
      tools: [{ name: 'f', input_schema: { type: 'object' as const } }],
    };
    const { content } = await client.messages.create({ ...asked, messages: [{ role: 'user', content: 'Hi' }] });
    expect(first.calls.at(-1)?.body).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' }, store: false });
    const messages = [
      { role: 'user' as const, content: 'Hi' },
      { role: 'assistant' as const, content },
      { role: 'user' as const, content: [{ type: 'tool_result' as const, tool_use_id: 'call_1', content: 'x' }] },
    ];
    await client.messages.create({ ...asked, messages });
    expect(first.calls.at(-1)?.body['input']).toEqual([
      { type: 'message', role: 'user', content: 'Hi' },
      { type: 'reasoning', summary: [], encrypted_content: 'gAAAreal' },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'x' },
    ]);
  });
});
