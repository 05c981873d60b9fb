import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../kernel/index.js';
import { ChunkStream } from './stream.js';

const CONTEXT = { id: 'chatcmpl-1', created: 1_790_000_000, model: 'claude' };
const START = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [],
    usage: { input_tokens: 25, output_tokens: 1 },
  },
};
const END = {
  type: 'message_delta',
  delta: { stop_reason: 'end_turn', stop_sequence: null },
  usage: { output_tokens: 15 },
};
const STOP = { type: 'message_stop' };
const block = (index: number, content_block: JsonObject): JsonObject => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, one: JsonObject): JsonObject => ({ type: 'content_block_delta', index, delta: one });
const stopped = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const text = (said: string) => delta(0, { type: 'text_delta', text: said });

/** Frames that events come to. */
function framesOf(events: readonly JsonObject[], includeUsage = false) {
  const stream = new ChunkStream(CONTEXT, includeUsage);
  const frames = events.map((event) => stream.push(JSON.stringify(event))).join('');
  return { stream, frames };
}

/** The deltas of the chunks that events come to. */
function deltasOf(events: readonly JsonObject[]): readonly JsonObject[] {
  const frames = framesOf(events).frames.split('\n\n').slice(0, -1);
  return frames.map((frame) => {
    const { choices } = JSON.parse(frame.replace('data: ', '')) as { choices: readonly [{ delta: JsonObject }] };
    return choices[0].delta;
  });
}

const HEAD = '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1790000000,"model":"claude","choices":[';
const chunk = (one: string, usage = ''): string =>
  `data: ${HEAD}{"index":0,"delta":${one},"logprobs":null,"finish_reason":null}]${usage}}\n\n`;

