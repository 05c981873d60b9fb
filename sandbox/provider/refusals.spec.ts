// What each maker refuses, the sandbox refuses, in its words: what is translated wrongly must not look right here.
import { describe, expect, it } from 'vitest';
import { readRequest as readMessages } from './anthropic/request.js';
import { readRequest as readContent } from './gemini/request.js';
import { parseChatRequest } from './openai/chat-request.js';

const HI = { role: 'user', content: 'Hi' };
const openai = (fields: object) => parseChatRequest({ model: 'gpt-4o', messages: [HI], ...fields });
const anthropic = (fields: object) =>
  readMessages({ model: 'claude-haiku-4-5', max_tokens: 2_000, messages: [HI], ...fields });

const schema = (fields: object = {}) => ({
  type: 'object',
  properties: { a: { type: 'string' }, b: { type: 'string' } },
  required: ['a', 'b'],
  additionalProperties: false,
  ...fields,
});
const f = (parameters: object, more: object = {}) => ({
  tools: [{ type: 'function', function: { name: 'f', parameters, ...more } }],
});
const format = (one: object) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: one, strict: true } },
});
const calling = (id: string) => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'f', arguments: '{}' } }],
});
const result = (id: string) => ({ role: 'tool', tool_call_id: id, content: '1' });

const of = (model: string, more: object = {}) => ({
  model,
  messages: [HI, { ...calling('call_1'), ...more }, result('call_1')],
});

