// What is billed of usage that contradicts itself, can't be true, or is told in parts; and how a person charges what was not.
// Modes: embedded. Usage has nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, type JsonObject, picoUsd, usd } from '../../../src/kernel/index.js';
import { chat, get, jsonOf, post, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { tokenhub } from '../../support/gateway/gateway-process.js';
import { charged, released, type TestAccount } from '../../support/gateway/ledger-desk.js';
import {
  answering,
  contentFrame,
  DONE,
  frame,
  type Script,
  type ScriptedUpstream,
  sendJson,
  startUpstream,
  streaming,
  usageFrame,
} from '../../support/gateway/upstream.js';

let gateway: TestGateway;
let openai: ScriptedUpstream;
let anthropic: ScriptedUpstream;
beforeAll(async () => {
  [openai, anthropic] = await Promise.all([startUpstream(answering()), startUpstream(answering())]);
  gateway = await startGateway({
    channels: () => [
      channel('openai', openai.url, { makers: ['openai', 'qwen'] }),
      channel('anthropic', anthropic.url, { makers: ['anthropic'], format: 'anthropic' }),
    ],
  });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([openai.close(), anthropic.close()]);
});

const told = async (model: string, usage: JsonObject, more: JsonObject = {}) => {
  openai.script = answering(usage);
  const account = await gateway.desk.account('5.00');
  return { account, answer: await post(gateway.url, account.key, chat('Hi', { model, ...more })) };
};

describe('counts that can’t be true', () => {
  const absurd = { prompt_tokens: 14, completion_tokens: 99_000_000, total_tokens: 99_000_014 };

  it('cost nothing beyond the cap, and are kept', async () => {
    const { account, answer } = await told('gpt-4o-mini', absurd, { max_tokens: 100 });
    expect(answer.status).toBe(200);
    expect(await account.ending()).toEqual(released('usage_unknown'));
    const charge = jsonOf(
      await get(gateway.url, `/v1/charges/${answer.headers.get('x-tokenhub-charge-id')}`, account.key),
    );
    expect(charge).toMatchObject({ status: 'released', cost: '0.00', usage: absurd, provider: 'openai' });
  });

  it.each([false, true])(
    'cost nothing where nothing at all was counted, and are shown to operators (stream: %s)',
    async (stream) => {
      const nothing = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
      openai.script = stream ? streaming(contentFrame('Hello.'), usageFrame(nothing), DONE) : answering(nothing);
      const account = await gateway.desk.account('5.00');
      const answer = await post(gateway.url, account.key, chat('Hi', { stream }));
      expect(answer.status).toBe(200);
      expect(await account.ending()).toEqual(released('usage_unknown'));
      const [release] = await account.eventsOf('HoldReleased');
      expect(release).toMatchObject({
        usageRaw: nothing,
        detail: 'The provider counted no tokens of an answer that says something.',
      });
    },
  );

  it('cost nothing beyond the context window', async () => {
    const { account } = await told('gpt-4o-mini', {
      prompt_tokens: 128_001,
      completion_tokens: 1,
      total_tokens: 128_002,
    });
    expect(await account.ending()).toEqual(released('usage_unknown'));
  });

  it.each([
    ['up to the context window', { prompt_tokens: 128_000, completion_tokens: 1, total_tokens: 128_001 }],
    ['up to the allowance beyond the cap', { prompt_tokens: 9, completion_tokens: 2_158, total_tokens: 2_167 }],
  ])('begin where counts are no more %s', async (_, usage) => {
    const { account } = await told('gpt-4o-mini', usage, { max_tokens: 100 });
    expect((await account.charge()).overage).toMatch(/^0\.0\d+$/);
  });

  it('begin one token later', async () => {
    const usage = { prompt_tokens: 9, completion_tokens: 2_159, total_tokens: 2_168 };
    const { account } = await told('gpt-4o-mini', usage, { max_tokens: 100 });
    expect(await account.ending()).toEqual(released('usage_unknown'));
  });
});

describe.each([3_000, 6_000, 300_000])('a usage block nested %i deep', (depth) => {
  const deep = `{"a":${'['.repeat(depth)}1${']'.repeat(depth)}}`;
  const said = '"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]';
  const chunk = '"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]';
  const message =
    '"type":"message","role":"assistant","content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"';
  const start = 'event: message_start\ndata: {"type":"message_start","message":{"role":"assistant","content":[]';

  it.each<[string, string, boolean, string]>([
    ['of a chat', 'gpt-4o-mini', false, `{"object":"chat.completion",${said},"usage":${deep}}`],
    [
      'of a streamed chat',
      'gpt-4o-mini',
      true,
      `data: {"object":"chat.completion.chunk",${chunk},"usage":${deep}}\n\ndata: [DONE]\n\n`,
    ],
    ['of a message', 'claude-haiku-4-5', false, `{${message},"usage":${deep}}`],
    ['of a streamed message', 'claude-haiku-4-5', true, `${start},"usage":${deep}}}\n\n`],
  ])('%s costs nothing, and its hold is released', async (_what, model, stream, body) => {
    const script: Script = ({ response }) => {
      response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
      response.end(body);
    };
    openai.script = script;
    anthropic.script = script;
    const account = await gateway.desk.account('5.00');
    const { text } = await post(gateway.url, account.key, chat('Hi', { model, stream }));
    expect(text.includes('internal_error')).toBe(false);
    await expect.poll(() => account.ending(), { timeout: 5_000 }).toMatchObject({ charged: [], open: 0 });
  });
});

describe('embeddings of a provider with ways of its own', () => {
  const embed = async (answer: JsonObject, more: JsonObject = {}) => {
    openai.script = ({ response }) => sendJson(response, 200, { object: 'list', model: 'm', ...answer });
    const account = await gateway.desk.account('5.00');
    const headers = { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ model: 'text-embedding-3-small', input: 'Hi', ...more });
    return { account, answer: await request(`${gateway.url}/v1/embeddings`, { method: 'POST', headers, body }) };
  };

  it('cost the total, where it reports nothing else', async () => {
    // https://docs.voyageai.com/reference/embeddings-api
    const { account, answer } = await embed({ data: [], usage: { total_tokens: 10 } });
    expect(jsonOf(answer)['usage']).toEqual({ total_tokens: 10 });
    expect(await account.ending()).toEqual(charged('0.0000002'));
  });

  it.each([
    ['base64', 'AACAPwAAIMAAAAA+'],
    ['float', [1, -2.5, 0.125]],
  ])('come as they were asked for, in %s, where it knows numbers only', async (encoding_format, embedding) => {
    const data = [{ object: 'embedding', index: 0, embedding: [1, -2.5, 0.125] }];
    const { account, answer } = await embed({ data, usage: { total_tokens: 10 } }, { encoding_format });
    expect(jsonOf(answer)['data']).toEqual([{ object: 'embedding', index: 0, embedding }]);
    expect(await account.ending()).toEqual(charged('0.0000002'));
  });
});

