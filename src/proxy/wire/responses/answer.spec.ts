import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { responseOf } from './answer.js';

const chat = (message: JsonObject, more: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-7',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-5',
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop', ...more }],
  usage: {
    prompt_tokens: 100,
    completion_tokens: 20,
    total_tokens: 120,
    prompt_tokens_details: { cached_tokens: 64 },
    completion_tokens_details: { reasoning_tokens: 5 },
  },
});

describe('a chat completion for a client of the Responses API', () => {
  it('is a response', () => {
    expect(responseOf(chat({ content: 'Hello', refusal: null }), {})).toEqual({
      id: 'resp_7',
      object: 'response',
      created_at: 1_790_000_000,
      status: 'completed',
      background: false,
      error: null,
      incomplete_details: null,
      instructions: null,
      max_output_tokens: null,
      max_tool_calls: null,
      metadata: {},
      model: 'gpt-5',
      output: [
        {
          id: 'msg_7_0',
          type: 'message',
          status: 'completed',
          content: [{ type: 'output_text', annotations: [], logprobs: [], text: 'Hello' }],
          role: 'assistant',
        },
      ],
      parallel_tool_calls: true,
      previous_response_id: null,
      prompt_cache_key: null,
      reasoning: { effort: null, summary: null },
      safety_identifier: null,
      service_tier: 'auto',
      store: false,
      temperature: 1,
      text: { format: { type: 'text' }, verbosity: 'medium' },
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      truncation: 'disabled',
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 64, cache_write_tokens: 0 },
        output_tokens: 20,
        output_tokens_details: { reasoning_tokens: 5 },
        total_tokens: 120,
      },
      user: null,
      access_programs: null,
    });
  });

  it('repeats what was asked, but for storing it', () => {
    const asked = {
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      temperature: 0,
      tools: [{ type: 'function', name: 'f', parameters: {} }],
      store: true,
      truncation: 'auto',
    };
    expect(responseOf(chat({ content: 'Hello' }), asked)).toMatchObject({
      instructions: 'Be brief.',
      metadata: { a: 'b' },
      temperature: 0,
      tools: [{ type: 'function', name: 'f', description: null, parameters: {}, strict: false }],
      store: false,
      truncation: 'disabled',
    });
  });

  it('has reasoning, text, refusal and calls as items', () => {
    const details = [{ type: 'reasoning.text', signature: 'sig' }];
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const message = {
      reasoning_content: 'Hm',
      reasoning_details: details,
      content: 'Wait.',
      refusal: 'No.',
      tool_calls: [call, { function: { name: 'g' } }],
    };
    expect(responseOf(chat(message, { finish_reason: 'tool_calls' }), {})['output']).toEqual([
      {
        id: 'rs_7_0',
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'Hm' }],
        encrypted_content: Buffer.from(JSON.stringify(details)).toString('base64'),
      },
      {
        id: 'msg_7_1',
        type: 'message',
        status: 'completed',
        content: [
          { type: 'output_text', annotations: [], logprobs: [], text: 'Wait.' },
          { type: 'refusal', refusal: 'No.' },
        ],
        role: 'assistant',
      },
      { id: 'fc_7_2', type: 'function_call', status: 'completed', call_id: 'call_1', name: 'f', arguments: '{}' },
      { id: 'fc_7_3', type: 'function_call', status: 'completed', call_id: 'call_7_1', name: 'g', arguments: '{}' },
    ]);
  });

  it('says what it cites', () => {
    const cited = { url: 'https://a.example', title: 'A', start_index: 0, end_index: 2 };
    const annotations = [
      { type: 'url_citation', url_citation: cited },
      { type: 'file', file: { hash: 'h' } },
    ];
    expect(responseOf(chat({ content: 'Hi', annotations }), {})['output']).toMatchObject([
      { content: [{ text: 'Hi', annotations: [{ type: 'url_citation', ...cited }] }] },
    ]);
  });

  it('has the calls of every choice, as GitHub Copilot splits them', () => {
    const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const choices = [{ content: 'Wait.' }, { tool_calls: [call] }].map((message) => ({ message }));
    const { output } = responseOf({ ...chat({}), choices }, {});
    expect(output).toMatchObject([{ content: [{ text: 'Wait.' }] }, { type: 'function_call', name: 'f' }]);
  });

  it('hides the signature of Gemini’s calls in their ids, which come back', () => {
    const call = { id: 'call_1', function: { name: 'f' }, extra_content: { google: { thought_signature: 'c2ln' } } };
    expect(responseOf(chat({ tool_calls: [call] }), {})['output']).toMatchObject([
      { call_id: 'call_1__thought__c2ln' },
    ]);
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['model_context_window_exceeded', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
    ['sensitive', 'content_filter'],
    ['content_filter: RECITATION', 'content_filter'],
    ['MAX_TOKENS', 'max_output_tokens'],
  ])('that ended by %s is incomplete, and so is its last item', (finish_reason, reason) => {
    expect(responseOf(chat({ reasoning_content: 'Hm', content: 'Hel' }, { finish_reason }), {})).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason },
      output: [{ type: 'reasoning' }, { type: 'message', status: 'incomplete' }],
    });
  });

  it('tells the probabilities of its tokens', () => {
    const content = [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }];
    expect(responseOf(chat({ content: 'Hi' }, { logprobs: { content } }), {})['output']).toMatchObject([
      { content: [{ logprobs: content }] },
    ]);
  });

  it('lists no bytes of a token that has none', () => {
    const token = { token: '<|end|>', logprob: -0.1, bytes: null };
    const content = [{ ...token, top_logprobs: [token] }];
    const listed = { ...token, bytes: [] };
    expect(responseOf(chat({ content: 'Hi' }, { logprobs: { content } }), {})['output']).toMatchObject([
      { content: [{ logprobs: [{ ...listed, top_logprobs: [listed] }] }] },
    ]);
  });
});
