import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../../kernel/index.js';
import { messagesRequest } from './request.js';

const translate = (chat: JsonObject = {}) =>
  messagesRequest({ model: 'claude-haiku-4-5', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }], ...chat });

const weather = {
  name: 'get_weather',
  description: 'The weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
};
const tools = [{ type: 'function', function: weather }];

describe('tools', () => {
  it('are defined by name and schema', () => {
    expect(translate({ tools: [...tools, { type: 'function', function: { name: 'now' } }] })['tools']).toEqual([
      { name: 'get_weather', description: 'The weather', input_schema: weather.parameters },
      { name: 'now', input_schema: { type: 'object', properties: {} } },
    ]);
  });

  it('that are strict have a schema that Anthropic takes', () => {
    const parameters = {
      type: 'object',
      properties: { n: { type: 'integer', minimum: 1, description: 'How many' } },
      required: ['n'],
    };
    expect(
      translate({ tools: [{ type: 'function', function: { name: 'f', strict: true, parameters } }] })['tools'],
    ).toEqual([
      {
        name: 'f',
        strict: true,
        input_schema: {
          type: 'object',
          properties: { n: { type: 'integer', description: 'How many\n\n{minimum: 1}' } },
          required: ['n'],
          additionalProperties: false,
        },
      },
    ]);
  });

  it.each<[string, JsonValue, JsonObject | undefined]>([
    ['freely', 'auto', undefined],
    ['not at all', 'none', { type: 'none' }],
    ['at least one', 'required', { type: 'any' }],
    ['by name', { type: 'function', function: { name: 'get_weather' } }, { type: 'tool', name: 'get_weather' }],
  ])('are chosen %s', (_, choice, expected) => {
    expect(translate({ tools, tool_choice: choice })['tool_choice']).toEqual(expected);
  });

  it('are called one at a time when asked', () => {
    expect(translate({ tools, parallel_tool_calls: false })['tool_choice']).toEqual({
      type: 'auto',
      disable_parallel_tool_use: true,
    });
    const required = translate({ tools, parallel_tool_calls: false, tool_choice: 'required' });
    expect(required['tool_choice']).toEqual({ type: 'any', disable_parallel_tool_use: true });
    expect(translate({ tools, parallel_tool_calls: false, tool_choice: 'none' })['tool_choice']).toEqual({
      type: 'none',
    });
  });

  it('that there are none of can’t be chosen', () => {
    expect(translate({ tools: [], tool_choice: 'required', parallel_tool_calls: false })).not.toHaveProperty(
      'tool_choice',
    );
  });
});
