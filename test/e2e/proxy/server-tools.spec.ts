// Tools that run at Anthropic and cost tokens alone pass on its own API, are charged by what it counts, and held for in all their rounds.
// Modes: embedded. Holds and charges are the same on every store.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { type Answer, jsonOf, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { NOTHING, type TestAccount } from '../../support/gateway/ledger-desk.js';
import {
  type Script,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
} from '../../support/gateway/upstream.js';

// Dollars per million tokens: 1 for input, 1.25 for writes to the cache, 0.10 for reads, 5 for output.
const MODEL = 'claude-haiku-4-5';
const SEARCH = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' };
const FETCH = { type: 'web_fetch_20250910', name: 'web_fetch' };
const DEFERRED = { name: 'weather', input_schema: { type: 'object' }, defer_loading: true };

const CALL = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_fetch', input: { url: 'https://a.b' } };
const DOCUMENT = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Octopuses.' } };
const PAGE = { type: 'web_fetch_result', url: 'https://a.b', content: DOCUMENT };
const BROUGHT = { type: 'web_fetch_tool_result', tool_use_id: 'srvtoolu_1', content: PAGE };
const CONTENT = [CALL, BROUGHT, { type: 'text', text: 'About octopuses.' }];

const answered =
  (usage: JsonObject): Script =>
  ({ response }) =>
    sendJson(response, 200, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: MODEL,
      content: CONTENT,
      stop_reason: 'end_turn',
      usage,
    });

