// The official OpenAI client for Node, unchanged but for its base URL, against a running gateway.
// Modes: embedded, two-gateways. Two gateways run on servers, too.
import {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  OpenAI,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL } from '../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { NOTHING, type TestAccount } from '../support/gateway/ledger-desk.js';
import { until } from '../support/gateway/until.js';
import { answering, refusing, type ScriptedUpstream, startUpstream } from '../support/gateway/upstream.js';

let gateway: TestGateway;
let scripted: ScriptedUpstream;
let account: TestAccount;
let client: OpenAI;
beforeAll(async () => {
  scripted = await startUpstream(answering());
  gateway = await startGateway({
    channels: (url) => [
      channel('sandbox', url, { makers: ['openai', 'anthropic', 'google'] }),
      channel('scripted', scripted.url, { makers: ['deepseek'] }),
    ],
  });
  account = await gateway.desk.account();
  client = clientWith(account.key);
});
afterAll(async () => {
  await gateway.close();
  await scripted.close();
});

const clientWith = (apiKey: string, maxRetries = 0): OpenAI =>
  new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey, maxRetries });

const hello = { model: MODEL, messages: [{ role: 'user' as const, content: 'Say hello.' }] };
const ANSWER = 'Sandbox answer: you said “Say hello.”. No model was asked.';

