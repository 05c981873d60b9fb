import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { usageOfAnswer } from '../wire/index.js';
import { ChatMeter } from './chat-meter.js';
import { dataFrame, DONE_FRAME } from './sse.js';

const chunk = (content: string, more: JsonObject = {}): Buffer =>
  dataFrame({ choices: [{ index: 0, delta: { content } }], ...more });
/** A whole answer. */
const only = dataFrame({ choices: [{ index: 0, delta: { content: 'a' }, finish_reason: 'stop' }] });
const last = (index: number, finish_reason = 'stop'): Buffer =>
  dataFrame({ choices: [{ index, delta: {}, finish_reason }] });
const usage = (completion: number): JsonObject => ({ prompt_tokens: 3, completion_tokens: completion });
const usageChunk = (completion: number): Buffer => dataFrame({ choices: [], usage: usage(completion) });

/** Lets a meter listen to frames, in the groups given. */
function listen(groups: readonly (readonly Buffer[])[], passUsageChunk = false): { meter: ChatMeter; passed: string } {
  const meter = new ChatMeter(passUsageChunk);
  const passed = groups.map((group) => meter.listen(Buffer.concat(group)));
  return { meter, passed: Buffer.concat(passed).toString() };
}

const together = (...texts: readonly Buffer[]): string => Buffer.concat(texts).toString();

