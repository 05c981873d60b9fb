// What a provider bills apart from tokens never reaches it, through whatever endpoint, and what may come to any number of tokens is held for.
// Modes: embedded. It is about what never gets to a store.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { errorOf, post, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { NOTHING } from '../../support/gateway/ledger-desk.js';
import { answering, type ScriptedUpstream, startUpstream, usageBlock } from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let scripted: ScriptedUpstream;
beforeAll(async () => {
  scripted = await startUpstream(answering());
  gateway = await startGateway({ channels: () => [channel('scripted', scripted.url)] });
});
afterAll(async () => {
  await gateway.close();
  await scripted.close();
});
beforeEach(() => {
  scripted.calls.length = 0;
  scripted.script = answering();
});

const messages = [{ role: 'user', content: 'Hi' }];
const CHAT = { model: 'qwen3.8-max', max_tokens: 100, messages };

async function refused(path: string, body: JsonObject) {
  const account = await gateway.desk.account('0.003');
  const answer = await request(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(scripted.calls).toEqual([]);
  expect(await account.ending()).toEqual(NOTHING);
  return answer;
}

describe('is refused by name, with nothing sent or held:', () => {
  it.each<[string, JsonObject, string]>([
    ['a search', { ...CHAT, enable_search: true, search_options: { forced_search: true } }, 'enable_search'],
    ['a search in the SDK’s field', { ...CHAT, extra_body: { enable_search: true } }, 'enable_search'],
    ['a tool at the provider', { ...CHAT, tools: [{ type: 'web_search', web_search: {} }] }, 'tools[0]'],
    ['another tier', { ...CHAT, service_tier: 'flex' }, 'service_tier'],
    ['another speed', { ...CHAT, speed: 'fast' }, 'speed'],
    ['an answer in sound', { ...CHAT, modalities: ['text', 'audio'], audio: { voice: 'a' } }, 'modalities'],
  ])('%s', async (_what, body, param) => {
    const error = errorOf(await refused('/v1/chat/completions', body));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', code: 'invalid_request', param });
    expect(error.message).toContain(`"${param}"`);
  });

  it.each<[string, JsonObject, string]>([
    ['/v1/embeddings', { model: 'text-embedding-3-small', input: 'a', enable_search: true }, 'enable_search'],
    ['/v1/embeddings', { model: 'text-embedding-3-small', input: [{ image: 'https://a.b/c.png' }] }, 'input'],
    [
      '/v1/rerank',
      { model: 'jina-reranker-v2-base-multilingual', query: 'a', documents: [{ image: 'https://a.b/c.png' }] },
      'documents',
    ],
    ['/v1/images/generations', { model: 'gpt-image-1', prompt: 'a', web_search_options: {} }, 'web_search_options'],
    ['/v1/messages', { ...CHAT, tools: [{ type: 'web_search_20260209', name: 'web_search' }] }, 'tools[0]'],
    ['/v1/messages', { ...CHAT, mcp_servers: [{ url: 'https://a.b' }] }, 'mcp_servers'],
    ['/v1/messages', { ...CHAT, enable_search: true }, 'enable_search'],
    ['/v1/messages', { ...CHAT, service_tier: 'priority' }, 'service_tier'],
  ])('%s: %j', async (path, body, param) => {
    const answer = await refused(path, body);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(param);
  });

  it('an image to make another of', async () => {
    const body = { model: 'gpt-image-1', prompt: 'a', image: 'data:image/png;base64,AAAA' };
    expect((await refused('/v1/images/generations', body)).status).toBe(400);
  });
});

it('never reaches a provider by an endpoint that passes on only what it knows', async () => {
  const account = await gateway.desk.account();
  const body = { model: 'qwen3.8-max', prompt: 'Hi', max_tokens: 10, enable_search: true, plugins: [{ id: 'web' }] };
  const answer = await request(`${gateway.url}/v1/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}` },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  expect(Object.keys(scripted.calls[0]?.body ?? {}).toSorted()).toEqual(['max_completion_tokens', 'messages', 'model']);
});

describe('a video', () => {
  const video = { type: 'video_url', video_url: { url: 'https://a.b/c.mp4' } };
  const body = {
    model: 'kimi-k3',
    max_tokens: 100,
    messages: [{ role: 'user', content: [{ type: 'text', text: 'What is this?' }, video] }],
  };

  it('is held for as if it filled the context window, so that thirty at once spend nothing that is not there', async () => {
    scripted.script = answering(usageBlock(1_000_000, 100));
    const account = await gateway.desk.account('0.10');
    const answers = await Promise.all(Array.from({ length: 30 }, () => post(gateway.url, account.key, body)));
    expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(402));
    expect(scripted.calls).toEqual([]);
    expect(await account.balance()).toBe('0.10');
  });

  it('is charged for what it came to', async () => {
    scripted.script = answering(usageBlock(1_000_000, 100));
    const account = await gateway.desk.account('5.00');
    expect((await post(gateway.url, account.key, body)).status).toBe(200);
    expect(await account.charge()).toMatchObject({ cost: '3.0015' });
    expect(await account.charge()).not.toHaveProperty('overage');
  });
});

const thinking = { enable_thinking: true, thinking_budget: 4_000 };
it.each<[JsonObject]>([[thinking], [{ extra_body: thinking }]])(
  'what a model thinks beside its cap is held for, and capped too: %j',
  async (asked) => {
    scripted.script = answering({ ...usageBlock(10, 200), completion_tokens_details: { reasoning_tokens: 100 } });
    const account = await gateway.desk.account();
    await post(gateway.url, account.key, { model: 'qwen-plus', messages, max_tokens: 100, ...asked });
    expect(scripted.calls[0]?.body).toMatchObject({ max_tokens: 100, thinking_budget: 100 });
    expect(await account.charge()).not.toHaveProperty('overage');
  },
);
