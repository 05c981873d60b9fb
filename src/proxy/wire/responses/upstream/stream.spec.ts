import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { dataOf, joinChunks } from '../../../../../test/support/proxy/wire/frames.js';
import { responsesUpstream } from '../../index.js';
import { objectsOf } from '../../json.js';

const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'gpt-6-astra' };
const USAGE = { input_tokens: 9, output_tokens: 3, total_tokens: 12 };
const CREATED = { type: 'response.created', response: { status: 'in_progress', error: null, usage: null } };
const text = (delta: string, output_index = 0, more: JsonObject = {}) => ({
  type: 'response.output_text.delta',
  output_index,
  delta,
  ...more,
});
const ended = (response: JsonObject = {}) => ({
  type: `response.${String(response['status'] ?? 'completed')}`,
  response: { status: 'completed', error: null, usage: USAGE, ...response },
});

function told(events: readonly JsonObject[], includeUsage = true) {
  const stream = responsesUpstream.stream(CONTEXT, { includeUsage });
  const frames = events.map((event) => stream.push(JSON.stringify(event)));
  return { stream, frames, chunks: dataOf(frames.join('')) };
}

describe('the stream of a response', () => {
  it('begins with the role, tells one chunk for a delta, and ends with the reason and the usage', () => {
    const { frames, chunks, stream } = told([CREATED, text('Hel'), text('lo'), ended()]);
    expect(frames.map((frame) => dataOf(frame).length)).toEqual([1, 1, 1, 2]);
    const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'gpt-6-astra' };
    const chunk = (delta: JsonObject, finish_reason: string | null = null) => ({
      ...head,
      choices: [{ index: 0, delta, logprobs: null, finish_reason }],
      usage: null,
    });
    expect(chunks).toEqual([
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      { ...head, choices: [], usage: expect.objectContaining({ prompt_tokens: 9, completion_tokens: 3 }) },
    ]);
    expect(stream).toMatchObject({ done: true, usage: USAGE });
  });

  it('says nothing of usage to a client that did not ask, and keeps it for the bill', () => {
    const { chunks, stream } = told([CREATED, text('Hi'), ended()], false);
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
    expect(stream.usage).toEqual(USAGE);
  });

  it('has an empty line between two messages, and between paragraphs of reasoning', () => {
    const thought = (delta: string, summary_index: number) => ({
      type: 'response.reasoning_summary_text.delta',
      output_index: 0,
      summary_index,
      delta,
    });
    const { chunks } = told([thought('One', 0), thought('.', 0), thought('Two.', 1), text('Look', 1), text('Done', 2)]);
    expect(joinChunks(chunks)).toMatchObject({ reasoning: 'One.\n\nTwo.', content: 'Look\n\nDone' });
  });

  it('tells of probabilities', () => {
    const logprobs = [{ token: '$&', logprob: -0.1, bytes: [36, 38], top_logprobs: [] }];
    const { chunks } = told([text('$&', 0, { logprobs })]);
    expect(chunks[1]?.['choices']).toEqual([
      { index: 0, delta: { content: '$&' }, logprobs: { content: logprobs, refusal: null }, finish_reason: null },
    ]);
  });

  it('numbers calls, whose items may be anywhere in the output, and takes those that come whole', () => {
    const item = (name: string) => ({ type: 'function_call', call_id: `call_${name}`, name, arguments: '' });
    const delta = (output_index: number, args: string) => ({
      type: 'response.function_call_arguments.delta',
      output_index,
      item_id: `changes_${args}`,
      delta: args,
    });
    const { chunks } = told([
      { type: 'response.output_item.added', output_index: 1, item: item('f') },
      { type: 'response.output_item.added', output_index: 3, item: item('g') },
      delta(3, '{"b":'),
      delta(1, '{}'),
      delta(3, '2}'),
      { type: 'response.output_item.done', output_index: 1, item: { ...item('f'), arguments: '{}' } },
      { type: 'response.output_item.done', output_index: 4, item: { ...item('h'), arguments: '{"c":3}' } },
      { type: 'response.output_item.done', output_index: 5, item: { ...item('i'), arguments: { d: 4 } } },
      ended(),
    ]);
    const call = (name: string, args: string) => ({
      id: `call_${name}`,
      type: 'function',
      function: { name, arguments: args },
    });
    expect(joinChunks(chunks)).toMatchObject({
      calls: [call('f', '{}'), call('g', '{"b":2}'), call('h', '{"c":3}'), call('i', '{"d":4}')],
      finish: 'tool_calls',
    });
  });

  // YumchaLabs/siumai (providers/openai/client.rs), Latias94/llm_dart (openai_language_model_test.dart), apache/apisix (t/fixtures/openai)
  describe('that does not tell everything in deltas', () => {
    const citation = { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 4 };
    const items = [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Look.' }], encrypted_content: 'e' },
      { type: 'message', content: [{ type: 'output_text', text: 'Done', annotations: [citation] }] },
      { type: 'message', content: [{ type: 'refusal', refusal: 'No more.' }] },
      { type: 'function_call', call_id: 'call_f', name: 'f', arguments: '{"a":1}' },
    ];
    const whole = {
      reasoning: 'Look.',
      content: 'Done',
      calls: [{ id: 'call_f', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      finish: 'tool_calls',
    };
    const done = (item: JsonObject, output_index: number) => ({
      type: 'response.output_item.done',
      output_index,
      item,
    });
    const deltas = (chunks: readonly JsonObject[]) =>
      chunks.flatMap(({ choices }) => objectsOf(choices)).map(({ delta }) => delta);

    it.each<[string, readonly JsonObject[]]>([
      ['items that come whole', [...items.map(done), ended({ output: items })]],
      ['a response that comes whole', [ended({ output: items })]],
    ])('tells of %s, once', (_, events) => {
      const { chunks, stream } = told([CREATED, ...events]);
      expect(joinChunks(chunks)).toMatchObject(whole);
      expect(deltas(chunks)).toContainEqual({ refusal: 'No more.' });
      expect(deltas(chunks)).toContainEqual({
        content: 'Done',
        annotations: [
          {
            type: 'url_citation',
            url_citation: { url: 'https://a.example', title: 'A', start_index: 0, end_index: 4 },
          },
        ],
      });
      expect(deltas(chunks)).toContainEqual({ reasoning_details: [expect.objectContaining({ data: 'e' })] });
      expect(stream.piece).toBeUndefined();
    });

    it('does not repeat what came in deltas, wherever its items say they are', () => {
      const thought = { type: 'response.reasoning_summary_text.delta', delta: 'Look.' };
      const { chunks } = told([CREATED, thought, text('Done'), ...items.map(done), ended({ output: items })]);
      expect(joinChunks(chunks)).toMatchObject(whole);
    });
  });

  it.each<[JsonObject, string]>([
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
    [{ status: 'incomplete', incomplete_details: null }, 'length'],
  ])('that ends with %j ends for %s', (response, reason) =>
    expect(joinChunks(told([text('Hi'), ended(response)]).chunks)['finish']).toBe(reason),
  );
});

describe('a response that fails in its stream', () => {
  const error = { type: 'server_error', code: 'server_error', message: 'Sorry.', param: null };
  const failed = (fields: JsonObject) => ({ type: 'response.failed', response: { status: 'failed', ...fields } });

  it.each<[string, readonly JsonObject[]]>([
    ['as an event with an error', [{ type: 'error', error }]],
    ['as an event that is one', [{ ...error, type: 'error' }]],
    ['as the response', [failed({ error })]],
    ['without a reason', [failed({ error: null })]],
  ])('%s says so, and is not done', (_, events) => {
    const { stream, frames } = told([CREATED, text('Hi'), ...events, text('lost'), ended()]);
    expect(stream.error).toMatchObject({ status: 500 });
    expect(stream.done).toBe(false);
    expect(frames.slice(2).join('')).toBe('');
  });

  it('keeps the usage that comes with the second event', () =>
    expect(told([CREATED, { type: 'error', error }, failed({ error, usage: USAGE })]).stream).toMatchObject({
      error: { message: 'Sorry.' },
      usage: USAGE,
    }));

  it('keeps the provider’s own reason', () => {
    const quota = { type: 'insufficient_quota', code: 'insufficient_quota', message: 'You exceeded your quota.' };
    expect(told([CREATED, { type: 'error', error: quota }]).stream.error).toMatchObject({ about: 'gateway' });
  });
});
