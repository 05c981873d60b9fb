import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { MessagesMeter } from './messages-meter.js';

const frame = (data: JsonObject): Buffer =>
  Buffer.from(`event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`);
const START = frame({
  type: 'message_start',
  message: { id: 'msg_1', usage: { input_tokens: 9, cache_read_input_tokens: 3, output_tokens: 1 } },
});
const END = frame({
  type: 'message_delta',
  delta: { stop_reason: 'end_turn' },
  usage: { input_tokens: null, output_tokens: 7 },
});
const BLOCK = frame({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
const PING = frame({ type: 'ping' });
const STOP = frame({ type: 'message_stop' });
const ERROR = frame({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
const text = (said: string): Buffer =>
  frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: said } });

function listen(groups: readonly (readonly Buffer[])[]): { meter: MessagesMeter; passed: string } {
  const meter = new MessagesMeter();
  const passed = groups.map((group) => meter.listen(Buffer.concat(group)));
  return { meter, passed: Buffer.concat(passed).toString() };
}

const together = (...frames: readonly Buffer[]): string => Buffer.concat(frames).toString();

describe('a meter of Anthropic’s events', () => {
  it('passes an event that is none it knows', () => {
    const odd = Buffer.from('data: {"type":{"toString":1}}\n\n');
    expect(listen([[START, odd]]).passed).toBe(together(START, odd));
  });

  it('adds up the usage of start and end, and keeps the end back', () => {
    const { meter, passed } = listen([
      [START, PING, text('a')],
      [END, STOP, text('b')],
    ]);
    expect(passed).toBe(together(START, PING, text('a'), END));
    expect(meter.usage).toEqual({ input_tokens: 9, cache_read_input_tokens: 3, output_tokens: 7 });
    expect(meter.end()).toEqual(STOP);
    expect(meter.listen(text('c'))).toHaveLength(0);
  });

  it.each(['event: message_stop\n\n', 'event: message_stop\r\ndata: {}\r\n\r\n'])(
    'ends at the name alone: %j',
    (stop) => {
      const { meter, passed } = listen([[START, text('a'), END, Buffer.from(stop)]]);
      expect(passed).toBe(together(START, text('a'), END));
      expect(meter.end()).toEqual(STOP);
    },
  );

  // Kimi and some gateways do: https://github.com/MoonshotAI/Kimi-K2.5/issues/33, https://github.com/vercel/ai/pull/18332
  it('passes the start on once, however often it comes', () => {
    const other = frame({
      type: 'message_start',
      message: { id: 'msg_2', usage: { input_tokens: 9, output_tokens: 1 } },
    });
    const { meter, passed } = listen([[START, START, other, BLOCK, START, text('a'), END, STOP]]);
    expect(passed).toBe(together(START, BLOCK, text('a'), END));
    expect([meter.done, meter.error]).toEqual([true, undefined]);
    expect(meter.usage).toEqual({ input_tokens: 9, cache_read_input_tokens: 3, output_tokens: 7 });
  });

  it('breaks off where another answer begins within this one', () => {
    const other = frame({
      type: 'message_start',
      message: { id: 'msg_2', usage: { input_tokens: 9, output_tokens: 1 } },
    });
    const { meter, passed } = listen([[START, BLOCK, text('a'), other, BLOCK, text('b'), END, STOP]]);
    expect(passed).toBe(together(START, BLOCK, text('a')));
    expect(meter.error?.message).toContain('another answer began');
  });

  it('stops at an error, and keeps its words and the usage until then', () => {
    const { meter, passed } = listen([[START, text('a'), ERROR, text('b'), END, STOP]]);
    expect(passed).toBe(together(START, text('a')));
    expect(meter).toMatchObject({
      error: { message: 'Overloaded', status: 529 },
      done: false,
      usage: { input_tokens: 9, output_tokens: 1 },
    });
  });

  it('is not taken in by texts that look like events, and passes what it can’t read', () => {
    const odd = [
      text('"type":"message_stop"'),
      text('{"type":"error"}'),
      Buffer.from(': "message_stop"\n\n'),
      Buffer.from('data: {"type":"message_stop"\n\n'),
      Buffer.from('data: ["error"]\n\n'),
      frame({ type: 'fresh_event', of: 'message_stop' }),
    ];
    const { meter, passed } = listen([odd]);
    expect(passed).toBe(together(...odd));
    expect(meter).toMatchObject({ usage: undefined, error: undefined, done: false });
  });

  it('hears the same however the frames are grouped', () => {
    const one = fc.oneof(
      fc.string({ unit: 'grapheme' }).map(text),
      fc.constantFrom(START, END, PING, STOP, ERROR, Buffer.from(': keep-alive\n\n')),
    );
    const law = fc.property(fc.array(fc.array(one)), (groups) => {
      const apart = listen(groups.flat().map((single) => [single]));
      expect(listen(groups)).toEqual(apart);
      expect(listen([groups.flat()])).toEqual(apart);
    });
    fc.assert(law);
  });
});
