import { describe, expect, it } from 'vitest';
import { chat, configOf, context, hello, refusalOf } from '../../../../test/support/proxy/wire/gemini.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { gemini } from './index.js';

const tool = (name: string, more: JsonObject = {}): JsonObject => ({ type: 'function', function: { name, ...more } });

describe('tools', () => {
  it('become function declarations with their schemas', () => {
    const parameters = { type: 'object', properties: { unit: { const: 'C' }, const: { anyOf: [{ const: 1 }] } } };
    const request = gemini.request(chat({ tools: [tool('weather', { description: 'Tells it.', parameters })] }));
    expect(request['tools']).toEqual([
      {
        functionDeclarations: [
          {
            name: 'weather',
            description: 'Tells it.',
            parametersJsonSchema: {
              type: 'object',
              properties: { unit: { enum: ['C'] }, const: { anyOf: [{ enum: [1] }] } },
            },
          },
        ],
      },
    ]);
    expect(request).not.toHaveProperty('toolConfig');
  });

  it.each<[JsonValue, JsonObject | undefined]>([
    ['auto', undefined],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    // Mistral's word, which OpenRouter takes for Gemini: recorded in activeagents/activeagent.
    ['any', { mode: 'ANY' }],
    [tool('a'), { mode: 'ANY', allowedFunctionNames: ['a'] }],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tool('a')] } },
      { mode: 'VALIDATED', allowedFunctionNames: ['a'] },
    ],
    [
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool('a'), tool('b')] } },
      { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
    ],
  ])('are chosen from as %j says', (choice, expected) => {
    const request = gemini.request(chat({ tools: [tool('a'), tool('b')], tool_choice: choice }));
    expect(request['toolConfig']).toEqual(expected && { functionCallingConfig: expected });
  });

  // Of Mistral's client, as recorded in pydantic/pydantic-ai.
  it('without a type are functions', () => {
    const { type: _type, ...untyped } = tool('a');
    expect(gemini.request(chat({ tools: [untyped], tool_choice: untyped }))).toEqual(
      gemini.request(chat({ tools: [tool('a')], tool_choice: tool('a') })),
    );
  });

  it('that are strict are validated', () => {
    const request = gemini.request(chat({ tools: [tool('a', { strict: true })] }));
    expect(request['toolConfig']).toEqual({ functionCallingConfig: { mode: 'VALIDATED' } });
  });

  it.each<[string, JsonObject, string]>([
    ['of Google’s own are out of reach', { tools: [{ googleSearch: {} }] }, 'tools[0]'],
    ['of Google’s own are out of reach beside others', { tools: [tool('a'), { codeExecution: {} }] }, 'tools[1]'],
    ['of OpenAI’s own are out of reach', { tools: [{ type: 'web_search' }] }, 'tools[0]'],
    ['without JSON are refused', { tools: [{ type: 'custom', custom: { name: 'a' } }] }, 'tools[0]'],
    ['are not chosen by an unknown word', { tools: [tool('a')], tool_choice: 'some' }, 'tool_choice'],
  ])('%s', (_case, more, param) => expect(refusalOf(more).param).toBe(param));

  it.each([
    ['1mcp_read', '_1mcp_read'],
    ['-1', '_-1'],
    ['_1mcp_read', '__1mcp_read'],
    ['_read', '_read'],
    ['read-1', 'read-1'],
    // Gemini takes 64 characters, and so does OpenAI.
    [`1${'x'.repeat(63)}`, expect.stringMatching(/^_1x{49}_[a-zA-Z\d]{12}$/) as string],
    [`a${'x'.repeat(63)}`, `a${'x'.repeat(63)}`],
  ])('are named as Gemini takes it: %s as %s, and called by their own names', (name, theirs) => {
    const called = { id: 'a', type: 'function', function: { name, arguments: '{}' } };
    const messages = [
      hello,
      { role: 'assistant', tool_calls: [called] },
      { role: 'tool', tool_call_id: 'a', content: '1' },
    ];
    const tool_choice = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [tool(name)] } };
    expect(gemini.request(chat({ messages, tools: [tool(name)], tool_choice }))).toMatchObject({
      contents: [
        {},
        { parts: [{ functionCall: { name: theirs } }] },
        { parts: [{ functionResponse: { name: theirs } }] },
      ],
      tools: [{ functionDeclarations: [{ name: theirs }] }],
      toolConfig: { functionCallingConfig: { allowedFunctionNames: [theirs] } },
    });
    const choice = gemini.request(chat({ tools: [tool(name)], tool_choice: tool(name) }));
    expect(choice['toolConfig']).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [theirs] } });
    const [
      {
        functionDeclarations: [declared],
      },
    ] = choice['tools'] as [{ functionDeclarations: JsonObject[] }];
    const content = { role: 'model', parts: [{ functionCall: { name: declared?.['name'] ?? null, args: {} } }] };
    const event = { candidates: [{ content, finishReason: 'STOP' }] };
    const names = gemini.names?.(chat({ tools: [tool(name)] }));
    const { body } = gemini.answer(event, { ...context, names });
    expect(body).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { name } }] } }] });
    const streamed = gemini.stream({ ...context, names }, { includeUsage: false }).push(JSON.stringify(event));
    expect(streamed).toContain(`"name":"${name}"`);
  });

  it('may hold Google’s own under another field, which changes nothing', () => {
    const tools = [{ ...tool('a'), googleSearch: {} }];
    expect(gemini.request(chat({ tools }))['tools']).toEqual([{ functionDeclarations: [{ name: 'a' }] }]);
  });
});

