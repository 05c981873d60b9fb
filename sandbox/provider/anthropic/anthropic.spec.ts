import { array, assert, asyncProperty, string } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from '../index.js';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

const HI = { role: 'user', content: 'Hi' };
const WEATHER = { name: 'weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } };
const MARK = { type: 'ephemeral' };

const post = (fields: object, path = 'messages', headers: Record<string, string> = { 'x-api-key': 'x' }) =>
  fetch(`${provider.url}/anthropic/v1/${path}`, {
    method: 'POST',
    headers: { 'anthropic-version': '2023-06-01', ...headers },
    body: JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 2000, messages: [HI], ...fields }),
  });
const answer = async (fields: object, path?: string) => JSON.parse(await (await post(fields, path)).text());
const saying = (text: string) => ({ messages: [{ role: 'user', content: text }] });

describe('a sandbox message', () => {
  it('has the shape Anthropic documents', async () => {
    expect(await answer({})).toEqual({
      id: expect.stringMatching(/^msg_\w+$/),
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-4-5',
      content: [{ type: 'text', text: 'Sandbox answer: you said “Hi”. No model was asked.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: {
        input_tokens: 5,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        output_tokens: 18,
        output_tokens_details: { thinking_tokens: 0 },
        service_tier: 'standard',
      },
    });
  });

  it('begins twice when it is told to', async () => {
    const text = await (await post({ ...saying('Hi [[sandbox fault=start_twice]]'), stream: true })).text();
    expect(text.match(/^event: message_start$/gm)).toHaveLength(2);
  });

  it('streams its events in Anthropic’s order', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    const text = await (await post({ ...saying('Hi [[sandbox chunks=1]]'), stream: true, thinking })).text();
    const events = text.split('\n\n').slice(0, -1);
    const data = events.map((event) => JSON.parse(event.split('\ndata: ')[1] ?? ''));
    expect(events.map((event) => event.split('\n')[0])).toEqual(data.map(({ type }) => `event: ${type}`));
    expect(
      data.map(({ type, index, delta }) => [type, index, delta?.type].filter((part) => part !== undefined)),
    ).toEqual([
      ['message_start'],
      ['ping'],
      ['content_block_start', 0],
      ['content_block_delta', 0, 'thinking_delta'],
      ['content_block_delta', 0, 'signature_delta'],
      ['content_block_stop', 0],
      ['content_block_start', 1],
      ['content_block_delta', 1, 'text_delta'],
      ['content_block_stop', 1],
      ['message_delta'],
      ['message_stop'],
    ]);
    expect(data[0].message).toMatchObject({
      content: [],
      stop_reason: null,
      usage: { input_tokens: 15, output_tokens: 1 },
    });
    expect(data.at(-2)).toEqual({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null },
      usage: {
        input_tokens: 15,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 34,
        output_tokens_details: { thinking_tokens: 16 },
      },
    });
  });

  it.each([
    [{ max_tokens: 3 }, { stop_reason: 'max_tokens', stop_sequence: null }],
    [{ stop_sequences: ['No'] }, { stop_reason: 'stop_sequence', stop_sequence: 'No' }],
    [{ tools: [WEATHER] }, { stop_reason: 'tool_use', stop_sequence: null }],
  ])('says with %j why it ended', async (fields, ending) => expect(await answer(fields)).toMatchObject(ending));

  it('calls tools and answers with what they return', async () => {
    const called = await answer({ tools: [WEATHER] });
    const [call] = called.content;
    expect(call).toMatchObject({ type: 'tool_use', id: expect.stringMatching(/^toolu_/), input: { city: 'Paris' } });
    const result = { type: 'tool_result', tool_use_id: call.id, content: 'rain' };
    const messages = [HI, { role: 'assistant', content: called.content }, { role: 'user', content: [result] }];
    expect((await answer({ tools: [WEATHER], messages })).content).toEqual([
      { type: 'text', text: 'Sandbox answer: the tool returned “rain”.' },
    ]);
  });

  it('takes its own thinking back, and no other', async () => {
    const { content } = await answer({ thinking: { type: 'adaptive' } });
    const going = (thinking: object) => ({ messages: [HI, { role: 'assistant', content: [thinking] }, HI] });
    expect(content[0]).toMatchObject({ type: 'thinking', thinking: expect.stringContaining('“Hi”') });
    const statuses = [content[0], { ...content[0], thinking: 'Aha.' }].map(
      async (block) => (await post(going(block))).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 400]);
  });

  describe.each(['claude-fable-5-1', 'claude-opus-5-5', 'claude-haiku-5-5'])('%s binds its thinking', (model) => {
    const asking = (fields: object) => answer({ model, thinking: { type: 'adaptive' }, ...fields });
    const before = { system: 'Be brief.', tools: [WEATHER], tool_choice: { type: 'none' }, messages: [HI] };
    const goingOn = async (changes: object, more: object = {}) => {
      const said = { role: 'assistant', content: (await asking(before)).content };
      const { messages, ...rest } = { ...before, ...changes };
      return asking({ ...rest, messages: [...messages, said, HI], ...more });
    };

    it('to all that came before it, however that is put', async () => {
      const marked = { system: [{ type: 'text', text: 'Be brief.', cache_control: MARK }] };
      expect(await goingOn({})).toMatchObject({ type: 'message' });
      const blocks = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };
      expect(await goingOn(blocks)).toMatchObject({ type: 'message' });
      expect(await goingOn(marked)).toMatchObject({ type: 'message' });
    });

    it.each([{ system: 'Be verbose.' }, { tools: [] }, { messages: [{ role: 'user', content: 'Hello' }] }])(
      'so that it is refused after %j, or dropped',
      async (changes) => {
        const message = expect.stringMatching(
          /^messages\.1\.content\.0: .*bound to a different conversation/,
        ) as string;
        expect(await goingOn(changes)).toMatchObject({ error: { type: 'invalid_request_error', message } });
        const thinking = { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } };
        expect(await goingOn(changes, { thinking })).toMatchObject({ type: 'message' });
      },
    );

    it('but takes that of a model that binds none', async () => {
      const { content } = await answer({ thinking: { type: 'adaptive' } });
      expect(await asking({ messages: [HI, { role: 'assistant', content }, HI] })).toMatchObject({ type: 'message' });
    });
  });

  it('hides its thinking when asked to', async () => {
    const { content } = await answer({ thinking: { type: 'adaptive', display: 'omitted' } });
    expect(content[0]).toEqual({ type: 'thinking', thinking: '', signature: expect.any(String) });
  });

  it('is JSON when a schema asks for it', async () => {
    const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, additionalProperties: false };
    const { content } = await answer({ output_config: { format: { type: 'json_schema', schema } } });
    expect(content).toEqual([{ type: 'text', text: '{"ok":true}' }]);
  });
});