describe('a stream of Anthropic’s', () => {
  it('begins once, however often its start comes, and breaks off where another answer begins', () => {
    const other = { type: 'message_start', message: { ...START.message, id: 'msg_2' } };
    const begun = [START, block(0, { type: 'text', text: '' }), text('a')];
    expect(deltasOf([START, other, ...begun])).toEqual(deltasOf(begun));
    const { stream } = framesOf([...begun, other, text('b'), END, STOP]);
    expect(stream.error?.message).toContain('another answer began');
    expect(stream.done).toBe(false);
  });

  it('keeps the arguments of tools that run there out of those of the client’s', () => {
    const events = [
      START,
      block(0, { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '{"query":"x"}' }),
      stopped(0),
      block(1, { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '{"city":"Bern"}' }),
      stopped(1),
    ];
    expect(deltasOf(events).slice(1)).toEqual([
      { tool_calls: [{ index: 0, id: 'toolu_1', type: 'function', function: { name: 'get_weather', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"city":"Bern"}' } }] },
    ]);
  });

  it('becomes chunks', () => {
    const events = [
      START,
      block(0, { type: 'text', text: '' }),
      { type: 'ping' },
      text('Hello'),
      text('"!"\n'),
      stopped(0),
      END,
      STOP,
    ];
    const { frames, stream } = framesOf(events);
    expect(frames).toBe(
      chunk('{"role":"assistant","content":""}') +
        chunk('{"content":"Hello"}') +
        chunk('{"content":"\\"!\\"\\n"}') +
        `data: ${HEAD}{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}\n\n`,
    );
    expect(stream).toMatchObject({ done: true, error: undefined, usage: { input_tokens: 25, output_tokens: 15 } });
  });

  it('tells its usage last, to the client that asked', () => {
    const { frames } = framesOf([START, text('Hi'), END, STOP], true);
    expect(frames).toContain(chunk('{"content":"Hi"}', ',"usage":null'));
    expect(frames.split('\n\n').at(-2)).toBe(
      `data: ${HEAD}],"usage":{"prompt_tokens":25,"completion_tokens":15,"total_tokens":40,` +
        '"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}',
    );
  });

  it('tells no usage that can’t be true', () => {
    const { frames } = framesOf([START, { ...END, usage: { output_tokens: -1 } }, STOP], true);
    expect(frames).not.toContain('"choices":[]');
  });

  it('calls tools as it goes', () => {
    const events = [
      block(0, { type: 'tool_use', id: 'toolu_1', name: 'get_weather', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '' }),
      delta(0, { type: 'input_json_delta', partial_json: '{"city": "Be' }),
      delta(0, { type: 'input_json_delta', partial_json: 'rn"}' }),
      stopped(0),
      block(1, { type: 'tool_use', id: 'toolu_2', name: 'now', input: {} }),
      stopped(1),
      block(2, { type: 'tool_use', id: 'toolu_3', name: 'at', input: { x: 1 } }),
      stopped(2),
    ];
    const opened = (index: number, id: string, name: string) => ({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
    });
    const args = (index: number, json: string) => ({ tool_calls: [{ index, function: { arguments: json } }] });
    expect(deltasOf(events)).toEqual([
      opened(0, 'toolu_1', 'get_weather'),
      args(0, '{"city": "Be'),
      args(0, 'rn"}'),
      opened(1, 'toolu_2', 'now'),
      args(1, '{}'),
      opened(2, 'toolu_3', 'at'),
      args(2, '{"x":1}'),
    ]);
  });

  it('tells its thinking as it goes, and the signed block when it ends', () => {
    const events = [
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'Hm' }),
      delta(0, { type: 'thinking_delta', thinking: '…' }),
      delta(0, { type: 'signature_delta', signature: 'EqQB' }),
      stopped(0),
      block(1, { type: 'redacted_thinking', data: 'EmwK' }),
      stopped(1),
    ];
    expect(deltasOf(events)).toEqual([
      { reasoning_content: 'Hm' },
      { reasoning_content: '…' },
      {
        reasoning_details: [
          { type: 'reasoning.text', text: 'Hm…', signature: 'EqQB', format: 'anthropic-claude-v1', index: 0 },
        ],
      },
      { reasoning_details: [{ type: 'reasoning.encrypted', data: 'EmwK', format: 'anthropic-claude-v1', index: 1 }] },
    ]);
  });

  it('tells thinking whose block was never opened, as it tells such text', () =>
    expect(deltasOf([delta(0, { type: 'thinking_delta', thinking: 'Hm' }), text('Hi')])).toEqual([
      { reasoning_content: 'Hm' },
      { content: 'Hi' },
    ]));

  it('that declines says why, where Anthropic does', () => {
    const declined = { stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'No exploits.' } };
    const { frames } = framesOf([START, { ...END, delta: declined }]);
    expect(frames).toContain('"delta":{"refusal":"No exploits."}');
    expect(frames).toContain('"finish_reason":"content_filter"');
  });

  it('ends once, though its end be told twice', () => {
    const { frames, stream } = framesOf([START, END, { ...END, usage: { output_tokens: 16 } }, STOP]);
    expect(frames.match(/"finish_reason":"stop"/g)).toHaveLength(1);
    expect(stream.usage).toEqual({ input_tokens: 25, output_tokens: 16 });
  });

  it('that breaks off with an error keeps its words, and takes in nothing more', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const { frames, stream } = framesOf([START, error, text('more'), END, STOP], true);
    expect(stream).toMatchObject({
      error: { message: 'Overloaded', status: 529 },
      done: false,
      usage: { input_tokens: 25, output_tokens: 1 },
    });
    expect(frames).toBe(chunk('{"role":"assistant","content":""}', ',"usage":null'));
  });

  it('takes in nothing after its end', () => {
    expect(framesOf([STOP, text('more')]).frames).toBe('');
  });

  it('is not disturbed by what it can’t read', () => {
    const stream = new ChunkStream(CONTEXT, false);
    const odd = [
      '',
      '{',
      '[]',
      '{}',
      '{"type":"content_block_delta"}',
      '{"type":"fresh_event"}',
      '{"type":"message_delta","usage":null}',
    ];
    expect(odd.map((data) => stream.push(data)).join('')).toBe('');
    expect(stream).toMatchObject({ usage: undefined, error: undefined, done: false });
    expect(stream.push(JSON.stringify(text('a')))).toBe(chunk('{"content":"a"}'));
  });
});