describe('OpenAI', () => {
  it.each<[string, object, string]>([
    [
      'an optional property of a strict answer',
      format(schema({ required: ['a'] })),
      "response_format 'answer': In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.",
    ],
    [
      'an open object in a strict answer',
      format(schema({ properties: { a: { type: 'object' }, b: {} } })),
      "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
    ],
    ['a keyword beyond its subset', format(schema({ allOf: [] })), "'allOf' is not permitted."],
    [
      'an optional property of a strict tool',
      f(schema({ required: [] }), { strict: true }),
      "function 'f': In context=(), 'required'",
    ],
    ['a tool without properties', f({ type: 'object' }), 'object schema missing properties.'],
    [
      'a list whose items are not described',
      f(schema({ properties: { a: { type: 'array' } } })),
      "Invalid schema for function 'f': In context=('properties', 'a'), array schema missing items.",
    ],
    [
      'a long name of a tool',
      f(schema(), { name: 'f'.repeat(65) }),
      "Invalid 'tools[0].function.name': string too long.",
    ],
    [
      'a call of Kimi without its thoughts',
      of('kimi-k3', { reasoning_content: '' }),
      'thinking is enabled but reasoning_content is missing in assistant tool call message at index 1',
    ],
    ['one of DeepSeek', of('deepseek-v4-pro'), 'The `reasoning_content` in the thinking mode must be passed back'],
    ['an odd name of a tool', f(schema(), { name: 'a.b' }), 'string does not match pattern.'],
    [
      'a long id of a call',
      { messages: [HI, calling('x'.repeat(41)), result('x'.repeat(41))] },
      'Expected a string with maximum length 40, but got a string with length 41 instead.',
    ],
    [
      'instructions within a conversation with Qwen',
      { model: 'qwen3.8-max', messages: [HI, { role: 'system', content: 'x' }] },
      'System message must be at the beginning.',
    ],
    [
      'the user after a result of Mistral’s',
      { model: 'mistral-large-latest', messages: [HI, calling('c'), result('c'), HI] },
      "Unexpected role 'user' after role 'tool'",
    ],
    [
      'instructions at the end for Mistral',
      { model: 'mistral-large-latest', messages: [HI, { role: 'system', content: 'x' }] },
      'Expected last role User or Tool',
    ],
    [
      'a developer’s message to DeepSeek',
      { model: 'deepseek-v4-pro', messages: [{ role: 'developer', content: 'x' }, HI] },
      'messages[0].role: unknown variant `developer`',
    ],
    [
      'functions where a model reasons',
      { model: 'gpt-6-sol', ...f(schema()) },
      "use /v1/responses or set reasoning_effort to 'none'",
    ],
    [
      'functions where a model always reasons',
      { model: 'gpt-6.2-astra', reasoning_effort: 'none', ...f(schema()) },
      'not supported for gpt-6.2-astra in /v1/chat/completions. Please use /v1/responses instead.',
    ],
    [
      'a chat where a model answers in responses alone',
      { model: 'gpt-5.5-pro' },
      'This model is only supported in v1/responses and not in v1/chat/completions.',
    ],
    ['a result without a call', { messages: [HI, result('c')] }, "messages with role 'tool' must be a response"],
    ['a call without a result', { messages: [HI, calling('c'), HI] }, 'did not have response messages: c'],
    ['a message without content', { messages: [HI, { role: 'assistant', content: null }, HI] }, 'content'],
    ['content of no parts', { messages: [{ role: 'user', content: [] }] }, 'empty array'],
    [
      'a field it does not know',
      { messages: [HI, { role: 'assistant', content: 'x', reasoning_content: 'y' }] },
      "Unknown parameter: 'messages[1].reasoning_content'.",
    ],
    [
      'the older cap where a model thinks',
      { model: 'gpt-5', max_tokens: 5 },
      "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ],
    [
      'a temperature where a model thinks',
      { model: 'gpt-5', temperature: 0.2 },
      "'temperature' does not support 0.2 with this model.",
    ],
    ['a stop where a model thinks', { model: 'o4-mini', stop: ['x'] }, "'stop' is not supported with this model."],
  ])('refuses %s', (_, fields, words) => expect(() => openai(fields)).toThrow(words));

  it.each<[string, object]>([
    ['an optional property that is not promised', { ...f(schema({ required: [] })) }],
    ['functions where it does not', { model: 'gpt-6-sol', reasoning_effort: 'none', ...f(schema()) }],
    ['a call of Kimi with its thoughts', of('kimi-k3', { reasoning_content: ' ' })],
    ['a call of DeepSeek that thought of nothing', of('deepseek-v4-pro', { reasoning_content: '' })],
    ['a call of who does not think', { ...of('kimi-k3'), thinking: { type: 'disabled' } }],
    ['a strict answer within its subset', format(schema())],
    [
      'reasoning that comes back to another maker',
      { model: 'deepseek-v4', messages: [HI, { role: 'assistant', content: 'x', reasoning_content: 'y' }] },
    ],
    ['calls and their results', { messages: [HI, calling('c'), result('c')] }],
    ['the default temperature where a model thinks', { model: 'gpt-5', temperature: 1, max_completion_tokens: 5 }],
  ])('takes %s', (_, fields) => expect(openai(fields)).toBeDefined());
});

describe('Anthropic', () => {
  const prefill = (content: unknown) => ({ messages: [HI, { role: 'assistant', content }] });
  const use = { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }] };
  const told = { type: 'tool_result', tool_use_id: 't', content: '1' };
  const tools = [{ name: 'f', input_schema: { type: 'object' } }];
  it.each<[string, object, string]>([
    [
      'white space at the end of a prefill',
      prefill('Answer: '),
      'messages: final assistant content cannot end with trailing whitespace',
    ],
    [
      'an image of no registered type',
      {
        messages: [
          {
            role: 'user',
            content: [{ type: 'image', source: { type: 'base64', media_type: 'image/jpg', data: '/9j/' } }],
          },
        ],
      },
      "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg'",
    ],
    ['the same in a block', prefill([{ type: 'text', text: 'Answer:\n' }]), 'trailing whitespace'],
    [
      'a prefill of a recent model',
      { model: 'claude-opus-4-6', ...prefill('A') },
      'does not support assistant message prefill',
    ],
    [
      'an empty text',
      { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      'text content blocks must be non-empty',
    ],
    ['a text of white space', { system: ' ' }, 'system: text content blocks must contain non-whitespace text'],
    [
      'a message of nothing',
      { messages: [HI, { role: 'assistant', content: [] }, HI] },
      'messages.1: all messages must have non-empty content',
    ],
    [
      'results after words',
      { messages: [HI, use, { role: 'user', content: [{ type: 'text', text: 'x' }, told] }] },
      'must come before',
    ],
    [
      'instructions within a conversation with an older model',
      { messages: [HI, { role: 'system', content: 'x' }] },
      "role 'system' is not supported on this model",
    ],
    [
      'instructions before the user',
      { model: 'claude-opus-5-5', messages: [HI, { role: 'system', content: 'x' }, HI] },
      "messages.1: role 'system' must precede an 'assistant' message or end the array",
    ],
    ['temperature and top_p at once', { temperature: 0.5, top_p: 0.5 }, 'cannot both be specified'],
    [
      'temperature while it thinks',
      { thinking: { type: 'enabled', budget_tokens: 1_024 }, temperature: 0.5 },
      'may only be set to 1 when thinking is enabled',
    ],
    [
      'any temperature of a recent model',
      { model: 'claude-opus-4-7', temperature: 1 },
      '`temperature` is deprecated for this model.',
    ],
    [
      'a forced call of a recent model',
      { model: 'claude-opus-5-5', tools, tool_choice: { type: 'any' } },
      'forced tool use is not supported',
    ],
    [
      'turning thinking off where it can’t be',
      { model: 'claude-opus-5-5', thinking: { type: 'disabled' } },
      '"thinking.type.disabled" is not supported for this model.',
    ],
    ['an odd name of a tool', { tools: [{ name: 'a.b', input_schema: {} }] }, 'String should match pattern'],
    [
      'an open object in an answer’s schema',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      "'additionalProperties' must be explicitly set to false",
    ],
    [
      'a bound in a strict tool',
      {
        tools: [
          { name: 'f', strict: true, input_schema: schema({ properties: { a: { type: 'integer', minimum: 1 } } }) },
        ],
      },
      "For 'integer' type, properties minimum are not supported",
    ],
  ])('refuses %s', (_, fields, words) => expect(() => anthropic(fields)).toThrow(words));

  it.each<[string, object]>([
    ['a prefill', prefill('Answer:')],
    ['a forced call', { tools, tool_choice: { type: 'any' } }],
    ['instructions after the user', { model: 'claude-opus-5-5', messages: [HI, { role: 'system', content: 'x' }] }],
    ['words after results', { messages: [HI, use, { role: 'user', content: [told, { type: 'text', text: 'x' }] }] }],
  ])('takes %s', (_, fields) => expect(anthropic(fields)).toBeDefined());
});