describe('the usage of a sandbox message', () => {
  const marked = (text: string, ttl: string) => ({ type: 'text', text, cache_control: { type: 'ephemeral', ttl } });
  // 8 tokens, then 6, of a prompt that has more.
  const system = [marked('one two three', '1h'), marked('red blue', '5m')];

  it.each([
    [0, { read: 0, for5m: 6, for1h: 8 }],
    [4, { read: 4, for5m: 6, for1h: 4 }],
    [11, { read: 11, for5m: 3, for1h: 0 }],
    [20, { read: 20, for5m: 0, for1h: 0 }],
  ])('with %i tokens cached tells what was read, written and neither', async (cached, { read, for5m, for1h }) => {
    const fields = { ...saying(`Hi [[sandbox cached=${cached}]]`), system };
    const { input_tokens: prompt } = await answer(fields, 'messages/count_tokens');
    expect((await answer(fields)).usage).toMatchObject({
      input_tokens: prompt - read - for5m - for1h,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: for5m + for1h,
      cache_creation: { ephemeral_5m_input_tokens: for5m, ephemeral_1h_input_tokens: for1h },
    });
  });

  it.each([
    ['the whole prompt', { cache_control: MARK }, 0],
    ['tools', { tools: [{ ...WEATHER, cache_control: MARK }] }, 5],
    [
      'a message',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a b', cache_control: MARK }] }, HI] },
      5,
    ],
  ])('with a mark on %s leaves uncached only what comes after', async (_, fields, input) => {
    const { usage } = await answer(fields);
    expect(usage.input_tokens).toBe(input);
    expect(usage.cache_creation.ephemeral_5m_input_tokens).toBe(usage.cache_creation_input_tokens);
  });

  it('does not add up when told not to', async () => {
    const { usage } = await answer(saying('Hi [[sandbox fault=usage_inconsistent]]'));
    expect(usage.cache_creation.ephemeral_5m_input_tokens).toBe(usage.cache_creation_input_tokens + 7);
  });

  const said = string({ unit: 'binary' }).filter((text) => text.trim() !== '');
  it('never counts a prompt higher than the bytes of its body', () =>
    assert(
      asyncProperty(said, array(said, { maxLength: 3 }), async (text, others) => {
        const messages = [text, ...others].map((one) => ({ role: 'user', content: [{ type: 'text', text: one }] }));
        const fields = { system: text, messages, tools: [WEATHER] };
        const { input_tokens: tokens } = await answer(fields, 'messages/count_tokens');
        expect(tokens).toBeLessThanOrEqual(Buffer.byteLength(JSON.stringify(fields)));
      }),
      { numRuns: 30 },
    ));
});

