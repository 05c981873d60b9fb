import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { emptyResponse } from './envelope.js';
import { ResponseStream } from './stream.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1_790_000_000, model: 'gpt-5' };
const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta, finish_reason }],
});

function framesOf(chunks: readonly JsonObject[]): string {
  const stream = new ResponseStream(CONTEXT, {});
  return chunks.map((one) => stream.push(JSON.stringify(one))).join('') + stream.end();
}

/** The events between those of the response itself, each as its short name and its data without type and number. */
const eventsOf = (chunks: readonly JsonObject[]): readonly JsonObject[] =>
  framesOf(chunks)
    .split('\n\n')
    .slice(2, -2)
    .map((frame) => {
      const [event = '', data = ''] = frame.split('\n');
      const { type, sequence_number: _, ...rest } = JSON.parse(data.replace('data: ', '')) as JsonObject;
      expect(event).toBe(`event: ${String(type)}`);
      return { [String(type).replace('response.', '')]: rest };
    });

describe('chunks for a client of the Responses API', () => {
  it('of a call that is named only later wait for its name', () => {
    const call = (more: JsonObject) => chunk({ tool_calls: [{ index: 0, ...more }] });
    const events = eventsOf([
      call({ id: 'call_1', function: { name: '', arguments: '{"a"' } }),
      call({ function: { name: 'f', arguments: ':1}' } }),
      chunk({}, 'tool_calls'),
    ]);
    expect(events.map((event) => Object.keys(event)[0])).toEqual([
      'output_item.added',
      'function_call_arguments.delta',
      'function_call_arguments.done',
      'output_item.done',
    ]);
    expect(events.at(-1)).toMatchObject({
      'output_item.done': { item: { call_id: 'call_1', name: 'f', arguments: '{"a":1}' } },
    });
  });

  it('become events', () => {
    const chunks = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } },
    ];
    const started = emptyResponse(CONTEXT, {});
    const at = { item_id: 'msg_7_0', output_index: 0, content_index: 0 };
    const part = (text: string) => ({ type: 'output_text', annotations: [], logprobs: [], text });
    const item = { id: 'msg_7_0', type: 'message', role: 'assistant' };
    const done = { ...item, status: 'completed', content: [part('Hello')] };
    const usage = {
      input_tokens: 9,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: 4,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 13,
    };
    const events = framesOf(chunks).split('\n\n').slice(0, -1);
    expect(events.map((event) => JSON.parse(event.split('\ndata: ')[1] ?? '') as JsonObject)).toEqual(
      [
        { type: 'response.created', response: started },
        { type: 'response.in_progress', response: started },
        { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress', content: [] } },
        { type: 'response.content_part.added', ...at, part: part('') },
        { type: 'response.output_text.delta', ...at, delta: 'Hel', logprobs: [] },
        { type: 'response.output_text.delta', ...at, delta: 'lo', logprobs: [] },
        { type: 'response.output_text.done', ...at, text: 'Hello', logprobs: [] },
        { type: 'response.content_part.done', ...at, part: part('Hello') },
        { type: 'response.output_item.done', output_index: 0, item: done },
        { type: 'response.completed', response: { ...started, status: 'completed', output: [done], usage } },
      ].map((event, sequence_number) => ({ ...event, sequence_number })),
    );
  });

  it('of reasoning and calls are one item after another', () => {
    const call = (index: number, more: JsonObject) => chunk({ tool_calls: [{ index, ...more }] });
    const chunks = [
      chunk({ reasoning_content: 'Hm' }),
      call(0, { id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }),
      call(0, { function: { arguments: '{}' } }),
      call(1, { id: 'call_2', function: { name: 'g', arguments: '' } }),
      chunk({}, 'tool_calls'),
    ];
    const thought = { item_id: 'rs_7_0', output_index: 0, summary_index: 0 };
    const part = (text: string) => ({ type: 'summary_text', text });
    const reasoning = { id: 'rs_7_0', type: 'reasoning' };
    const f = { id: 'fc_7_1', type: 'function_call', call_id: 'call_1', name: 'f' };
    const g = { id: 'fc_7_2', type: 'function_call', call_id: 'call_2', name: 'g', arguments: '' };
    expect(eventsOf(chunks)).toEqual([
      { 'output_item.added': { output_index: 0, item: { ...reasoning, summary: [] } } },
      { 'reasoning_summary_part.added': { ...thought, part: part('') } },
      { 'reasoning_summary_text.delta': { ...thought, delta: 'Hm' } },
      { 'reasoning_summary_text.done': { ...thought, text: 'Hm' } },
      { 'reasoning_summary_part.done': { ...thought, part: part('Hm') } },
      { 'output_item.done': { output_index: 0, item: { ...reasoning, summary: [part('Hm')] } } },
      { 'output_item.added': { output_index: 1, item: { ...f, status: 'in_progress', arguments: '' } } },
      { 'function_call_arguments.delta': { item_id: 'fc_7_1', output_index: 1, delta: '{}' } },
      { 'function_call_arguments.done': { item_id: 'fc_7_1', output_index: 1, name: 'f', arguments: '{}' } },
      { 'output_item.done': { output_index: 1, item: { ...f, status: 'completed', arguments: '{}' } } },
      { 'output_item.added': { output_index: 2, item: { ...g, status: 'in_progress' } } },
      // Codex and OpenAI's libraries parse the arguments of each call.
      { 'function_call_arguments.delta': { item_id: 'fc_7_2', output_index: 2, delta: '{}' } },
      { 'function_call_arguments.done': { item_id: 'fc_7_2', output_index: 2, name: 'g', arguments: '{}' } },
      { 'output_item.done': { output_index: 2, item: { ...g, status: 'completed', arguments: '{}' } } },
    ]);
  });

  it('say what they cite', () => {
    const cite = (url: string) => ({ type: 'url_citation', url_citation: { url, title: 'A' } });
    const cited = (url: string) => ({ type: 'url_citation', url, title: 'A' });
    const [a, b] = ['https://a.example', 'https://b.example'];
    const events = eventsOf([
      chunk({ content: 'Hi', annotations: [cite(a)] }),
      chunk({ content: '', annotations: [cite(b)] }),
      chunk({}, 'stop'),
    ]);
    const at = { item_id: 'msg_7_0', output_index: 0, content_index: 0 };
    for (const [annotation_index, url] of [a, b].entries())
      expect(events).toContainEqual({
        'output_text.annotation.added': { ...at, annotation_index, annotation: cited(url) },
      });
    expect(events.at(-1)).toMatchObject({
      'output_item.done': { item: { content: [{ text: 'Hi', annotations: [cited(a), cited(b)] }] } },
    });
  });

  it('that return to an earlier call lose nothing', () => {
    const call = (index: number, args: string) =>
      chunk({ tool_calls: [{ index, id: `call_${index}`, function: { name: 'f', arguments: args } }] });
    const chunks = [call(0, '{'), call(1, '{}'), call(0, '}')];
    const whole = { arguments: '{}' };
    const done = eventsOf(chunks).filter((event) => 'output_item.done' in event);
    expect(done).toMatchObject([0, 1].map((output_index) => ({ 'output_item.done': { output_index, item: whole } })));
    const { response } = JSON.parse(framesOf(chunks).split('\ndata: ').at(-1) ?? '') as { response: JsonObject };
    expect(response['output']).toMatchObject([whole, whole]);
  });

  it('that have an object for their arguments keep it', () => {
    const called = { name: 'f', arguments: { a: 1 } };
    const done = eventsOf([chunk({ tool_calls: [{ index: 0, id: 'call_0', function: called }] })]).at(-1);
    expect(done).toMatchObject({ 'output_item.done': { item: { arguments: '{"a":1}' } } });
  });

  it('that are cut off by the cap are incomplete', () => {
    const frames = framesOf([chunk({ content: 'Hel' }), chunk({}, 'length')]);
    const [done, last] = frames.split('\n\n').slice(-3, -1);
    expect(done).toContain('"status":"incomplete"');
    expect(last).toMatch(/^event: response\.incomplete\n.*"incomplete_details":\{"reason":"max_output_tokens"\}/);
  });

  it('break off with the error, and the response as far as it is done', () => {
    const stream = new ResponseStream(CONTEXT, {});
    stream.push(JSON.stringify(chunk({ reasoning_content: 'Hm' })));
    stream.push(JSON.stringify(chunk({ content: 'Hel' })));
    const error = { message: 'It broke.', type: 'upstream_error', param: null, code: 'x' };
    const [event, failed] = stream.fail({ error }).split('\n\n');
    expect(event).toMatch(
      /^event: error\ndata: \{"type":"error","sequence_number":\d+,"code":"x","message":"It broke\.","param":null\}$/,
    );
    expect(JSON.parse(failed?.split('\ndata: ')[1] ?? '')).toMatchObject({
      type: 'response.failed',
      response: {
        status: 'failed',
        error: { code: 'server_error', message: 'It broke.' },
        output: [{ type: 'reasoning' }],
      },
    });
  });

  it('that are none change nothing', () => {
    const stream = new ResponseStream(CONTEXT, {});
    expect(['[DONE]', '{', '[]', '{"error":{"message":"x"}}'].map((data) => stream.push(data)).join('')).toBe('');
  });
});
