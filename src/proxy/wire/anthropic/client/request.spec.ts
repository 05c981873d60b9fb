import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { messageOf } from './answer.js';
import { chatRequest } from './request.js';
import { MessageStream } from './stream.js';

const HI = { role: 'user', content: 'Hi' };
const translate = (body: JsonObject = {}) => chatRequest({ model: 'gpt-5', max_tokens: 100, messages: [HI], ...body });
const calls = (name: string) => ({ tool_calls: [{ index: 0, id: 'call_1', function: { name, arguments: '{}' } }] });
const answering = (name: string) => ({ choices: [{ message: calls(name) }] });
const streaming = (name: string) => ({ choices: [{ delta: calls(name) }] });
const messagesFor = (body: JsonObject) => translate(body)['messages'];

function refusalOf(body: JsonObject): string {
  try {
    return `no refusal: ${JSON.stringify(translate(body))}`;
  } catch (error) {
    if (error instanceof Untranslatable) return `${error.param}: ${error.message}`;
    throw error;
  }
}

describe('a message request for another model', () => {
  it('is a chat completion', () => {
    const body = {
      model: 'gpt-4o',
      max_tokens: 1_024,
      system: [
        { type: 'text', text: 'You are a poet.', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'Be brief.' },
      ],
      messages: [{ role: 'user', content: 'Hello, Claude' }],
      stop_sequences: ['END'],
      temperature: 0.5,
      top_p: 0.9,
      top_k: 5,
      stream: true,
      metadata: { user_id: 'u-1' },
      service_tier: 'auto',
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
    };
    expect(chatRequest(body)).toEqual({
      model: 'gpt-4o',
      max_tokens: 1_024,
      messages: [
        { role: 'system', content: 'You are a poet.\n\nBe brief.' },
        { role: 'user', content: 'Hello, Claude' },
      ],
      stop: ['END'],
      temperature: 0.5,
      top_p: 0.9,
      user: 'u-1',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('has its images and documents as parts, without marks for the cache', () => {
    const content = [
      { type: 'text', text: 'Look:', cache_control: { type: 'ephemeral' } },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
      { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Plain.' } },
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'Chunk.' }] } },
      { type: 'search_result', title: 'T', source: 'https://t', content: [{ type: 'text', text: 'Found.' }] },
    ];
    expect(messagesFor({ messages: [{ role: 'user', content }] })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBE' } },
          { type: 'text', text: 'Plain.' },
          { type: 'text', text: 'Chunk.' },
          { type: 'text', text: 'T\nhttps://t\nFound.' },
        ],
      },
    ]);
  });

  it('has calls with the assistant and results as messages, their images after them', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://example.com/map.png' } };
    const messages = [
      HI,
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: { city: 'Bern' } },
          { type: 'tool_use', id: 'toolu_2', name: 'map', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_1', content: 'no such city', is_error: true },
          { type: 'tool_result', tool_use_id: 'toolu_2', content: [image] },
          { type: 'text', text: 'And?' },
        ],
      },
    ];
    expect(messagesFor({ messages })).toEqual([
      HI,
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Bern"}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'map', arguments: '{}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'toolu_1', content: 'Error: no such city' },
      { role: 'tool', tool_call_id: 'toolu_2', content: '(The result is in the message that follows.)' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://example.com/map.png' } },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  // https://github.com/stdapi-ai/stdapi.ai/issues/219
  it('goes on from what Anthropic’s own tools did, without them', () => {
    const called = (id: string, name: string) => ({ type: 'server_tool_use', id, name, input: {} });
    const result = (tool_use_id: string, of: string) => ({ type: `${of}_tool_result`, tool_use_id, content: {} });
    const content = [
      called('srvtoolu_1', 'web_fetch'),
      result('srvtoolu_1', 'web_fetch'),
      called('srvtoolu_2', 'tool_search_tool_bm25'),
      result('srvtoolu_2', 'tool_search'),
      { type: 'text', text: 'The page says 4.' },
    ];
    const messages = [HI, { role: 'assistant', content }, HI];
    expect(messagesFor({ messages })).toEqual([HI, { role: 'assistant', content: 'The page says 4.' }, HI]);
  });

  it('keeps instructions where they stand', () => {
    const messages = [HI, { role: 'system', content: 'In French now.' }, { role: 'assistant', content: 'Bonjour' }];
    expect(messagesFor({ messages })).toEqual(messages);
  });

  it('defines its tools and how they may be called', () => {
    const input_schema = { type: 'object', properties: {}, additionalProperties: false };
    const body = {
      tools: [
        { name: 'now', description: 'The time', input_schema, strict: true },
        { type: 'custom', name: 'at', input_schema },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    };
    expect(translate(body)).toMatchObject({
      tools: [
        {
          type: 'function',
          function: { name: 'now', description: 'The time', parameters: input_schema, strict: true },
        },
        { type: 'function', function: { name: 'at', parameters: input_schema } },
      ],
      tool_choice: 'required',
      parallel_tool_calls: false,
    });
    const choose = (tool_choice: JsonObject) => translate({ ...body, tool_choice })['tool_choice'];
    expect([choose({ type: 'auto' }), choose({ type: 'none' })]).toEqual(['auto', 'none']);
    expect(choose({ type: 'tool', name: 'now' })).toEqual({ type: 'function', function: { name: 'now' } });
  });

  const optional = {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  it.each<[string, JsonObject]>([
    ['a property is optional', optional],
    ['one within it is', { type: 'object', properties: { o: optional }, required: ['o'], additionalProperties: false }],
    ['objects are open', { type: 'object', properties: {}, required: [] }],
    ['it says what OpenAI has no word for', { ...optional, required: ['a', 'b'], allOf: [] }],
    ['it is a choice', { ...optional, required: ['a', 'b'], anyOf: [] }],
  ])('does not ask to be held to a schema where %s, as OpenAI refuses it', (_, schema) => {
    const format = { type: 'json_schema', schema };
    expect(translate({ output_config: { format } })['response_format']).toMatchObject({
      json_schema: { schema, strict: false },
    });
    const [tool] = translate({ tools: [{ name: 'f', input_schema: schema, strict: true }] })['tools'] as [JsonObject];
    expect(tool['function']).not.toHaveProperty('strict');
  });

  it('says that a tool without arguments has no properties', () => {
    const tools = [{ name: 'f', input_schema: { type: 'object' } }];
    expect(translate({ tools })['tools']).toMatchObject([{ function: { parameters: { properties: {} } } }]);
  });

  it('describes the items of its lists, as OpenAI takes no others', () => {
    const schema = (list: JsonObject): JsonObject => ({
      type: 'object',
      properties: { ids: list, type: { anyOf: [list, { type: 'array', items: list }] } },
      $defs: { d: list },
      required: ['ids', 'type'],
      additionalProperties: false,
      default: { type: 'array' },
    });
    const list = { type: ['array', 'null'], description: 'Many' };
    const tools = [{ name: 'f', input_schema: schema(list), strict: true }];
    expect(translate({ tools })['tools']).toEqual([
      { type: 'function', function: { name: 'f', parameters: schema({ ...list, items: {} }) } },
    ]);
  });

  it('leaves out what a model that thinks chooses for itself', () => {
    expect(translate({ temperature: 0.2, top_p: 0.9 })).not.toHaveProperty('temperature');
    expect(translate({ temperature: 0.2, top_p: 0.9 })).not.toHaveProperty('top_p');
    expect(refusalOf({ stop_sequences: ['END'] })).toContain('stop_sequences: ');
  });

  it('names tools and calls so that OpenAI takes them', () => {
    const name = `mcp__${'long_'.repeat(20)}name`;
    const id = `call_1__thought__${'c2lnbmF0dXJl'.repeat(9)}`;
    const messages = (long: string) => [
      { role: 'assistant', content: [{ type: 'tool_use', id: long, name, input: {} }] },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: long, content: [{ type: 'tool_reference', tool_name: 'g' }] }],
      },
    ];
    const tools = [{ name, input_schema: { type: 'object' } }];
    const told = (long: string, model = 'gpt-4o') => {
      const chat = translate({ model, tools, tool_choice: { type: 'tool', name }, messages: messages(long) });
      const [called, result] = chat['messages'] as readonly [JsonObject, JsonObject];
      const [call] = called['tool_calls'] as readonly [{ id: string; function: { name: string } }];
      expect(result).toMatchObject({ tool_call_id: call.id, content: 'Found the tool "g".' });
      expect(chat).toMatchObject({
        tools: [{ function: { name: call.function.name } }],
        tool_choice: { function: { name: call.function.name } },
      });
      return call;
    };
    expect(told(id).id).toBe('call_1');
    expect(told(id, 'gemini-2.5-pro').id).toBe(id);
    expect(told('x'.repeat(60)).id).toMatch(/^x{27}_\w{12}$/);
    expect(told(id, 'mistral-large-3').id).toMatch(/^[a-z\d]{9}$/);
    expect(told(id).function.name).toMatch(/^mcp__\w{59}$/);
    expect(messageOf(answering(told(id).function.name), { tools })['content']).toMatchObject([{ name }]);
    const stream = new MessageStream({ id: 'chatcmpl-1', created: 1, model: 'm' }, { tools });
    expect(stream.push(JSON.stringify(streaming(told(id).function.name)))).toContain(name);
  });

  it('asks for JSON by its schema', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    const format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
    expect(translate({ output_config: { format: { type: 'json_schema', schema } } })['response_format']).toEqual(
      format,
    );
    expect(translate({ output_format: { type: 'json_schema', schema } })['response_format']).toEqual(format);
  });
});

