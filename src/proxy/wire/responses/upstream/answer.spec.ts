import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { responsesUpstream, Untranslatable } from '../../index.js';

const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'gpt-6-astra' };
const USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 },
  output_tokens: 20,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 120,
};
const part = { type: 'output_text', text: 'It rains.', annotations: [], logprobs: [] };
const answer = (fields: JsonObject) =>
  responsesUpstream.answer({ status: 'completed', error: null, output: [], usage: USAGE, ...fields }, CONTEXT);
const message = (...content: JsonObject[]) => ({ type: 'message', id: 'msg_1', role: 'assistant', content });
const choiceOf = (...output: JsonObject[]) => (answer({ output }).body['choices'] as readonly JsonObject[])[0];

describe('a whole response', () => {
  it('is a chat completion, with the usage as it came for the bill', () => {
    const thought = {
      type: 'reasoning',
      id: 'rs_1',
      summary: [{ type: 'summary_text', text: 'Where?' }],
      encrypted_content: 'gAAA',
    };
    const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"a":1}' };
    expect(answer({ output: [thought, message(part), call] })).toEqual({
      body: {
        ...CONTEXT,
        object: 'chat.completion',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: 'It rains.',
              refusal: null,
              reasoning_content: 'Where?',
              reasoning_details: [
                { type: 'reasoning.encrypted', data: 'gAAA', format: 'openai-responses-v1', index: 0 },
              ],
              tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
            },
            logprobs: null,
            finish_reason: 'tool_calls',
          },
        ],
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          total_tokens: 120,
          prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 },
          completion_tokens_details: { reasoning_tokens: 12 },
        },
      },
      usage: USAGE,
    });
  });

  it('tells what it cites, and what it declines', () => {
    const cited = { type: 'url_citation', url: 'https://example.com', title: 'Rain', start_index: 0, end_index: 2 };
    const { type, ...url_citation } = cited;
    const annotations = [cited, { type: 'file_citation', file_id: 'x' }];
    expect(choiceOf(message({ ...part, annotations }))).toMatchObject({
      message: { annotations: [{ type, url_citation }] },
      finish_reason: 'stop',
    });
    expect(choiceOf(message({ type: 'refusal', refusal: 'No.' }))).toMatchObject({
      message: { content: null, refusal: 'No.' },
    });
  });

  it('that says nothing is an empty text', () =>
    expect(choiceOf({ type: 'reasoning', summary: [] })).toMatchObject({ message: { content: '' } }));

  it('tells of a custom tool’s call', () =>
    expect(choiceOf({ type: 'custom_tool_call', call_id: 'call_1', name: 'patch', input: 'x' })).toMatchObject({
      message: { tool_calls: [{ id: 'call_1', type: 'custom', custom: { name: 'patch', input: 'x' } }] },
      finish_reason: 'tool_calls',
    }));

  // As some servers have them that copy this API: https://github.com/QuantumNous/new-api/issues/4432
  it('tells of arguments that are an object', () =>
    expect(choiceOf({ type: 'function_call', call_id: 'call_1', name: 'f', arguments: { a: 1 } })).toMatchObject({
      message: { tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }] },
    }));

  it.each<JsonObject>([{ output: null }, { status: 'queued' }, { status: 'in_progress' }, { status: 'cancelled' }])(
    'is none with %j',
    (fields) => expect(() => answer(fields)).toThrow(Untranslatable),
  );

  it('without a usage that can be billed tells none', () => {
    expect(answer({ usage: null })).toMatchObject({ usage: undefined });
    expect(answer({ usage: { ...USAGE, output_tokens: -1 } }).body).not.toHaveProperty('usage');
  });
});