const weather = {
  type: 'function' as const,
  function: {
    name: 'weather',
    description: 'The weather at a place',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('models', () => {
  it('are listed and looked up', async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toContain('claude-3-5-sonnet-20241022');
    expect(await client.models.retrieve('gpt-4o')).toMatchObject({ id: 'gpt-4o', object: 'model', owned_by: 'openai' });
  });
});

describe('a chat completion', () => {
  it('has content, usage, and the request id of the charge', async () => {
    const { data: completion, request_id: requestId } = await client.chat.completions.create(hello).withResponse();
    expect(completion.choices[0]?.message.content).toBe(ANSWER);
    expect(completion.usage?.total_tokens).toBeGreaterThan(10);
    const charge = (await account.eventsOf('TokensCharged')).at(-1);
    expect(charge).toMatchObject({ requestId, usageRaw: completion.usage });
  });

  it('comes from another model by changing one string', async () => {
    for (const model of ['gpt-4o', 'claude-3-5-sonnet-20241022', 'gemini-2.0-flash', 'deepseek-chat']) {
      expect((await client.chat.completions.create({ ...hello, model })).model).toBe(model);
    }
  });

  it('calls tools', async () => {
    const completion = await client.chat.completions.create({ ...hello, tools: [weather] });
    const [call] = completion.choices[0]?.message.tool_calls ?? [];
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
    expect(call).toMatchObject({ type: 'function', function: { name: 'weather' } });
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
  });

  it('runs tools to the end', async () => {
    const cities: string[] = [];
    const lookUp = ({ city }: { city: string }) => `It rains in ${(cities.push(city), city)}.`;
    const tool = { ...weather.function, function: lookUp, parse: JSON.parse as (input: string) => { city: string } };
    const runner = client.chat.completions.runTools({ ...hello, tools: [{ type: 'function', function: tool }] });
    expect(await runner.finalContent()).toContain('the tool returned “It rains in');
    expect(cities).toHaveLength(1);
  });

  it('is structured as a schema says', async () => {
    const properties = { fact: { type: 'string' } };
    const schema = { type: 'object', properties, required: ['fact'], additionalProperties: false };
    const completion = await client.chat.completions.parse({
      ...hello,
      response_format: { type: 'json_schema', json_schema: { name: 'fact', schema, strict: true } },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toHaveProperty('fact');
  });
});

describe('a stream', () => {
  it('has only chunks with a choice when its usage was not asked for', async () => {
    let text = '';
    for await (const chunk of await client.chat.completions.create({ ...hello, stream: true })) {
      expect(chunk.choices).toHaveLength(1);
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe(ANSWER);
  });

  it('ends with its usage when that was asked for', async () => {
    const options = { stream: true, stream_options: { include_usage: true } } as const;
    const usages = [];
    for await (const chunk of await client.chat.completions.create({ ...hello, ...options })) usages.push(chunk.usage);
    const charge = (await account.eventsOf('TokensCharged')).at(-1);
    expect(usages.at(-1)).toEqual(charge?.usageRaw);
    expect(usages.slice(0, -1).every((usage) => usage === null || usage === undefined)).toBe(true);
  });

  it('is put together by the client’s own helper', async () => {
    const stream = client.chat.completions.stream({ ...hello, stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(ANSWER);
    expect(final.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('carries tool calls in pieces', async () => {
    const stream = client.chat.completions.stream({ ...hello, tools: [weather] });
    const final = await stream.finalChatCompletion();
    const [call] = final.choices[0]?.message.tool_calls ?? [];
    expect(call?.type === 'function' && JSON.parse(call.function.arguments)).toHaveProperty('city');
  });

  it('that is aborted is charged for what had come by then', async () => {
    const one = await gateway.desk.account();
    const messages = [{ role: 'user' as const, content: '[[sandbox chunks=200 chunk_delay=30 tokens=500]]' }];
    const stream = await clientWith(one.key).chat.completions.create({ ...hello, messages, stream: true });
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta.content) break;
    }
    expect(stream.controller.signal.aborted).toBe(true);
    await until('the charge', async () => (await one.ending()).open === 0);
    const { estimated, usage } = await one.charge();
    expect(estimated).toBe('client_left');
    expect(usage.completionTokens).toBeGreaterThanOrEqual(1);
    expect(usage.completionTokens).toBeLessThan(100);
  });

  it('that breaks throws the provider’s error', async () => {
    const messages = [{ role: 'user' as const, content: '[[sandbox fault=error_midstream]]' }];
    const stream = await client.chat.completions.create({ ...hello, messages, stream: true });
    const read = async () => {
      for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
    };
    await expect(read()).rejects.toThrow('The server had an error while processing your request');
  });
});

/** The error a call throws. */
async function errorOfCall(call: Promise<unknown>): Promise<APIError> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof APIError)) throw new Error('the call did not throw an APIError', { cause: error });
  return error;
}

const create = (key: string, more: object = {}) =>
  errorOfCall(clientWith(key).chat.completions.create({ ...hello, ...more }));

describe('errors are the client’s own classes:', () => {
  it('401', async () => {
    const error = await create('sk-th_wrong');
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({ status: 401, type: 'authentication_error', code: 'invalid_api_key' });
    expect(error.requestID).toMatch(/^req_/);
  });

  it('402', async () => {
    const poor = await gateway.desk.account('0.00');
    const error = await create(poor.key);
    expect(error).toMatchObject({ status: 402, type: 'insufficient_balance', code: 'insufficient_balance' });
    expect(await poor.ending()).toEqual(NOTHING);
  });

  it('403', async () => {
    const limited = await gateway.desk.account('1.00', { allowedModels: [] });
    expect(await create(limited.key)).toBeInstanceOf(PermissionDeniedError);
  });

  it('404', async () => {
    const error = await create(account.key, { model: 'gpt-99' });
    expect(error).toBeInstanceOf(NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  it('400', async () => {
    expect(await create(account.key, { n: 0 })).toBeInstanceOf(BadRequestError);
  });

  it('429', async () => {
    const limited = await gateway.desk.account('1.00', { requestsPerMinute: 1 });
    const call = () => clientWith(limited.key).chat.completions.create(hello);
    await call();
    const error = await errorOfCall(Promise.all([call(), call()]));
    expect(error).toBeInstanceOf(RateLimitError);
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
  });

  it('502', async () => {
    scripted.script = refusing(500, { message: 'out of order' });
    const error = await create(account.key, { model: 'deepseek-chat' });
    expect(error).toBeInstanceOf(InternalServerError);
    expect(error).toMatchObject({ status: 502, type: 'upstream_error' });
    expect(error.message).toContain('out of order');
  });
});

describe('the client’s retries', () => {
  const retrying = () => clientWith(account.key, 2).chat.completions.create({ ...hello, model: 'deepseek-chat' });

  it('get through when the provider recovers, and only the answer is charged', async () => {
    const before = (await account.ending()).charged.length;
    scripted.calls.length = 0;
    scripted.script = (call) => (scripted.calls.length === 1 ? refusing(503, { message: 'busy' }) : answering())(call);
    expect((await retrying()).choices[0]?.message.content).toBe('Hello.');
    expect(scripted.calls).toHaveLength(2);
    expect((await account.ending()).charged.length).toBe(before + 1);
  });

  it('are not tried for a request that the provider finds invalid', async () => {
    scripted.calls.length = 0;
    scripted.script = refusing(400, { message: 'no such parameter' });
    expect(await errorOfCall(retrying())).toBeInstanceOf(BadRequestError);
    expect(scripted.calls).toHaveLength(1);
  });
});
