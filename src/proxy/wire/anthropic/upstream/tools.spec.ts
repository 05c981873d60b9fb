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
    ['at least one, in Mistral’s word', 'any', { type: 'any' }],
    ['by name', { type: 'function', function: { name: 'get_weather' } }, { type: 'tool', name: 'get_weather' }],
  ])('are chosen %s', (_, choice, expected) => {
    expect(translate({ tools, tool_choice: choice })['tool_choice']).toEqual(expected);
  });

  // Of Mistral's client, as recorded in pydantic/pydantic-ai.
  it('without a type are functions', () => {
    const untyped = { function: weather };
    expect(translate({ tools: [untyped], tool_choice: untyped })).toEqual(
      translate({ tools, tool_choice: { type: 'function', function: weather } }),
    );
  });

  it.each<[string, JsonObject | undefined]>([
    ['auto', undefined],
    ['required', { type: 'any' }],
  ])('are only those that are allowed, %s', (mode, expected) => {
    const allowed_tools = { mode, tools: [{ type: 'function', function: { name: 'now' } }] };
    const now = { type: 'function', function: { name: 'now' } };
    const request = translate({ tools: [...tools, now], tool_choice: { type: 'allowed_tools', allowed_tools } });
    expect(request['tools']).toEqual([expect.objectContaining({ name: 'now' })]);
    expect(request['tool_choice']).toEqual(expected);
  });

  it.each<JsonObject>([
    { mode: 'auto', tools: [{ type: 'function', function: { name: 'other' } }] },
    { mode: 'auto', tools: [{ type: 'custom', custom: { name: 'get_weather' } }] },
    { mode: 'some', tools },
  ])('are not those that %j allows', (allowed_tools) =>
    expect(() => translate({ tools, tool_choice: { type: 'allowed_tools', allowed_tools } })).toThrow('"tool_choice"'),
  );

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
