import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { messageOf } from './answer.js';
import { messagesError } from './errors.js';

const chat = (message: JsonObject, more: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-7',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...more }],
  usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120, prompt_tokens_details: { cached_tokens: 64 } },
});

describe('a chat completion for a client of Anthropic’s API', () => {
  it('is a message', () => {
    expect(messageOf(chat({ content: 'Hello', refusal: null }), {})).toEqual({
      id: 'msg_7',
      type: 'message',
      role: 'assistant',
      model: 'gpt-5',
      content: [{ type: 'text', text: 'Hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        input_tokens: 36,
        cache_read_input_tokens: 64,
        cache_creation_input_tokens: 0,
        cache_creation: null,
        output_tokens: 20,
        output_tokens_details: { thinking_tokens: 0 },
      },
    });
  });

  it('has reasoning, text and calls as blocks', () => {
    const call = (id: string | undefined, args: string | JsonObject) => ({
      id,
      type: 'function',
      function: { name: 'f', arguments: args },
    });
    const message = {
      content: 'Wait.',
      reasoning_content: 'Hm',
      tool_calls: [call('call_1', '{"a":1}'), call(undefined, ''), call('call_3', '{"a"'), call('call_4', { a: 2 })],
    };
    const { content, stop_reason } = messageOf(chat(message, { finish_reason: 'tool_calls' }), {});
    expect(stop_reason).toBe('tool_use');
    expect(content).toEqual([
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'text', text: 'Wait.' },
      { type: 'tool_use', id: 'call_1', name: 'f', input: { a: 1 } },
      { type: 'tool_use', id: 'toolu_chatcmpl-7_1', name: 'f', input: {} },
      { type: 'tool_use', id: 'call_3', name: 'f', input: { INVALID_JSON: '{"a"' } },
      { type: 'tool_use', id: 'call_4', name: 'f', input: { a: 2 } },
    ]);
  });

  it('cites what its text cites', () => {
    const annotations = [
      { type: 'file', file: { hash: 'x' } },
      { type: 'url_citation', url_citation: { url: 'https://a.b/1', title: 'A', content: 'Said', start_index: 0 } },
      { type: 'url_citation', url_citation: { url: 'https://a.b/2' } },
    ];
    const cited = { type: 'web_search_result_location', encrypted_index: '' };
    expect(messageOf(chat({ content: 'Hello', annotations }), {})['content']).toEqual([
      {
        type: 'text',
        text: 'Hello',
        citations: [
          { ...cited, cited_text: 'Said', url: 'https://a.b/1', title: 'A' },
          { ...cited, cited_text: '', url: 'https://a.b/2', title: null },
        ],
      },
    ]);
  });

  it('has the calls of every choice: GitHub Copilot has one for the text and one for the calls of a Claude model', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } });
    const choices = [{ content: 'Wait.' }, { tool_calls: [call('1')] }, { content: null, tool_calls: [call('2')] }].map(
      (message) => ({ message: { role: 'assistant', ...message }, finish_reason: 'tool_calls' }),
    );
    const { content, stop_reason } = messageOf({ ...chat({}), choices }, {});
    expect(stop_reason).toBe('tool_use');
    const block = { type: 'tool_use', name: 'f', input: { a: 1 } };
    expect(content).toEqual([
      { type: 'text', text: 'Wait.' },
      { ...block, id: '1' },
      { ...block, id: '2' },
    ]);
  });

  it('hides the signature of Gemini’s calls in their ids, which come back', () => {
    const call = { id: 'call_1', function: { name: 'f' }, extra_content: { google: { thought_signature: 'c2ln' } } };
    expect(messageOf(chat({ tool_calls: [call] }), {})['content']).toMatchObject([{ id: 'call_1__thought__c2ln' }]);
  });

  it('shows no reasoning to a client that turned thinking off', () => {
    const message = { content: 'Yes', reasoning: 'Hm' };
    expect(messageOf(chat(message), { thinking: { type: 'disabled' } })['content']).toEqual([
      { type: 'text', text: 'Yes' },
    ]);
    expect(messageOf(chat(message), {})['content']).toHaveLength(2);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['at its own end', { finish_reason: 'stop' }, { stop_reason: 'end_turn', stop_sequence: null }],
    [
      'at a sequence',
      { finish_reason: 'stop', stop_reason: 'END' },
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    ],
    [
      'at a stop sequence of SGLang’s',
      { finish_reason: 'stop', matched_stop: 'END' },
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
    ],
    ['at a token of SGLang’s', { finish_reason: 'stop', matched_stop: 2 }, { stop_reason: 'end_turn' }],
    ['at the cap', { finish_reason: 'length' }, { stop_reason: 'max_tokens' }],
    ['as with a call, where there is none', { finish_reason: 'tool_calls' }, { stop_reason: 'end_turn' }],
    ['by a filter', { finish_reason: 'content_filter' }, { stop_reason: 'refusal' }],
    ['by Zhipu’s filter', { finish_reason: 'sensitive' }, { stop_reason: 'refusal' }],
    ['at the end of the window', { finish_reason: 'model_context_window_exceeded' }, { stop_reason: 'max_tokens' }],
    ['at the end of Mistral’s window', { finish_reason: 'model_length' }, { stop_reason: 'max_tokens' }],
    ['at Google’s cap', { finish_reason: 'MAX_TOKENS' }, { stop_reason: 'max_tokens' }],
    ['at Google’s own end', { finish_reason: 'STOP' }, { stop_reason: 'end_turn' }],
    ['by Google’s filter', { finish_reason: 'PROHIBITED_CONTENT' }, { stop_reason: 'refusal' }],
    [
      'by a broken call of Gemini’s',
      { finish_reason: 'function_call_filter: MALFORMED_FUNCTION_CALL' },
      { stop_reason: 'refusal' },
    ],
    ['for a reason yet unknown', { finish_reason: 'toString' }, { stop_reason: 'end_turn' }],
  ])('ends %s', (_, more, expected) => expect(messageOf(chat({ content: '' }, more), {})).toMatchObject(expected));

  it.each(['stop', 'tool_calls', 'function_call', null])(
    'ends with a call, when the provider says %s',
    (finish_reason) => {
      const tool_calls = [{ id: 'call_1', function: { name: 'f', arguments: '{}' } }];
      expect(messageOf(chat({ tool_calls }, { finish_reason }), {})['stop_reason']).toBe('tool_use');
      expect(messageOf(chat({ tool_calls }, { finish_reason: 'length' }), {})['stop_reason']).toBe('max_tokens');
    },
  );

  it('whose content is parts, as Mistral has it, has them as blocks', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: '6 times 7.' }] };
    const content = [
      thinking,
      { type: 'text', text: '4' },
      { type: 'reference', reference_ids: [1] },
      { type: 'text', text: '2' },
    ];
    expect(messageOf(chat({ content }), {})['content']).toEqual([
      { type: 'thinking', thinking: '6 times 7.', signature: '' },
      { type: 'text', text: '42' },
    ]);
  });

  it.each<[string, JsonObject]>([
    ['GitHub Copilot', { reasoning_text: 'Hm', reasoning_opaque: 'abc', content: '42' }],
    ['Envoy', { reasoning_content: { text: 'Hm', signature: 'abc' }, content: '42' }],
    ['MiniMax', { reasoning_details: [{ type: 'reasoning.text', id: 'r1', index: 0, text: 'Hm' }], content: '42' }],
    [
      'Databricks',
      {
        content: [
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm', signature: 'abc' }] },
          { type: 'text', text: '42' },
        ],
      },
    ],
    [
      'Databricks, as text',
      {
        content: [
          { type: 'reasoning', text: 'Hm' },
          { type: 'text', text: '42' },
        ],
      },
    ],
  ])('has the thoughts that %s tells in its own way', (_maker, message) => {
    expect(messageOf(chat(message), {})['content']).toEqual([
      { type: 'thinking', thinking: 'Hm', signature: '' },
      { type: 'text', text: '42' },
    ]);
  });

  it('has no text that is white space beside calls', () => {
    const tool_calls = [{ id: 'call_1', function: { name: 'f', arguments: '{}' } }];
    expect(messageOf(chat({ content: '\n', tool_calls }), {})['content']).toMatchObject([{ type: 'tool_use' }]);
    expect(messageOf(chat({ content: '\n' }), {})['content']).toEqual([{ type: 'text', text: '\n' }]);
  });

  it('that declines says so', () => {
    expect(messageOf(chat({ content: null, refusal: 'I can’t.' }), {})).toMatchObject({
      content: [{ type: 'text', text: 'I can’t.' }],
      stop_reason: 'refusal',
    });
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      'DeepSeek',
      { prompt_tokens: 10, prompt_cache_hit_tokens: 4, completion_tokens: 1 },
      { input_tokens: 6, cache_read_input_tokens: 4 },
    ],
    [
      'Moonshot',
      { prompt_tokens: 10, cached_tokens: 4, completion_tokens: 1 },
      { input_tokens: 6, cache_read_input_tokens: 4 },
    ],
    ['nobody', {}, { input_tokens: 0, output_tokens: 0 }],
  ])('counts the cache as %s reports it', (_, usage, expected) => {
    expect(messageOf({ ...chat({}), usage }, {})['usage']).toMatchObject(expected);
  });
});

it.each([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'invalid_request_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [502, 'api_error'],
  [503, 'overloaded_error'],
  [504, 'timeout_error'],
])('an error of status %d is of type %s', (status, type) => {
  const body = { error: { message: 'It failed.', type: 'x', param: null, code: 'x' } };
  expect(messagesError(status, body)).toEqual({ type: 'error', error: { type, message: 'It failed.' } });
});
