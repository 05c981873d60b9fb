import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { chatCompletion } from './answer.js';

const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'claude' };
const message = (more: JsonObject = {}): JsonObject => ({
  id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-5',
  content: [{ type: 'text', text: 'Hi! My name is Claude.', citations: null }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 2_095, output_tokens: 503 },
  ...more,
});
const choiceOf = (more: JsonObject): JsonObject =>
  (chatCompletion(message(more), CONTEXT).body['choices'] as readonly [JsonObject])[0];

describe('an answer of Anthropic’s', () => {
  it('is a chat completion', () => {
    expect(chatCompletion(message(), CONTEXT)).toEqual({
      usage: { input_tokens: 2_095, output_tokens: 503 },
      body: {
        id: 'chatcmpl-1',
        object: 'chat.completion',
        created: 1_790_000_000,
        model: 'claude',
        choices: [
          {
            index: 0,
            message: { role: 'assistant', content: 'Hi! My name is Claude.', refusal: null },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: {
          prompt_tokens: 2_095,
          completion_tokens: 503,
          total_tokens: 2_598,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      },
    });
  });

  it('with thinking and calls has them beside its text', () => {
    const content = [
      { type: 'thinking', thinking: 'Which city?', signature: 'EqQB' },
      { type: 'redacted_thinking', data: 'EmwK' },
      { type: 'text', text: 'Let me ' },
      { type: 'text', text: 'see.' },
      { type: 'tool_use', id: 'toolu_01A', name: 'get_weather', input: { city: 'Bern' } },
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
    ];
    expect(choiceOf({ content, stop_reason: 'tool_use' })).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'Let me see.',
        reasoning_content: 'Which city?',
        reasoning_details: [
          { type: 'reasoning.text', text: 'Which city?', signature: 'EqQB', format: 'anthropic-claude-v1', index: 0 },
          { type: 'reasoning.encrypted', data: 'EmwK', format: 'anthropic-claude-v1', index: 1 },
        ],
        tool_calls: [
          { id: 'toolu_01A', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Bern"}' } },
        ],
      },
    });
  });

  it('of calls alone has no content', () => {
    const content = [{ type: 'tool_use', id: 'toolu_01A', name: 'now', input: {} }];
    expect(choiceOf({ content })['message']).toMatchObject({ content: null });
    expect(choiceOf({ content: [] })['message']).toMatchObject({ content: '' });
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['at its own end', { stop_reason: 'end_turn' }, { finish_reason: 'stop' }],
    [
      'at a sequence',
      { stop_reason: 'stop_sequence', stop_sequence: 'END' },
      { finish_reason: 'stop', stop_reason: 'END' },
    ],
    ['at the cap', { stop_reason: 'max_tokens' }, { finish_reason: 'length' }],
    ['at the end of the window', { stop_reason: 'model_context_window_exceeded' }, { finish_reason: 'length' }],
    ['with a call', { stop_reason: 'tool_use' }, { finish_reason: 'tool_calls' }],
    ['at a pause', { stop_reason: 'pause_turn' }, { finish_reason: 'stop' }],
    ['for a reason yet unknown', { stop_reason: 'constructor' }, { finish_reason: 'stop' }],
    ['by declining', { stop_reason: 'refusal' }, { finish_reason: 'content_filter', message: { refusal: null } }],
    [
      'by declining, and says why',
      { stop_reason: 'refusal', stop_details: { type: 'refusal', category: 'cyber', explanation: 'No exploits.' } },
      { finish_reason: 'content_filter', message: { refusal: 'No exploits.' } },
    ],
  ])('ends %s', (_, more, expected) => expect(choiceOf(more)).toMatchObject(expected));

  it('without usage, or with impossible usage, tells the client none', () => {
    const { usage: _none, ...without } = message();
    expect(chatCompletion(without, CONTEXT)).toMatchObject({ usage: undefined });
    expect(chatCompletion(without, CONTEXT).body).not.toHaveProperty('usage');
    const impossible = { input_tokens: -1, output_tokens: 1 };
    const { body, usage } = chatCompletion(message({ usage: impossible }), CONTEXT);
    expect(usage).toEqual(impossible);
    expect(body).not.toHaveProperty('usage');
  });

  it('that is none is refused', () => {
    const error = { type: 'error', error: { type: 'api_error', message: 'Internal server error' } };
    expect(() => chatCompletion(error, CONTEXT)).toThrow(Untranslatable);
  });
});
