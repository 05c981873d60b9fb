import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { MessageStream } from './stream.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1_790_000_000, model: 'gpt-5' };
const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({
  id: 'chatcmpl-up',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const USAGE = {
  choices: [],
  usage: { prompt_tokens: 9, completion_tokens: 4, completion_tokens_details: { reasoning_tokens: 2 } },
};

function framesOf(chunks: readonly JsonObject[], request: JsonObject = {}): string {
  const stream = new MessageStream(CONTEXT, request);
  return chunks.map((one) => stream.push(JSON.stringify(one))).join('') + stream.end();
}

/** The events without the start of the message, each as its name and its data without the type. */
const eventsOf = (chunks: readonly JsonObject[], request?: JsonObject): readonly JsonObject[] =>
  framesOf(chunks, request)
    .split('\n\n')
    .slice(1, -1)
    .map((frame) => {
      const [event = '', data = ''] = frame.split('\n');
      const { type, ...rest } = JSON.parse(data.replace('data: ', '')) as JsonObject;
      expect(event).toBe(`event: ${String(type)}`);
      return { [String(type).replace('content_block_', '')]: rest };
    });

const block = (index: number, content_block: JsonObject) => ({ start: { index, content_block } });
const delta = (index: number, type: string, field: string, value: string) => ({
  delta: { index, delta: { type, [field]: value } },
});
const stop = (index: number) => ({ stop: { index } });

describe('chunks for a client of Anthropic’s API', () => {
  it('become events', () => {
    const chunks = [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'Hel' }),
      chunk({ content: 'lo' }),
      chunk({}, { finish_reason: 'stop' }),
      USAGE,
    ];
    const none =
      '"usage":{"input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":null,"output_tokens":0,"output_tokens_details":null}';
    expect(framesOf(chunks)).toBe(
      [
        `event: message_start\ndata: {"type":"message_start","message":{"id":"msg_7","type":"message","role":"assistant","model":"gpt-5","content":[],"stop_reason":null,"stop_sequence":null,${none}}}`,
        'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}',
        'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hel"}}',
        'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"lo"}}',
        'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}',
        'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"cache_creation":null,"output_tokens":4,"output_tokens_details":{"thinking_tokens":2}}}',
        'event: message_stop\ndata: {"type":"message_stop"}',
        '',
      ].join('\n\n'),
    );
  });

  it('cite within the text what it cites, whenever that is told', () => {
    const cite = (url: string) =>
      chunk({ content: '', annotations: [{ type: 'url_citation', url_citation: { url } }] });
    const cited = (url: string) => {
      const citation = { type: 'web_search_result_location', cited_text: '', url, title: null, encrypted_index: '' };
      return { delta: { index: 0, delta: { type: 'citations_delta', citation } } };
    };
    const said = [
      cite('https://a.b'),
      chunk({ content: 'Hi' }),
      cite('https://c.d'),
      chunk({}, { finish_reason: 'stop' }),
    ];
    expect(eventsOf(said).slice(0, -2)).toEqual([
      block(0, { type: 'text', text: '' }),
      delta(0, 'text_delta', 'text', 'Hi'),
      cited('https://a.b'),
      cited('https://c.d'),
      stop(0),
    ]);
  });

  it('of reasoning, text and calls are one block after another', () => {
    const call = (index: number, more: JsonObject) => chunk({ tool_calls: [{ index, ...more }] });
    const chunks = [
      chunk({ reasoning_content: 'Hm' }),
      chunk({ content: 'Wait.' }),
      call(0, { id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }),
      call(0, { function: { arguments: '{"a":' } }),
      call(0, { function: { arguments: '1}' } }),
      call(1, { id: 'call_2', function: { name: 'g', arguments: '{}' } }),
      chunk({}, { finish_reason: 'tool_calls' }),
    ];
    expect(eventsOf(chunks).slice(0, -2)).toEqual([
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, 'thinking_delta', 'thinking', 'Hm'),
      stop(0),
      block(1, { type: 'text', text: '' }),
      delta(1, 'text_delta', 'text', 'Wait.'),
      stop(1),
      block(2, { type: 'tool_use', id: 'call_1', name: 'f', input: {} }),
      delta(2, 'input_json_delta', 'partial_json', '{"a":'),
      delta(2, 'input_json_delta', 'partial_json', '1}'),
      stop(2),
      block(3, { type: 'tool_use', id: 'call_2', name: 'g', input: {} }),
      delta(3, 'input_json_delta', 'partial_json', '{}'),
      stop(3),
    ]);
    expect(eventsOf(chunks).at(-2)).toMatchObject({ message_delta: { delta: { stop_reason: 'tool_use' } } });
  });

  it('of reasoning that is to come back ends its block with it', () => {
    const details = (data: string) => [{ type: 'reasoning.encrypted', data, format: 'openai-responses-v1', index: 0 }];
    const signed = (data: string) => Buffer.from(JSON.stringify(details(data))).toString('base64');
    const chunks = [
      chunk({ reasoning_content: 'Hm' }),
      chunk({ reasoning_details: details('one') }),
      chunk({ reasoning_details: details('two') }),
      chunk({ reasoning_details: [{ type: 'reasoning.text', text: '', signature: 'x', format: 'other' }] }),
    ];
    expect(eventsOf(chunks).slice(0, -2)).toEqual([
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, 'thinking_delta', 'thinking', 'Hm'),
      delta(0, 'signature_delta', 'signature', signed('one')),
      stop(0),
      block(1, { type: 'thinking', thinking: '', signature: '' }),
      delta(1, 'signature_delta', 'signature', signed('two')),
      stop(1),
    ]);
  });

  it('of calls without an index begin one with each id', () => {
    const call = (more: JsonObject) => chunk({ tool_calls: [more] });
    const chunks = [
      call({ id: 'call_1', function: { name: 'f', arguments: '{' } }),
      call({ function: { arguments: '}' } }),
      call({ id: 'call_2', function: { name: 'g', arguments: '{}' } }),
    ];
    expect(eventsOf(chunks).slice(0, -2)).toEqual([
      block(0, { type: 'tool_use', id: 'call_1', name: 'f', input: {} }),
      delta(0, 'input_json_delta', 'partial_json', '{'),
      delta(0, 'input_json_delta', 'partial_json', '}'),
      stop(0),
      block(1, { type: 'tool_use', id: 'call_2', name: 'g', input: {} }),
      delta(1, 'input_json_delta', 'partial_json', '{}'),
      stop(1),
    ]);
  });

  it('of calls without an id that share an index begin one with each name, once the last is whole', () => {
    const call = (more: JsonObject) => chunk({ tool_calls: [{ index: 0, id: '', ...more }] });
    const chunks = [
      call({ function: { name: 'f', arguments: '{"a":' } }),
      call({ function: { name: 'f', arguments: '1}' } }),
      call({ function: { name: 'f', arguments: '' } }),
      call({ function: { name: 'f', arguments: '{"a":2}' } }),
    ];
    expect(eventsOf(chunks).slice(0, -2)).toMatchObject([
      block(0, { type: 'tool_use', name: 'f' }),
      delta(0, 'input_json_delta', 'partial_json', '{"a":'),
      delta(0, 'input_json_delta', 'partial_json', '1}'),
      stop(0),
      block(1, { type: 'tool_use', name: 'f' }),
      delta(1, 'input_json_delta', 'partial_json', '{"a":2}'),
      stop(1),
    ]);
  });

  it.each(['null', 'call_2'])('of a call go on under the id %s, which comes without a name', (id) => {
    const call = (more: JsonObject) => chunk({ tool_calls: [{ index: 0, ...more }] });
    const chunks = [
      call({ id: 'call_1', function: { name: 'f', arguments: '' } }),
      call({ id, function: { arguments: '{"a":' } }),
      call({ id, function: { arguments: '1}' } }),
    ];
    expect(eventsOf(chunks).slice(0, -2)).toEqual([
      block(0, { type: 'tool_use', id: 'call_1', name: 'f', input: {} }),
      delta(0, 'input_json_delta', 'partial_json', '{"a":'),
      delta(0, 'input_json_delta', 'partial_json', '1}'),
      stop(0),
    ]);
  });

  it.each<[string, JsonObject, string | null]>([
    ['no name', {}, 'call_1'],
    ['an empty name', { name: '' }, 'call_1'],
    ['no name, and arguments already', { arguments: '{"a"' }, 'call_1'],
    ['arguments alone', { arguments: '{"a"' }, null],
  ])('of a call that begins with %s wait for it', (_, begun, id) => {
    const call = (more: JsonObject) => chunk({ tool_calls: [{ index: 0, ...more }] });
    const events = eventsOf([
      call({ id, type: 'function', function: begun }),
      call({
        id: id === null ? 'call_1' : null,
        function: { name: 'f', arguments: begun['arguments'] === undefined ? '{"a":1}' : ':1}' },
      }),
      chunk({}, { finish_reason: 'tool_calls' }),
      USAGE,
    ]);
    expect(events.slice(0, 3)).toEqual([
      block(0, { type: 'tool_use', id: 'call_1', name: 'f', input: {} }),
      delta(0, 'input_json_delta', 'partial_json', '{"a":1}'),
      stop(0),
    ]);
  });

  it('of a call that never gets a name tell it all the same', () =>
    expect(
      eventsOf([chunk({ tool_calls: [{ index: 0, id: 'call_1', function: { arguments: '{}' } }] })]),
    ).toContainEqual(block(0, { type: 'tool_use', id: 'call_1', name: '', input: {} })));

  it('have their reasoning under the name that says something', () =>
    expect(eventsOf([chunk({ reasoning_content: '', reasoning: 'Hm' })])).toContainEqual(
      delta(0, 'thinking_delta', 'thinking', 'Hm'),
    ));

  it('have their reasoning once, where MiniMax tells it in details and Anthropic repeats it there', () => {
    const detail = (text: string, more: JsonObject = {}) =>
      chunk({ reasoning_details: [{ type: 'reasoning.text', index: 0, text, ...more }] });
    const thoughts = (chunks: Parameters<typeof eventsOf>[0]) =>
      eventsOf(chunks).filter((event) => JSON.stringify(event).includes('thinking_delta'));
    const whole = ['H', 'm'].map((text) => delta(0, 'thinking_delta', 'thinking', text));
    expect(thoughts([detail('H'), detail('m')])).toEqual(whole);
    const told = ['H', 'm'].map((reasoning_content) => chunk({ reasoning_content }));
    for (const more of [{ signature: 'sig' }, {}]) expect(thoughts([...told, detail('Hm', more)])).toEqual(whole);
  });

  it('that return to an earlier call lose nothing', () => {
    const call = (index: number, args: string) =>
      chunk({ tool_calls: [{ index, id: `call_${index}`, function: { name: 'f', arguments: args } }] });
    const toolUse = (index: number) => block(index, { type: 'tool_use', id: `call_${index}`, name: 'f', input: {} });
    expect(eventsOf([call(0, '{'), call(1, '{}'), call(0, '}')]).slice(0, -2)).toEqual([
      toolUse(0),
      delta(0, 'input_json_delta', 'partial_json', '{'),
      delta(0, 'input_json_delta', 'partial_json', '}'),
      stop(0),
      toolUse(1),
      delta(1, 'input_json_delta', 'partial_json', '{}'),
      stop(1),
    ]);
  });

  it('show no reasoning to a client that turned thinking off', () => {
    const chunks = [chunk({ reasoning_content: 'Hm' }), chunk({ content: 'Yes' })];
    expect(eventsOf(chunks, { thinking: { type: 'disabled' } })[0]).toEqual(block(0, { type: 'text', text: '' }));
  });

  it('that fill the window end so', () =>
    expect(
      eventsOf([chunk({ content: 'a' }), chunk({}, { finish_reason: 'model_context_window_exceeded' }), USAGE]).at(-2),
    ).toMatchObject({ message_delta: { delta: { stop_reason: 'max_tokens' } } }));

  it('that decline end so', () => {
    const events = eventsOf([chunk({ refusal: 'I can’t.' }), chunk({}, { finish_reason: 'stop' })]);
    expect(events).toContainEqual(delta(0, 'text_delta', 'text', 'I can’t.'));
    expect(events.at(-2)).toMatchObject({ message_delta: { delta: { stop_reason: 'refusal' } } });
  });

  it('end where they are cut off: all that is open is closed', () => {
    expect(eventsOf([chunk({ content: 'Hel' })]).map((event) => Object.keys(event)[0])).toEqual([
      'start',
      'delta',
      'stop',
      'message_delta',
      'message_stop',
    ]);
    expect(framesOf([]).match(/^event: .*$/gm)).toEqual([
      'event: message_start',
      'event: message_delta',
      'event: message_stop',
    ]);
  });

  it('break off with an error of Anthropic’s kinds', () => {
    const stream = new MessageStream(CONTEXT, {});
    const fail = (type: string) => stream.fail({ error: { message: 'It broke.', type, param: null, code: 'x' } });
    const frame = (type: string) =>
      `event: error\ndata: {"type":"error","error":{"type":"${type}","message":"It broke."}}\n\n`;
    expect(fail('upstream_error')).toBe(frame('api_error'));
    expect(fail('upstream_timeout')).toBe(frame('timeout_error'));
    expect(fail('service_unavailable')).toBe(frame('overloaded_error'));
  });

  it('that are none change nothing', () => {
    const stream = new MessageStream(CONTEXT, {});
    expect(['[DONE]', '{', '[]', '{"error":{"message":"x"}}'].map((data) => stream.push(data)).join('')).toBe('');
  });
});
