// `POST /v1/messages/count_tokens`: by whoever speaks Anthropic's format, at no cost, and never made up.
// Modes: embedded. It places no hold, so stores have no part in it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { RevokeKey } from '../../../src/keys/index.js';
import { type Answer, jsonOf, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway, UPSTREAM_KEY } from '../../support/gateway/gateway.js';
import { NOTHING } from '../../support/gateway/ledger-desk.js';
import { refusing, type ScriptedUpstream, sendJson, startUpstream } from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let scripted: ScriptedUpstream;
beforeAll(async () => {
  scripted = await startUpstream(({ response }) => sendJson(response, 200, { input_tokens: 7 }));
  const models = (id: string) => ({ models: { [id]: id }, makers: [] });
  gateway = await startGateway({
    channels: (sandbox) => [
      channel('anthropic', '', { baseUrl: `${sandbox}/anthropic/v1`, makers: ['anthropic'], format: 'anthropic' }),
      channel('scripted', scripted.url, { ...models('gpt-4o'), format: 'anthropic' }),
      channel('limited', scripted.url, { ...models('gpt-4.1'), format: 'anthropic' }),
      channel('openai', sandbox, models('gpt-4o-mini')),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await scripted.close();
});
beforeEach(() => {
  scripted.calls.length = 0;
  scripted.script = ({ response }) => sendJson(response, 200, { input_tokens: 7 });
});

const count = (key: string, body: JsonObject, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  request(`${gateway.url}/v1/messages/count_tokens?beta=true`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const ask = (model: string, more: JsonObject = {}): JsonObject => ({
  model,
  messages: [{ role: 'user', content: 'One fact about octopuses.' }],
  ...more,
});
const failed = (type: string, message: string) => ({
  type: 'error',
  error: { type, message: expect.stringContaining(message) as string },
});

describe('counting tokens', () => {
  it('is what the same message is billed for, and costs nothing', async () => {
    const account = await gateway.desk.account();
    const body = ask('claude-haiku-4-5', { system: 'Be brief.' });
    const counted = await count(account.key, body);
    expect(counted.status).toBe(200);
    expect(counted.headers.get('x-tokenhub-provider')).toBe('anthropic');
    expect(counted.headers.get('x-ratelimit-limit-requests')).toBe('1000000');
    expect(await account.ending()).toEqual(NOTHING);
    expect(await account.eventsOf('HoldPlaced')).toEqual([]);
    await request(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': account.key, 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, max_tokens: 10 }),
    });
    const { usage } = await account.charge();
    expect(jsonOf(counted)).toEqual({ input_tokens: usage.promptTokens });
  });

  it('has a limit of its own: it takes nothing from calls, nor they from it', async () => {
    const { key } = await gateway.desk.account('5.00', { requestsPerMinute: 2 });
    const call = () =>
      request(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { 'x-api-key': key, 'content-type': 'application/json' },
        body: JSON.stringify(ask('claude-haiku-4-5', { max_tokens: 10 })),
      });
    const counts = [await count(key, ask('gpt-4o')), await count(key, ask('gpt-4o')), await count(key, ask('gpt-4o'))];
    expect(counts.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(counts[2]?.text).toContain('2 counts of tokens per minute');
    expect([await call(), await call(), await call()].map(({ status }) => status)).toEqual([200, 200, 429]);
  });

  it('has a rest of its own: a provider that limits counts is asked for answers', async () => {
    const account = await gateway.desk.account();
    scripted.script = ({ response }) =>
      response
        .writeHead(429, { 'retry-after': '60', 'content-type': 'application/json' })
        .end('{"error":{"message":"slow"}}');
    for (let time = 0; time < 2; time++) expect((await count(account.key, ask('gpt-4.1'))).status).toBe(502);
    expect(scripted.calls).toHaveLength(1);
    await request(`${gateway.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': account.key, 'content-type': 'application/json' },
      body: JSON.stringify(ask('gpt-4.1', { max_tokens: 5 })),
    });
    expect(scripted.calls).toHaveLength(2);
  });

  it('needs no credit', async () => {
    const { key } = await gateway.desk.account('0');
    expect((await count(key, ask('claude-haiku-4-5'))).status).toBe(200);
  });

  it('goes to the provider as it came, with the features it asks for', async () => {
    const { key } = await gateway.desk.account();
    const body = ask('gpt-4o', {
      tools: [{ name: 'a', input_schema: { type: 'object' } }],
      thinking: { type: 'adaptive' },
    });
    const answer = await count(key, body, { 'anthropic-beta': 'token-counting-2024-11-01,context-1m-2025-08-07' });
    expect(answer.text).toBe('{"input_tokens":7}');
    expect(scripted.calls[0]).toMatchObject({
      path: '/v1/messages/count_tokens',
      headers: { 'x-api-key': UPSTREAM_KEY, 'anthropic-beta': 'token-counting-2024-11-01' },
      body,
    });
  });

  it.each<[string, (key: string) => Promise<Answer>, number, string, string]>([
    [
      'a model that nobody can count',
      (key) => count(key, ask('gpt-4o-mini')),
      404,
      'not_found_error',
      'can’t be counted',
    ],
    ['an unknown model', (key) => count(key, ask('gpt-99')), 404, 'not_found_error', 'does not exist'],
    [
      'a model of another kind',
      (key) => count(key, ask('text-embedding-3-small')),
      404,
      'not_found_error',
      'embeddings',
    ],
    ['no messages', (key) => count(key, { model: 'gpt-4o' }), 400, 'invalid_request_error', '"messages"'],
    ['an unknown key', (key) => count(`${key}x`, ask('gpt-4o')), 401, 'authentication_error', 'API key'],
  ])('answers %s with an error of Anthropic’s shape', async (_case, send, status, type, message) => {
    const { key } = await gateway.desk.account();
    const answer = await send(key);
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toEqual(failed(type, message));
    expect(scripted.calls).toEqual([]);
  });

  it.each<[string, JsonObject, number, string]>([
    ['a provider that counts nothing', { message: 'no such path' }, 404, 'not_found_error'],
    ['a provider that refuses it', { message: 'messages: bad' }, 400, 'invalid_request_error'],
    ['a provider that refuses it without a reason', {}, 400, 'api_error'],
  ])('tells of %s', async (_case, error, status, type) => {
    scripted.script = refusing(status, error);
    const { key } = await gateway.desk.account();
    const answer = await count(key, ask('gpt-4o'));
    expect(answer.status).toBe(type === 'api_error' ? 502 : status);
    expect(jsonOf(answer)).toMatchObject({ type: 'error', error: { type } });
  });

  it('is no count when the provider tells none', async () => {
    scripted.script = ({ response }) => sendJson(response, 200, { input_tokens: 'many' });
    const { key } = await gateway.desk.account();
    const answer = await count(key, ask('gpt-4o'));
    expect(answer.status).toBe(502);
    expect(jsonOf(answer)).toEqual(failed('api_error', 'has no count'));
  });

  it('is only for keys that may call the model, and stops with them', async () => {
    const account = await gateway.desk.account('5.00', { allowedModels: ['gpt-4o-mini'] });
    expect(jsonOf(await count(account.key, ask('gpt-4o')))).toEqual(failed('permission_error', 'gpt-4o'));
    await gateway.desk.commands.execute(new RevokeKey(account.id, account.keyId));
    expect((await count(account.key, ask('gpt-4o'))).status).toBe(401);
  });

  it('counts against the limit of requests', async () => {
    const { key } = await gateway.desk.account('5.00', { requestsPerMinute: 1 });
    expect((await count(key, ask('gpt-4o'))).status).toBe(200);
    const second = await count(key, ask('gpt-4o'));
    expect(second.status).toBe(429);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