let gateway: TestGateway;
let anthropic: ScriptedUpstream;
beforeAll(async () => {
  anthropic = await startUpstream(answered({}));
  gateway = await startGateway({
    channels: (url) => [
      channel('anthropic', anthropic.url, { makers: ['anthropic', 'deepseek'], format: 'anthropic' }),
      channel('sandbox', url, { makers: ['openai'] }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await anthropic.close();
});
beforeEach(() => {
  anthropic.calls.length = 0;
});

const messages = (account: TestAccount, more: JsonObject): Promise<Answer> =>
  request(`${gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}` },
    body: JSON.stringify({ model: MODEL, max_tokens: 1_000, messages: [{ role: 'user', content: 'Hi' }], ...more }),
  });

describe('tool search and web fetch', () => {
  // The counts of three rounds: more than the model's window of 200,000 in all.
  const usage = {
    input_tokens: 250_000,
    cache_read_input_tokens: 100_000,
    cache_creation_input_tokens: 40_000,
    output_tokens: 2_500,
    server_tool_use: { web_search_requests: 0, web_fetch_requests: 2, tool_search_requests: 1 },
  };

  it('pass as they came, and are charged by the sum that Anthropic counts', async () => {
    anthropic.script = answered(usage);
    const account = await gateway.desk.account('20.00');
    const more = { tools: [SEARCH, FETCH, DEFERRED], service_tier: 'standard_only' };
    const answer = await messages(account, more);
    expect(jsonOf(answer)).toMatchObject({ content: CONTENT, usage });
    expect(anthropic.calls[0]?.body).toMatchObject(more);
    // 0.25 for input, 0.01 for reads, 0.05 for writes, 0.0125 for output
    expect(await account.charge()).toMatchObject({ cost: '0.3225' });
    expect(await account.charge()).not.toHaveProperty('overage');
  });

  it('are charged where each of ten rounds is told', async () => {
    const cache_creation = { ephemeral_5m_input_tokens: 4_000, ephemeral_1h_input_tokens: 0 };
    const counts = { input_tokens: 25_000, cache_read_input_tokens: 10_000, cache_creation_input_tokens: 4_000 };
    const round = { type: 'message', model: MODEL, ...counts, cache_creation, output_tokens: 250 };
    const iterations = Array.from({ length: 10 }, () => round);
    anthropic.script = answered({ ...usage, iterations });
    const account = await gateway.desk.account('20.00');
    await messages(account, { tools: [FETCH] });
    expect(await account.charge()).toMatchObject({ cost: '0.3225', usageRaw: { iterations } });
  });

  it('are charged the same in a stream, whose last counts stand', async () => {
    const event = (type: string, data: JsonObject) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
    const start = { id: 'msg_1', type: 'message', role: 'assistant', model: MODEL, content: [] };
    anthropic.script = streaming(
      event('message_start', { message: { ...start, usage: { input_tokens: 900, output_tokens: 1 } } }),
      event('content_block_start', { index: 0, content_block: CALL }),
      event('content_block_stop', { index: 0 }),
      event('content_block_start', { index: 1, content_block: BROUGHT }),
      event('content_block_stop', { index: 1 }),
      event('message_delta', { delta: { stop_reason: 'end_turn' }, usage }),
      event('message_stop', {}),
    );
    const account = await gateway.desk.account('20.00');
    const { text } = await messages(account, { tools: [FETCH], stream: true });
    expect(text).toContain('"web_fetch_tool_result"');
    expect(await account.charge()).toMatchObject({ cost: '0.3225' });
  });

  it.each<[string, readonly JsonObject[], number, number]>([
    // Nine further rounds of the whole window, at the price of writes to the cache, and ten answers.
    ['a fetch', [FETCH], 9 * 200_000 * 1.25 + 10 * 1_000 * 5, 9 * 200_000 * 1.25 + 10 * 1_000 * 5 + 10_000],
    // Ten rounds of a short prompt, each with what the rounds before wrote and found.
    ['a search', [SEARCH, DEFERRED], 10 * 1_000 * 5 + 9 * 9_000 * 1.25, 10 * 1_000 * 5 + 10 * 20_000 * 1.25],
    ['neither', [], 1_000 * 5, 1_000 * 5 + 1_000],
  ])('are held for in every round: %s', async (_what, tools, least, most) => {
    anthropic.script = answered(usage);
    const account = await gateway.desk.account('20.00');
    await messages(account, { tools: [...tools] });
    const [hold] = await account.eventsOf('HoldPlaced');
    const micro = Number(hold?.amount) * 1_000_000;
    expect(micro).toBeGreaterThan(least);
    expect(micro).toBeLessThan(most);
  });

  it('can be talked about afterwards', async () => {
    anthropic.script = answered({ input_tokens: 10, output_tokens: 5 });
    const account = await gateway.desk.account('20.00');
    const said = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: CONTENT },
      { role: 'user', content: 'And squids?' },
    ];
    expect((await messages(account, { messages: said })).status).toBe(200);
    expect(anthropic.calls[0]?.body).toMatchObject({ messages: said });
    expect((await messages(account, { model: 'gpt-4o-mini', messages: said })).status).toBe(200);
  });

  it.each([
    ['gpt-4o-mini', { stream: false }],
    ['gpt-4o-mini', { stream: true }],
    ['deepseek-v4-flash', {}],
  ])('search is left out for %s %j, which is offered all tools at once, and held for once', async (model, more) => {
    anthropic.script = answered({ input_tokens: 10, output_tokens: 2 });
    const account = await gateway.desk.account('0.02');
    const { status, headers } = await messages(account, {
      model,
      max_tokens: 8_000,
      tools: [SEARCH, DEFERRED],
      ...more,
    });
    expect([status, headers.get('x-tokenhub-left-out'), headers.get('x-tokenhub-max-tokens')]).toEqual([
      200,
      'tool_search',
      null,
    ]);
    expect(anthropic.calls.map(({ body }) => body['tools'])).toEqual(model.startsWith('deepseek') ? [[DEFERRED]] : []);
  });

  it('fetching is held for in ten rounds where another maker may do it', async () => {
    anthropic.script = answered({ input_tokens: 10, output_tokens: 2 });
    const account = await gateway.desk.account('0.02');
    const { status } = await messages(account, { model: 'deepseek-v4-flash', max_tokens: 8_000, tools: [FETCH] });
    expect([status, anthropic.calls]).toEqual([402, []]);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['a model whose price depends on the prompt', { model: 'claude-haiku-5-5', tools: [FETCH] }, /depends on the size/],
    ['a model of another maker', { model: 'gpt-4o-mini', tools: [FETCH] }, /tools\[0\]/],
    ['a search of the web', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, /billed apart/],
  ])('can’t be used with %s', async (_what, more, reason) => {
    const account = await gateway.desk.account('20.00');
    const answer = await messages(account, more);
    expect([answer.status, jsonOf(answer)['type']]).toEqual([400, 'error']);
    expect(answer.text).toMatch(reason);
    expect(await account.ending()).toEqual(NOTHING);
  });
});
