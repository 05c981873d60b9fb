import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { messagesRequest } from './request.js';

const HI = { role: 'user', content: 'Hi' };
const translate = (chat: JsonObject = {}) =>
  messagesRequest({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [HI], ...chat });
const current = (chat: JsonObject = {}) => translate({ model: 'claude-opus-5-5', ...chat });

const weather = {
  name: 'get_weather',
  description: 'The weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};

describe('a chat completion for Anthropic', () => {
  it('is a message request', () => {
    const chat = {
      model: 'claude-haiku-4-5',
      max_completion_tokens: 1_024,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello, world' },
      ],
      temperature: 0.3,
      stop: 'END',
      stream: true,
      stream_options: { include_usage: true },
      user: 'customer-7',
      seed: 1,
      logit_bias: { 50256: -100 },
      frequency_penalty: 1,
      store: true,
    };
    expect(messagesRequest(chat)).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 1_024,
      system: 'Be brief.',
      messages: [{ role: 'user', content: 'Hello, world' }],
      temperature: 0.3,
      stop_sequences: ['END'],
      stream: true,
      metadata: { user_id: 'customer-7' },
    });
  });

  it('has its images and files as sources', () => {
    const content = [
      { type: 'text', text: 'What is in these?' },
      { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,/9j/4AAQ', detail: 'high' } },
      // BoundaryML/baml#1292, anotherai-dev/anotherai#457
      { type: 'image_url', image_url: { url: 'data:image/jpg;base64,/9j/4AAQ' } },
      { type: 'image_url', image_url: { url: 'https://example.com/ant.png' } },
      { type: 'file', file: { filename: 'report.pdf', file_data: 'data:application/pdf;base64,JVBERi0x' } },
      { type: 'file', file: { file_data: 'data:text/plain;charset=utf-8;base64,w6k=' } },
      // posit-dev/chatlas, tests/_vcr/test_provider_openai/test_openai_document.yaml
      { type: 'file', file: { filename: 'a.csv', file_data: 'data:text/csv;base64,YSxi' } },
    ];
    expect(translate({ messages: [{ role: 'user', content }] })['messages']).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is in these?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/4AAQ' } },
          { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: '/9j/4AAQ' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/ant.png' } },
          {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0x' },
            title: 'report.pdf',
          },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'é' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' }, title: 'a.csv' },
        ],
      },
    ]);
  });

  it('has calls and results of tools as blocks, all results of a turn in one message', () => {
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'get_weather', arguments: args },
    });
    const messages = [
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: 'Let me see.',
        tool_calls: [call('call_1', '{"city":"Bern"}'), call('x.y:2', '{"city"')],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '7 °C' },
      {
        role: 'tool',
        tool_call_id: 'x.y:2',
        content: [
          { type: 'text', text: 'A map' },
          { type: 'image_url', image_url: { url: 'https://example.com/map.png' } },
        ],
      },
      { role: 'user', content: 'And?' },
    ];
    expect(translate({ messages })['messages']).toEqual([
      { role: 'user', content: 'Weather?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see.' },
          { type: 'tool_use', id: 'call_1', name: 'get_weather', input: { city: 'Bern' } },
          { type: 'tool_use', id: 'x_y_2', name: 'get_weather', input: { INVALID_JSON: '{"city"' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: '7 °C' },
          {
            type: 'tool_result',
            tool_use_id: 'x_y_2',
            content: [
              { type: 'text', text: 'A map' },
              { type: 'image', source: { type: 'url', url: 'https://example.com/map.png' } },
            ],
          },
          { type: 'text', text: 'And?' },
        ],
      },
    ]);
  });

  it.each([
    ['an empty list for no arguments, as R and PHP write them', '[]', {}],
    ['arguments that are an object already', { a: 1 }, { a: 1 }],
  ])('takes %s', (_, args, input) => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: args } };
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: '1' },
    ];
    const [, said] = translate({ messages })['messages'] as JsonObject[];
    expect(said?.['content']).toEqual([{ type: 'tool_use', id: 'a', name: 'f', input }]);
  });

  it('keeps marks for the cache wherever they stand', () => {
    const mark = { type: 'ephemeral', ttl: '1h' };
    const chat = {
      cache_control: { type: 'ephemeral' },
      tools: [{ type: 'function', function: weather, cache_control: mark }],
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Long.', cache_control: mark }] },
        { role: 'user', content: 'Hi', cache_control: mark },
      ],
    };
    expect(translate(chat)).toMatchObject({
      cache_control: { type: 'ephemeral' },
      tools: [{ name: 'get_weather', cache_control: mark }],
      system: [{ type: 'text', text: 'Long.', cache_control: mark }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: mark }] }],
    });
  });

  it('says what it says once: nothing empty, nothing null', () => {
    const messages = [
      HI,
      { role: 'assistant', content: '' },
      { role: 'user', content: ' \n' },
      { role: 'user', content: [{ type: 'text', text: 'there' }] },
    ];
    expect(translate({ messages, temperature: null, stop: null, tools: null, n: null, stream: false })).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 100,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'text', text: 'there' },
          ],
        },
      ],
    });
  });
});

describe('the answer’s form', () => {
  const schema = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };

  it('by a schema is a structured output', () => {
    const format = { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } };
    expect(translate({ response_format: format })['output_config']).toEqual({
      format: { type: 'json_schema', schema: { ...schema, additionalProperties: false } },
    });
  });

  it('of JSON alone is asked for in the instructions', () => {
    const messages = [{ role: 'system', content: 'Be brief.' }, HI];
    const { system } = translate({ messages, response_format: { type: 'json_object' } });
    expect(system).toEqual([
      { type: 'text', text: 'Be brief.' },
      { type: 'text', text: expect.stringContaining('JSON object') },
    ]);
  });

  it('of text is what it is anyway', () => {
    expect(translate({ response_format: { type: 'text' } })).toEqual(translate());
  });
});

describe('sampling', () => {
  it('ends at a temperature of 1', () => expect(translate({ temperature: 1.7 })['temperature']).toBe(1));

  it('is by temperature or top_p, not both', () => {
    expect(translate({ temperature: 0.2, top_p: 0.9, top_k: 5 })).toMatchObject({ temperature: 0.2, top_k: 5 });
    expect(translate({ temperature: 0.2, top_p: 0.9 })).not.toHaveProperty('top_p');
    expect(translate({ top_p: 0.9 })).toMatchObject({ top_p: 0.9 });
  });

  it('is left to models that choose for themselves', () => {
    const sent = current({ temperature: 0.2, top_p: 0.9, top_k: 5 });
    for (const field of ['temperature', 'top_p', 'top_k']) expect(sent).not.toHaveProperty(field);
  });

  it('is left alone while the model thinks', () => {
    expect(translate({ max_tokens: 9_000, reasoning_effort: 'low', temperature: 0.2 })).not.toHaveProperty(
      'temperature',
    );
  });
});

it('an id of a user that tells who it is stays here', () => {
  expect(translate({ user: 'jo@example.com' })).not.toHaveProperty('metadata');
  expect(translate({ metadata: { user_id: 'u1' }, user: 'u2', safety_identifier: 'u3' })['metadata']).toEqual({
    user_id: 'u1',
  });
});