describe('a chat that is counted as Bedrock counts', () => {
  const usage = { inputTokens: 368, outputTokens: 19, totalTokens: 10_923, cacheReadInputTokens: 10_536 };

  it.each([false, true])('costs what was read from the cache beside its input, streamed: %s', async (stream) => {
    // gpt-4o-mini: $0.15 input, $0.075 read from the cache, $0.60 output per million tokens.
    const account = await gateway.desk.account('5.00');
    const said = { choices: [{ index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' }] };
    const chunks = [said, { choices: [], usage }].map((chunk) => frame(chunk)).join('');
    openai.script = stream ? streaming(`${chunks}data: [DONE]\n\n`) : answering(usage);
    await post(gateway.url, account.key, chat('Hi', { stream }));
    await expect.poll(() => account.ending()).toEqual(charged('0.0008568'));
    expect((await account.charge()).usageRaw).toEqual(usage);
  });
});

describe('the cache of Qwen', () => {
  it.each([
    // qwen3.8-max: $2 input, $0.20 and $0.25 read from a cache that was marked or not, $2.50 written, $6 output per million tokens.
    ['written', { cached_tokens: 0, cache_creation_input_tokens: 2000, cache_type: 'ephemeral' }, '0.00508'],
    ['read', { cached_tokens: 2000, cache_creation_input_tokens: 0, cache_type: 'ephemeral' }, '0.00048'],
    ['read unasked', { cached_tokens: 2000 }, '0.00058'],
  ])('is billed at its price when it is %s', async (_, prompt_tokens_details, cost) => {
    const usage = { prompt_tokens: 2010, completion_tokens: 10, total_tokens: 2020, prompt_tokens_details };
    const { account } = await told('qwen3.8-max', usage);
    expect(await account.ending()).toEqual(charged(cost));
  });
});

describe('a stream of Anthropic’s that repeats the input as nothing', () => {
  // claude-sonnet-4-6: $3 input, $3.75 written to the cache, $15 output per million tokens.
  it.each([
    ['input', { input_tokens: 1220, output_tokens: 1 }, { input_tokens: 0, output_tokens: 50 }, '0.00441'],
    [
      'what was written',
      { input_tokens: 1220, cache_creation_input_tokens: 800, output_tokens: 1 },
      { input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 50 },
      '0.00741',
    ],
  ])('is billed for its %s, whoever reads it', async (_, start, delta, cost) => {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage: start };
    const events = [
      { type: 'message_start', message },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: delta },
      { type: 'message_stop' },
    ];
    anthropic.script = streaming(events.map((event) => `event: ${event.type}\n${frame(event)}`).join(''));
    const body = chat('Hi', { model: 'claude-sonnet-4-6', max_tokens: 100, stream: true });
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const account = await gateway.desk.account('5.00');
      const headers = { authorization: `Bearer ${account.key}`, 'content-type': 'application/json' };
      const answer = await request(`${gateway.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
      expect(await account.ending()).toEqual(charged(cost));
    }
  });
});

describe('tokenhub charge settle', () => {
  const ofRelease = async (account: TestAccount) => (await account.eventsOf('HoldReleased'))[0]?.chargeId ?? '';

  it('says what a released charge comes to, and charges it once, in the name of a person', async () => {
    const own = await startGateway({ channels: () => [channel('openai', openai.url)] });
    try {
      openai.script = answering({ prompt_tokens: 14, completion_tokens: 3_000, total_tokens: 3_014 });
      const account = await own.desk.account('5.00');
      await post(own.url, account.key, chat('Hi', { model: 'gpt-4o-mini', max_tokens: 100 }));
      const id = await ofRelease(account);
      const run = (...args: readonly string[]) => tokenhub(own.files, 'charge', ...args) as Promise<JsonObject>;
      expect(await run('list', '--reason', 'usage_unknown')).toMatchObject([
        { chargeId: id, provider: 'openai', usage: { completion_tokens: 3_000 }, upstreamModel: 'gpt-4o-mini' },
      ]);
      const settle = ['settle', id, '--reason', 'as the provider’s invoice has it'];
      // $0.15 input and $0.60 output per million tokens
      const cost = formatUsd(picoUsd(14n * 150_000n + 3_000n * 600_000n));
      const dry = { charge: id, account: account.id, cost, balanceBefore: '5.00' };
      expect(await run(...settle)).toMatchObject({ ...dry, done: expect.stringContaining('--apply') as string });
      expect(await run(...settle, '--prompt-tokens', '14', '--completion-tokens', '100')).toMatchObject({
        cost: '0.0000621',
      });
      expect(await account.balance()).toBe('5.00');
      expect(await run(...settle, '--apply')).toMatchObject({ ...dry, done: 'charged' });
      expect(await run(...settle, '--apply')).toMatchObject({ charge: id, cost, done: 'charged already' });
      expect(await account.balance()).toBe(formatUsd(picoUsd(usd('5.00') - usd(cost))));
      expect(await account.charge()).toMatchObject({
        late: true,
        byHand: { actor: expect.any(String) as string, reason: 'as the provider’s invoice has it' },
      });
      expect(await tokenhub(own.files, 'verify')).toMatchObject({ faults: [] });
    } finally {
      await own.close();
    }
  });
});