describe('a bad request to sandbox messages', () => {
  const use = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} };
  const result = { type: 'tool_result', tool_use_id: 'toolu_2', content: 'rain' };
  const called = [HI, { role: 'assistant', content: [use] }];
  const FETCHING = {
    role: 'assistant',
    content: [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_fetch', input: {} }],
  };
  const FOUND = {
    type: 'tool_search_tool_result',
    tool_use_id: 'srvtoolu_1',
    content: {
      type: 'tool_search_tool_search_result',
      tool_references: [{ type: 'tool_reference', tool_name: 'tides' }],
    },
  };

  it('but tools of Anthropic, what they brought, and tools that wait to be found', async () => {
    const search = { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' };
    const fetches = { type: 'web_fetch_20250910', name: 'web_fetch', max_uses: 3 };
    const page = { type: 'web_fetch_result', url: 'https://a.b', content: { type: 'document' } };
    const brought = { type: 'web_fetch_tool_result', tool_use_id: 'srvtoolu_1', content: page };
    const fetched = { role: 'assistant', content: [...FETCHING.content, brought] };
    const response = await post({
      tools: [search, fetches, { ...WEATHER, defer_loading: true }],
      messages: [HI, fetched, HI],
      service_tier: 'standard_only',
      tool_choice: { type: 'none' },
    });
    expect(response.status).toBe(200);
  });

  it.each([
    [{ max_tokens: undefined }, 'max_tokens'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'robot', content: 'Hi' }] }, 'messages.0.role'],
    [{ messages: [{ role: 'user' }] }, 'messages.0.content'],
    [{ messages: called }, 'toolu_1'],
    [{ messages: [...called, HI] }, 'toolu_1'],
    [{ messages: [...called, { role: 'user', content: [result] }] }, 'toolu_2'],
    [{ tools: [{ name: 'weather' }] }, 'tools.0.input_schema'],
    [{ tools: [{ type: 'oracle_20270101', name: 'oracle' }] }, 'tools.0'],
    [{ tools: [{ type: 'web_fetch_20250910', name: 'fetch' }] }, 'web_fetch'],
    [
      { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch', allowed_domains: ['a'], blocked_domains: ['b'] }] },
      'blocked_domains',
    ],
    [{ tools: [{ ...WEATHER, defer_loading: true }] }, 'defer_loading'],
    [{ tools: [WEATHER], messages: [HI, FETCHING, HI] }, 'web_fetch_tool_result'],
    [{ tools: [WEATHER], messages: [{ role: 'user', content: [FOUND] }] }, 'Tool reference'],
    [{ service_tier: 'priority' }, 'service_tier'],
    [{ tool_choice: { type: 'any' } }, 'tool_choice'],
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, 'budget_tokens'],
    [
      { system: [{ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1d' } }] },
      'system.0.cache_control',
    ],
    [{ messages: [{ role: 'user', content: ' ' }] }, 'non-whitespace'],
  ])('%j is a 400 that names the field', async (fields, field) => {
    const response = await post(fields);
    expect([response.status, await response.json()]).toEqual([
      400,
      { type: 'error', error: { type: 'invalid_request_error', message: expect.stringContaining(field) } },
    ]);
  });

  // Recorded in simonw/llm-anthropic, tests/cassettes/test_anthropic/test_tools.yaml.
  it('may have white space of the assistant', async () => {
    const messages = [HI, { role: 'assistant', content: [{ type: 'text', text: ' ' }] }, HI];
    expect((await post({ messages })).status).toBe(200);
  });

  it.each<[Record<string, string>, number]>([
    [{}, 401],
    [{ authorization: 'Basic x' }, 401],
    [{ authorization: 'Bearer x' }, 200],
    [{ 'x-api-key': 'x', 'anthropic-version': '' }, 400],
  ])('with the headers %j is a %i', async (headers, status) =>
    expect((await post({}, 'messages', headers)).status).toBe(status),
  );
});
