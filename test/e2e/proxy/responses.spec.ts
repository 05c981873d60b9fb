// Responses of providers that have the Responses API: passed on as they come, billed by their own usage.
// Modes: embedded. How an answer is put has nothing to do with stores; a charge is one like any other.
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { errorOf, jsonOf, request } from '../../support/gateway/calls.js';
import { channel, inEveryFormat, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released } from '../../support/gateway/ledger-desk.js';
import {
  answering,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
} from '../../support/gateway/upstream.js';

const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40, cache_write_tokens: 0 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 120,
};
// GPT-5.5: 60 × $5 + 40 × $0.50 + 20 × $30 per million.
const COST = '0.00092';

const event = (type: string, fields: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
const response = (fields: JsonObject): JsonObject => ({ id: 'resp_1', object: 'response', error: null, ...fields });
const CREATED = event('response.created', { response: response({ status: 'in_progress', usage: null }) });
const DELTA = event('response.output_text.delta', { delta: 'Hello', obfuscation: 'x7' });
const COMPLETED = event('response.completed', { response: response({ status: 'completed', usage: USAGE }) });

let gateway: TestGateway;
let first: ScriptedUpstream;
let second: ScriptedUpstream;
beforeAll(async () => {
  first = await startUpstream(answering());
  second = await startUpstream(answering());
  gateway = await startGateway({
    channels: (url) => [
      channel('first', first.url, {
        models: { 'gpt-5.5': 'gpt-5.5-eu', 'gpt-4o': 'gpt-4o' },
        makers: [],
        responses: true,
      }),
      channel('second', second.url, { models: { 'gpt-5.5': 'gpt-5.5' }, makers: [], order: 1, responses: ['gpt-5.5'] }),
      channel('sandbox', url, { makers: ['openai'], order: 2, responses: true }),
      channel('qwen', url, { makers: ['qwen'] }),
      ...inEveryFormat(url).slice(1),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await first.close();
  await second.close();
});

async function ask(fields: JsonObject) {
  const account = await gateway.desk.account();
  const body = { model: 'gpt-5.5', input: 'Hi', ...fields };
  const answer = await request(`${gateway.url}/v1/responses`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}` },
    body: JSON.stringify(body),
  });
  return { account, answer };
}

describe('a response', () => {
  it('passes on as it came, and is charged what its usage says', async () => {
    const body = response({ status: 'completed', output: [{ type: 'not_known_yet' }], usage: USAGE });
    first.script = ({ response: to }) => sendJson(to, 200, body);
    const { account, answer } = await ask({});
    expect(answer.text).toBe(JSON.stringify(body));
    expect(answer.headers.get('x-tokenhub-cost')).toBe(COST);
    expect(await account.ending()).toEqual(charged(COST));
  });

  it('streams byte for byte, its last event after the cost', async () => {
    first.script = streaming(CREATED, DELTA, COMPLETED);
    const { account, answer } = await ask({ stream: true });
    expect(answer.text).toBe(`${CREATED}${DELTA}: x-tokenhub-cost ${COST}\n\n${COMPLETED}`);
    expect(await account.ending()).toEqual(charged(COST));
  });

  it('is asked for as it came, but for the name of the model, a cap, and that nothing is stored', async () => {
    first.script = streaming(CREATED, COMPLETED);
    const custom = {
      type: 'custom',
      name: 'apply_patch',
      format: { type: 'grammar', syntax: 'lark', definition: 'x' },
    };
    const fields = {
      stream: true,
      input: [{ type: 'additional_tools', role: 'developer', tools: [custom] }],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'custom', name: 'apply_patch' }] },
      reasoning: { effort: 'low', context: 'all_turns' },
      client_metadata: { turn: '1' },
    };
    const { answer } = await ask({ ...fields, store: true });
    const { path, body } = first.calls.at(-1) ?? {};
    expect(path).toBe('/v1/responses');
    expect(body).toEqual({
      ...fields,
      model: 'gpt-5.5-eu',
      store: false,
      include: ['reasoning.encrypted_content'],
      max_output_tokens: Number(answer.headers.get('x-tokenhub-max-tokens')),
    });
  });

  it.each([
    ['gpt-5.5', { store: false }],
    ['gpt-4o', {}],
    ['gpt-audio', {}],
    ['gpt-5-chat-latest', {}],
  ])('is not asked for its thoughts when nobody counts on them, or it has none: %s %j', async (model, fields) => {
    first.script = streaming(CREATED, COMPLETED);
    await ask({ model, stream: true, ...fields });
    expect(first.calls.at(-1)?.body).not.toHaveProperty('include');
  });

  it('keeps the client’s own cap', async () => {
    first.script = streaming(CREATED, COMPLETED);
    await ask({ stream: true, max_output_tokens: 77 });
    expect(first.calls.at(-1)?.body).toMatchObject({ max_output_tokens: 77 });
  });

  it('is asked for as a chat where the cap is lower than OpenAI takes here', async () => {
    first.script = answering();
    const { answer } = await ask({ max_output_tokens: 15 });
    expect(first.calls.at(-1)).toMatchObject({ path: '/v1/chat/completions', body: { max_completion_tokens: 15 } });
    expect(jsonOf(answer)).toMatchObject({ object: 'response', output: [{ type: 'message' }] });
  });

  it('tells what was left out of the request', async () => {
    first.script = streaming(CREATED, COMPLETED);
    const tool = { type: 'function', name: 'f', parameters: {} };
    const { answer } = await ask({ stream: true, tools: [tool, { type: 'web_search' }, { type: 'image_generation' }] });
    expect(answer.headers.get('x-tokenhub-left-out')).toBe('web_search, image_generation');
    expect(first.calls.at(-1)?.body).toMatchObject({ tools: [tool] });
  });

  it('comes from the next channel when the first one fails', async () => {
    first.script = ({ response: to }) => sendJson(to, 500, { error: { message: 'Sorry.' } });
    second.script = streaming(CREATED, COMPLETED);
    const { account, answer } = await ask({ stream: true });
    expect(answer.headers.get('x-tokenhub-provider')).toBe('second');
    expect(await account.ending()).toEqual(charged(COST));
  });
});

describe('a response that fails in its stream', () => {
  const error = { code: 'context_length_exceeded', message: 'Too long.' };
  const failed = (usage: JsonObject | null) =>
    event('response.failed', { response: response({ status: 'failed', error, usage }) });

  it('is charged what it told, and ends as the provider ended it', async () => {
    first.script = streaming(CREATED, DELTA, failed(USAGE));
    const { account, answer } = await ask({ stream: true });
    expect(answer.text).toBe(`${CREATED}${DELTA}: x-tokenhub-cost ${COST}\n\n${failed(USAGE)}`);
    expect(await account.ending()).toEqual(charged(COST));
  });

  it('is free when it told no usage', async () => {
    first.script = streaming(CREATED, failed(null));
    const { account, answer } = await ask({ stream: true });
    expect(answer.text).toBe(CREATED + failed(null));
    expect(await account.ending()).toEqual(released('upstream_error'));
  });

  it('ends with the events of a failure when it breaks off', async () => {
    first.script = streaming(CREATED, DELTA);
    const { answer } = await ask({ stream: true });
    expect(answer.text.startsWith(CREATED + DELTA)).toBe(true);
    expect(answer.text.match(/^event: .*/gm)?.slice(2)).toEqual(['event: error', 'event: response.failed']);
  });
});

describe('a request for a response that can’t be offered', () => {
  it.each<[JsonObject, string]>([
    [{ tools: [{ type: 'web_search' }] }, 'tools[0]'],
    [{ tools: [{ type: 'mcp', server_label: 'x' }] }, 'tools[0]'],
    [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
    [{ service_tier: 'priority' }, 'service_tier'],
  ])('%j is a 400 that names the field, and costs nothing', async (fields, param) => {
    const { account, answer } = await ask(fields);
    expect(errorOf(answer)).toMatchObject({ status: 400, type: 'invalid_request_error', param });
    expect(await account.ending()).toEqual(NOTHING);
  });
});

describe('a loop with tools through the sandbox', () => {
  const exec = { type: 'custom', name: 'exec', format: { type: 'grammar', syntax: 'lark', definition: 'start: /.+/' } };
  const namespace = { type: 'namespace', name: 'functions', description: '', tools: [exec] };
  const tools = [{ type: 'web_search', external_web_access: false }];
  const inputOf = (call: string) => [
    { type: 'additional_tools', role: 'developer', tools: [namespace] },
    { role: 'user', content: `Do it. [[sandbox call=${call}]]` },
  ];
  const REFUSING = ({ response: to }: { readonly response: ServerResponse }) =>
    sendJson(to, 404, { error: { message: 'No.' } });

  it.each([
    ['gpt-5.5', 'functions.exec:ls'],
    ['qwen3-max', 'functions__exec:%7B%22input%22%3A%22ls%22%7D'],
    ['claude-sonnet-5-5', 'functions__exec:%7B%22input%22%3A%22ls%22%7D'],
    ['gemini-3.1-pro-preview', 'functions__exec:%7B%22input%22%3A%22ls%22%7D'],
  ])('of %s calls what the client offered, and answers with its output', async (model, call) => {
    first.script = REFUSING;
    second.script = REFUSING;
    const input = inputOf(call);
    const asked = (await ask({ model, input, tools })).answer;
    expect(asked.headers.get('x-tokenhub-left-out')).toBe('web_search');
    const output = jsonOf(asked)['output'] as JsonObject[];
    const item = output.at(-1);
    expect(item).toMatchObject({ type: 'custom_tool_call', namespace: 'functions', name: 'exec', input: 'ls' });
    const result = { type: 'custom_tool_call_output', call_id: item?.['call_id'] ?? null, output: 'a.txt' };
    const { answer } = await ask({ model, input: [...input, ...output, result], tools });
    expect(answer.text).toContain('the tool returned “a.txt”');
  });
});