describe('a meter', () => {
  it('finds the usage and takes its chunk out', () => {
    const { meter, passed } = listen([[chunk('a'), last(0), usageChunk(5), DONE_FRAME]]);
    expect(meter.usage).toEqual(usage(5));
    expect(passed).toBe(together(chunk('a'), last(0)));
    expect(meter.done).toBe(true);
    expect(meter.end()).toEqual(DONE_FRAME);
  });

  it.each([
    ['before [DONE]', [DONE_FRAME]],
    ['at its end', []],
  ])('says why choices ended that did not say so, %s', (_, end) => {
    const about = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
    const said = (index: number, delta: JsonObject) => dataFrame({ ...about, choices: [{ index, delta }] });
    const calls = { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] };
    const frames = [said(0, calls), said(1, { content: 'a' }), last(1), said(2, { role: 'assistant' })];
    const { meter, passed } = listen([[...frames, ...end]]);
    const choices = [
      { index: 0, delta: {}, finish_reason: 'tool_calls' },
      { index: 2, delta: {}, finish_reason: 'stop' },
    ];
    expect(passed + meter.end().toString()).toBe(together(...frames, dataFrame({ ...about, choices }), DONE_FRAME));
  });

  it('leaves the usage chunk in for a client that asked for it', () => {
    expect(listen([[only, usageChunk(5), DONE_FRAME]], true).passed).toBe(together(only, usageChunk(5)));
  });

  it.each<[string, JsonObject]>([
    ['without choices', { usage: usage(5) }],
    ['whose choices are null', { choices: null, usage: usage(5) }],
  ])('takes out a usage chunk %s, which breaks a client that did not ask for it as well', (_, told) => {
    const { meter, passed } = listen([[only, dataFrame(told), DONE_FRAME]]);
    expect(passed).toBe(together(only));
    expect(meter.usage).toEqual(usage(5));
    expect(listen([[dataFrame(told)]], true).passed).toBe(dataFrame(told).toString());
  });

  it('finds the usage in Groq’s own field, and leaves it there', () => {
    const end = chunk('', { x_groq: { id: 'req_1', usage: usage(5) } });
    const { meter, passed } = listen([[only, end, DONE_FRAME]]);
    expect(meter.usage).toEqual(usage(5));
    expect(passed).toBe(together(only, end));
  });

  it('leaves usage in where it comes with a choice', () => {
    const frame = chunk('a', { usage: usage(5) });
    const { meter, passed } = listen([[frame]]);
    expect(passed).toBe(frame.toString());
    expect(meter.usage).toEqual(usage(5));
  });

  it('goes by the last usage block', () => {
    expect(
      listen([[chunk('a', { usage: usage(1) }), chunk('b', { usage: usage(2) }), usageChunk(3)]]).meter.usage,
    ).toEqual(usage(3));
    expect(listen([[usageChunk(3), chunk('b', { usage: null })]]).meter.usage).toEqual(usage(3));
  });

  it('breaks off where the provider did, and keeps the usage told with that', () => {
    const told = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
    const end = dataFrame({
      choices: [{ index: 0, delta: { content: '' }, finish_reason: 'insufficient_system_resource' }],
      usage: told,
    });
    const { meter, passed } = listen([[chunk('a'), end, DONE_FRAME]]);
    expect(meter.error).toMatchObject({ code: 'insufficient_system_resource', status: 503 });
    expect(meter.usage).toEqual(told);
    expect(passed).toBe(chunk('a').toString());
  });

  it('ends at the end of the window when something was said, whether its usage comes with that or after it', () => {
    const told = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
    const end = (more: JsonObject) =>
      dataFrame({ choices: [{ index: 0, delta: {}, finish_reason: 'model_context_window_exceeded' }], ...more });
    for (const frames of [
      [chunk('a'), end({ usage: told })],
      [chunk('a'), end({}), dataFrame({ choices: [{ index: 0, delta: {} }], usage: told })],
    ]) {
      const { meter, passed } = listen([[...frames, DONE_FRAME]]);
      expect([meter.error, meter.done, meter.usage]).toEqual([undefined, true, told]);
      expect(passed).toBe(together(...frames));
    }
  });

  it('breaks off at the end of the window when nothing was said', () => {
    const end = dataFrame({ choices: [{ index: 0, delta: {}, finish_reason: 'model_context_window_exceeded' }] });
    expect(listen([[end, DONE_FRAME]]).meter.error).toMatchObject({ code: 'context_length_exceeded' });
  });

  it('passes nothing after [DONE]', () => {
    const { meter, passed } = listen([[only, DONE_FRAME, chunk('b')], [usageChunk(9)]]);
    expect(passed).toBe(together(only));
    expect(meter.usage).toBeUndefined();
  });

  it('stops at an error, and keeps its words', () => {
    const { meter, passed } = listen([[chunk('a'), dataFrame({ error: { message: 'overloaded' } }), chunk('b')]]);
    expect(meter.error?.message).toBe('overloaded');
    expect(meter.done).toBe(false);
    expect(passed).toBe(together(chunk('a')));
  });

  it('hears llama.cpp’s error in a field of its own, and does not take [DONE] after it for the end', () => {
    // coddy-project/coddy-agent#106
    const error = Buffer.from('error: {"code":400,"message":"too long","type":"invalid_request_error"}\n\n');
    const { meter, passed } = listen([[chunk('a'), error, DONE_FRAME]]);
    expect(meter).toMatchObject({ error: { message: 'too long', status: 400 }, done: false });
    expect(passed).toBe(together(chunk('a')));
  });

  it('is not taken in by an error of null, or by texts that look like frames', () => {
    const frames = [
      chunk('a', { error: null }),
      chunk('a', { error: false }),
      chunk('a', { error: {} }),
      chunk('a', { error: '' }),
      chunk('[DONE]'),
      chunk('"usage":{"prompt_tokens":1}'),
      chunk('"error"'),
    ];
    const { meter, passed } = listen([frames]);
    expect(passed).toBe(together(...frames));
    expect(meter).toMatchObject({ usage: undefined, error: undefined, done: false });
  });

  it('never parses comments, and passes what is not JSON', () => {
    const odd = [
      ': "usage":{"a":1} [DONE] "error"\n\n',
      'data: {"usage":\n\n',
      'data: ["usage"]\n\n',
      'event: "error"\n\n',
    ];
    const { meter, passed } = listen([odd.map((text) => Buffer.from(text))]);
    expect(passed).toBe(odd.join(''));
    expect(meter).toMatchObject({ usage: undefined, error: undefined, done: false });
  });

  it('hears the same however the frames are grouped', () => {
    const frame = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((text) => chunk(text)),
      fc.nat(99).map((tokens) => usageChunk(tokens)),
      fc.nat(99).map((tokens) => chunk('x', { usage: usage(tokens) })),
      fc.constantFrom(DONE_FRAME, dataFrame({ error: 'broken' }), Buffer.from(': keep-alive\n\n')),
    );
    const property = fc.property(fc.array(fc.array(frame)), fc.boolean(), (groups, asked) => {
      const [grouped, apart] = [
        listen(groups, asked),
        listen(
          groups.flat().map((one) => [one]),
          asked,
        ),
      ];
      expect(grouped).toEqual(apart);
      expect(listen([groups.flat()], asked)).toEqual(apart);
    });
    fc.assert(property);
  });
});

describe('the usage of an answer', () => {
  it.each<[string, JsonObject, unknown]>([
    ['stands at its top', { usage: usage(1) }, usage(1)],
    ['or in its first choice', { choices: [{ usage: usage(2) }] }, usage(2)],
    ['also beside an empty one at the top', { usage: null, choices: [{ usage: usage(2) }] }, usage(2)],
    ['at the top comes first', { usage: usage(1), choices: [{ usage: usage(2) }] }, usage(1)],
    ['may be absent', { choices: [{}] }, undefined],
    ['may be null everywhere', { usage: null, choices: [{ usage: null }] }, undefined],
    ['is taken as it is, sense or not', { usage: 'many' }, 'many'],
  ])('%s', (_case, answer, expected) => expect(usageOfAnswer(answer)).toEqual(expected));
});