describe('the format of an answer', () => {
  it('may be JSON', () => {
    expect(configOf({ response_format: { type: 'json_object' } })).toMatchObject({
      responseMimeType: 'application/json',
    });
  });

  it('may be JSON of a schema', () => {
    const schema = { type: 'object', properties: { kind: { const: 'a' } }, additionalProperties: false };
    expect(
      configOf({ response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } } }),
    ).toEqual({
      maxOutputTokens: 100,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object', properties: { kind: { enum: ['a'] } }, additionalProperties: false },
    });
  });

  // As pydantic and zod write nested models: https://github.com/pydantic/pydantic-ai/blob/main/tests/test_ref_sibling_wire_contract.py
  it('has nothing beside a reference, which Google refuses, and references to what it knows', () => {
    const schemaOf = (schema: JsonObject) =>
      (configOf({ response_format: { type: 'json_schema', json_schema: { schema } } }) as JsonObject)[
        'responseJsonSchema'
      ];
    const described = { $ref: '#/$defs/Address', description: 'Where', default: null };
    const $defs = { Address: { type: 'object' } };
    expect(
      schemaOf({ type: 'object', properties: { a: described, $ref: { $ref: '#/$defs/Address' } }, $defs }),
    ).toEqual({
      type: 'object',
      properties: {
        a: { anyOf: [{ $ref: '#/$defs/Address' }], description: 'Where', default: null },
        $ref: { $ref: '#/$defs/Address' },
      },
      $defs,
    });
    expect(schemaOf({ $schema: 'draft-07', $ref: '#/definitions/A', definitions: { A: { const: 1 } } })).toEqual({
      $schema: 'draft-07',
      $ref: '#/$defs/A',
      $defs: { A: { enum: [1] } },
    });
  });

  it('is nothing else', () => {
    expect(refusalOf({ response_format: { type: 'grammar' } }).param).toBe('response_format');
    expect(refusalOf({ response_format: { type: 'json_schema' } }).param).toBe('response_format');
  });

  it('is not nested beyond sense', () => {
    let schema: JsonObject = {};
    for (let depth = 0; depth < 20_000; depth++) schema = { items: schema };
    const format = { type: 'json_schema', json_schema: { schema } };
    expect(refusalOf({ response_format: format }).message).toContain('nested');
  });
});