describe('Gemini', () => {
  const text = { role: 'user', parts: [{ text: 'Hi' }] };
  const call = { role: 'model', parts: [{ functionCall: { name: 'f', args: {} } }] };
  const told = { role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] };
  const gemini = (fields: object, model = 'gemini-2.5-flash') =>
    readContent({ contents: [text], ...fields }, model, false);
  it.each<[string, object, string]>([
    [
      'a call after words of its own',
      { contents: [text, { role: 'model', parts: [{ text: 'x' }] }, call, told] },
      'function call turn comes immediately after a user turn',
    ],
    [
      'an image of no registered type',
      { contents: [{ role: 'user', parts: [{ inlineData: { mimeType: 'image/jpg', data: '/9j/' } }] }] },
      'Unsupported MIME type: image/jpg',
    ],
    ['an odd name of a function', { tools: [{ functionDeclarations: [{ name: '1st' }] }] }, 'Invalid function name.'],
    [
      'something beside a reference',
      {
        generationConfig: {
          responseMimeType: 'application/json',
          responseJsonSchema: {
            properties: { a: { items: { $ref: '#/$defs/A', description: 'x' } } },
            $defs: { A: { type: 'string' } },
          },
        },
      },
      "schema at properties.a.items can only contain properties starting with '$' when $ref is present",
    ],
    [
      'a reference to nothing',
      {
        tools: [
          {
            functionDeclarations: [
              { name: 'f', parametersJsonSchema: { properties: { a: { anyOf: [{ $ref: '#/definitions/A' }] } } } },
            ],
          },
        ],
      },
      'reference to undefined schema at properties.a.anyOf.0',
    ],
    [
      'a budget and a level',
      { generationConfig: { thinkingConfig: { thinkingBudget: 5, thinkingLevel: 'low' } } },
      'only one of thinking budget and thinking level',
    ],
  ])('refuses %s', (_, fields, words) => expect(() => gemini(fields)).toThrow(words));

  it('refuses to stop thinking where a model can’t', () => {
    const generationConfig = { thinkingConfig: { thinkingBudget: 0 } };
    expect(() => gemini({ generationConfig }, 'gemini-2.5-pro')).toThrow('only works in thinking mode');
    expect(gemini({ generationConfig })).toBeDefined();
  });
});