describe('refused, by the name of the field, is', () => {
  const block = (content: JsonObject) => ({ messages: [{ role: 'user', content: [content] }] });
  it.each<[string, JsonObject, RegExp]>([
    ['warming of the cache', { max_tokens: 0 }, /^max_tokens: /],
    ['a web search', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }, /^tools\[0\]: .*billed apart/],
    [
      'a tool that Claude alone knows',
      { tools: [{ type: 'bash_20250124', name: 'bash' }] },
      /^tools\[0\]: .*no built-in tools/,
    ],
    [
      'an uploaded file',
      block({ type: 'image', source: { type: 'file', file_id: 'file_1' } }),
      /^messages\[0\]\.content\[0\]: .*uploaded/,
    ],
    [
      'a document from elsewhere',
      block({ type: 'document', source: { type: 'url', url: 'https://a.b/c.pdf' } }),
      /does not fetch documents/,
    ],
    ['a block yet unknown', block({ type: 'hologram' }), /can’t read messages\[0\]\.content\[0\] of type "hologram"/],
    [
      'an unknown block of the assistant',
      { messages: [{ role: 'assistant', content: [{ type: 'compaction', content: 'x' }] }] },
      /can’t be shown/,
    ],
    ['a message of nobody', { messages: [{ role: 'tool', content: 'x' }] }, /^messages\[0\]\.role: /],
    ['a choice without a type', { tools: [{ name: 'a', input_schema: {} }], tool_choice: 'auto' }, /^tool_choice: /],
    ['a format without a schema', { output_config: { format: { type: 'json' } } }, /^output_config\.format: /],
    ['messages that are none', { messages: 'Hi' }, /^messages: /],
  ])('%s', (_, body, expected) => expect(refusalOf(body)).toMatch(expected));
});