describe('the effort of reasoning', () => {
  it.each<[string, string, JsonObject]>([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }],
    ['gemini-2.5-flash', 'minimal', { thinkingBudget: 1_024, includeThoughts: true }],
    ['gemini-2.5-pro', 'low', { thinkingBudget: 1_024, includeThoughts: true }],
    ['gemini-2.5-pro', 'medium', { thinkingBudget: 8_192, includeThoughts: true }],
    ['gemini-2.5-pro', 'high', { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-3.5-flash', 'none', { thinkingLevel: 'minimal' }],
    ['gemini-3.5-flash', 'minimal', { thinkingLevel: 'minimal', includeThoughts: true }],
    ['gemini-3.8-flash', 'minimal', { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3.5-flash-lite', 'minimal', { thinkingLevel: 'minimal', includeThoughts: true }],
    ['gemini-3.1-pro-preview', 'none', { thinkingLevel: 'low' }],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'medium', includeThoughts: true }],
    ['gemini-flash-latest', 'high', { thinkingLevel: 'high', includeThoughts: true }],
  ])('of %s, %s, is what Google’s own endpoint makes of it', (model, effort, expected) => {
    expect(configOf({ model, reasoning_effort: effort })).toMatchObject({ thinkingConfig: expected });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['gemini-3.8-flash', { reasoning_effort: 'xhigh' }, { thinkingLevel: 'high', includeThoughts: true }],
    ['gemini-3.8-flash', { reasoning: { effort: 'low' } }, { thinkingLevel: 'low', includeThoughts: true }],
    ['gemini-3.8-flash', { reasoning: { enabled: true } }, { includeThoughts: true }],
    ['gemini-3.8-flash', { reasoning: { enabled: false } }, { thinkingLevel: 'low' }],
    ['gemini-3.8-flash', { reasoning: { max_tokens: 10_000 } }, { thinkingLevel: 'medium', includeThoughts: true }],
    ['gemini-3.8-flash', { thinking: { type: 'enabled' } }, { includeThoughts: true }],
    ['gemini-3.8-flash', { thinking: { type: 'disabled' } }, { thinkingLevel: 'low' }],
    [
      'gemini-2.5-flash',
      { reasoning: { max_tokens: 2_000, exclude: true } },
      { thinkingBudget: 2_000, includeThoughts: false },
    ],
    [
      'gemini-2.5-flash',
      { thinking: { type: 'enabled', budget_tokens: 64_000 } },
      { thinkingBudget: 24_576, includeThoughts: true },
    ],
    ['gemini-2.5-flash', { thinking: { type: 'disabled' } }, { thinkingBudget: 0 }],
    ['gemini-2.5-pro', { thinking: { type: 'disabled' } }, { thinkingBudget: 128 }],
  ])('of %s may be asked for by %j', (model, more, thinkingConfig) => {
    expect((configOf({ model, ...more }) as JsonObject)['thinkingConfig']).toEqual(thinkingConfig);
  });

  it('may be said in Google’s own words instead', () => {
    const extra_body = { google: { thinking_config: { thinking_budget: 512, include_thoughts: true } } };
    expect(configOf({ extra_body })).toMatchObject({ thinkingConfig: { thinkingBudget: 512, includeThoughts: true } });
    expect(refusalOf({ extra_body, reasoning_effort: 'low' }).param).toBe('reasoning_effort');
  });

  it.each<[JsonObject, string]>([
    [{ reasoning_effort: 'huge' }, 'reasoning_effort'],
    [{ extra_body: { google: { cached_content: 'cachedContents/1' } } }, 'extra_body.google'],
    [{ extra_body: { tools: [{ googleSearch: {} }] } }, 'extra_body'],
    [{ extra_body: { google: { thinking_config: { tools: [] } } } }, 'extra_body.google.thinking_config'],
  ])('is refused as %j', (more, param) => expect(refusalOf(more).param).toBe(param));
});
