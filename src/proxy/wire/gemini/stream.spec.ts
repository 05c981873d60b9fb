import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinChunks } from '../../../../test/support/proxy/wire/frames.js';
import { context, joined, play } from '../../../../test/support/proxy/wire/gemini.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { gemini } from './index.js';

const chunk = (choices: JsonValue, more: JsonObject = {}): JsonObject => ({
  ...context,
  object: 'chat.completion.chunk',
  choices,
  ...more,
});
const choice = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  index: 0,
  delta,
  logprobs: null,
  finish_reason,
});
const piece = (parts: JsonValue, more: JsonObject = {}): JsonObject => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...more }],
});
const usage = (candidatesTokenCount: number): JsonObject => ({
  promptTokenCount: 5,
  candidatesTokenCount,
  totalTokenCount: 5 + candidatesTokenCount,
});

describe('a stream of Gemini', () => {
  it('becomes chunks of a chat completion', () => {
    const { stream, chunks } = play(
      [
        { ...piece([{ text: 'Hm.', thought: true }]), usageMetadata: usage(0), responseId: 'r' },
        { ...piece([{ text: 'Hi "you"\n' }]), usageMetadata: usage(2) },
        { ...piece([{ text: '', thoughtSignature: 'sig' }], { finishReason: 'STOP' }), usageMetadata: usage(3) },
      ],
      true,
    );
    expect(chunks).toEqual([
      chunk([choice({ role: 'assistant', content: '', reasoning_content: 'Hm.' })]),
      chunk([choice({ content: 'Hi "you"\n' })]),
      chunk([choice({ extra_content: { google: { thought_signature: 'sig' } } }, 'stop')]),
      chunk([], {
        usage: {
          prompt_tokens: 5,
          completion_tokens: 3,
          total_tokens: 8,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      }),
    ]);
    expect(stream).toMatchObject({ usage: usage(3), done: true, error: undefined });
  });

  it('keeps the first call where one at a time was asked for', () => {
    const stream = gemini.stream({ ...context, oneCall: true }, { includeUsage: false });
    const calls = (...names: string[]) => piece(names.map((name) => ({ functionCall: { name, args: {} } })));
    const frames = [calls('f', 'g'), calls('h'), piece([], { finishReason: 'STOP' })].map((event) =>
      stream.push(JSON.stringify(event)),
    );
    expect(frames[0]).toContain('"name":"f"');
    expect(frames.join('').match(/"name":/g)).toHaveLength(1);
    expect(frames[2]).toContain('"finish_reason":"tool_calls"');
  });

  it('numbers its calls, and ends with them', () => {
    const { chunks } = play([
      piece([{ functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 'sig' }]),
      piece([{ functionCall: { name: 'g', args: {} } }]),
      piece([], { finishReason: 'STOP' }),
    ]);
    expect(chunks).toEqual([
      chunk([
        choice({
          role: 'assistant',
          content: '',
          tool_calls: [
            {
              index: 0,
              id: 'a',
              type: 'function',
              function: { name: 'f', arguments: '{"x":1}' },
              extra_content: { google: { thought_signature: 'sig' } },
            },
          ],
        }),
      ]),
      chunk([
        choice({
          tool_calls: [{ index: 1, id: 'call_1_0_1', type: 'function', function: { name: 'g', arguments: '{}' } }],
        }),
      ]),
      chunk([choice({}, 'tool_calls')]),
    ]);
  });

  it('tells usage only to a client that asked for it', () => {
    const events = [{ ...piece([{ text: 'a' }], { finishReason: 'STOP' }), usageMetadata: usage(1) }];
    expect(play(events).chunks).toHaveLength(1);
    expect(play(events, true).chunks).toHaveLength(2);
  });

  it('goes by the last usage, also when it comes after the end', () => {
    const ended = { ...piece([{ text: 'a' }], { finishReason: 'STOP' }), usageMetadata: usage(1) };
    const { stream, chunks } = play([ended, { usageMetadata: usage(2) }], true);
    expect(stream).toMatchObject({ usage: usage(2), done: true });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 2 } });
  });

  it('tells usage also when it came before the end', () => {
    const { chunks } = play(
      [{ ...piece([{ text: 'a' }]), usageMetadata: usage(1) }, piece([], { finishReason: 'STOP' })],
      true,
    );
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 1 } });
  });

  it('is not whole before it has told why it ended', () => {
    expect(play([]).stream.done).toBe(false);
    expect(play([{ ...piece([{ text: 'a' }]), usageMetadata: usage(1) }]).stream).toMatchObject({
      done: false,
      usage: usage(1),
    });
    expect(play([piece([{ text: 'a' }], { finishReason: 'FINISH_REASON_UNSPECIFIED' })]).stream.done).toBe(false);
  });

  // FirebaseExtended/vertexai-sdk-test-data (streaming-failure-recitation-no-content, streaming-failure-finish-reason-safety)
  it('ends for its last reason, where every event has one', () => {
    const stopped = (text: string) => piece([{ text }], { finishReason: 'STOP' });
    const { stream, chunks } = play([stopped('a'), stopped('b'), piece([], { finishReason: 'RECITATION' })]);
    expect(joinChunks(chunks)).toMatchObject({ content: 'ab', finish: 'content_filter' });
    expect(stream.done).toBe(true);
    const called = piece([{ functionCall: { name: 'f', args: {} } }], { finishReason: 'STOP' });
    expect(joinChunks(play([stopped('a'), called]).chunks)).toMatchObject({ content: 'a', finish: 'tool_calls' });
  });

  it('goes on where a reason is empty', () =>
    expect(play([piece([{ text: 'a' }], { finishReason: '' })]).stream.done).toBe(false));

  it('is whole when each of its candidates is', () => {
    const both = {
      candidates: [
        { index: 0, finishReason: 'STOP' },
        { index: 1, content: { parts: [{ text: 'b' }] } },
      ],
    };
    expect(play([both]).stream.done).toBe(false);
    expect(play([both, { candidates: [{ index: 1, finishReason: 'STOP' }] }]).stream.done).toBe(true);
  });

  it('says when the prompt was blocked', () => {
    const { stream, chunks } = play([{ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: usage(0) }]);
    expect(chunks).toMatchObject([
      { choices: [{ finish_reason: 'content_filter', native_finish_reason: 'SAFETY', delta: { role: 'assistant' } }] },
    ]);
    expect(stream.done).toBe(true);
  });

  it('stops at an error, and keeps its words', () => {
    const error = { error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' } };
    const { stream, chunks } = play([
      { ...piece([{ text: 'a' }]), usageMetadata: usage(1) },
      error,
      piece([{ text: 'b' }]),
    ]);
    expect(chunks).toHaveLength(1);
    expect(stream).toMatchObject({
      error: { message: 'The model is overloaded.', status: 503 },
      usage: usage(1),
      done: false,
    });
  });

  it('is not moved by what it can’t read', () => {
    const stream = gemini.stream(context, { includeUsage: true });
    const odd = [
      '',
      '{',
      '[DONE]',
      '[]',
      'null',
      '7',
      '{"candidates":7}',
      '{"candidates":[null]}',
      '{"usageMetadata":1}',
    ];
    expect(odd.map((data) => stream.push(data)).join('')).toBe('');
    expect(stream).toMatchObject({ usage: undefined, error: undefined, done: false });
  });
});

const plainPart: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ text: fc.string({ unit: 'grapheme-ascii' }), thought: fc.constantFrom(false, true) }),
  fc.record({
    functionCall: fc.record(
      {
        id: fc.constantFrom('x', 'y'),
        name: fc.constantFrom('f', 'g'),
        args: fc.dictionary(fc.string(), fc.integer()),
      },
      { requiredKeys: ['name'] },
    ),
  }),
);

/** A part as it is in the whole answer, and how it may have been streamed: in pieces, the first of them with an event of its own. */
const part = fc
  .record({
    part: plainPart,
    signature: fc.constantFrom(undefined, undefined, 'sig1', 'sig2'),
    startsEvent: fc.boolean(),
    cutAt: fc.nat(4),
  })
  .map(({ part: plain, signature, startsEvent, cutAt }) => {
    const sign = (last: JsonObject): JsonObject =>
      signature === undefined ? last : { ...last, thoughtSignature: signature };
    const { text } = plain;
    if (typeof text !== 'string' || cutAt === 0) return { whole: sign(plain), pieces: [sign(plain)], startsEvent };
    const pieces = [{ ...plain, text: text.slice(0, cutAt) }, sign({ ...plain, text: text.slice(cutAt) })];
    return { whole: sign(plain), pieces, startsEvent };
  });

const candidateOf = fc.record({
  parts: fc.array(part, { maxLength: 6 }),
  finishReason: fc.constantFrom('STOP', 'MAX_TOKENS', 'SAFETY', 'MALFORMED_FUNCTION_CALL'),
  endsApart: fc.boolean(),
});
type Candidate = typeof candidateOf extends fc.Arbitrary<infer T> ? T : never;

const wholeOf = ({ parts, finishReason }: Candidate, index: number): JsonObject => ({
  index,
  content: { role: 'model', parts: parts.map(({ whole }) => whole) },
  finishReason,
});

function eventsOf({ parts, finishReason, endsApart }: Candidate, index: number): JsonObject[] {
  const events: JsonObject[][] = [[]];
  for (const { pieces, startsEvent } of parts) {
    if (startsEvent) events.push([]);
    for (const [n, one] of pieces.entries()) {
      if (n > 0) events.push([]);
      events.at(-1)?.push(one);
    }
  }
  const candidates = events.map((some): JsonObject => ({ index, content: { role: 'model', parts: some } }));
  const last = endsApart ? { index } : (candidates.pop() ?? {});
  return [...candidates, { ...last, finishReason }];
}

it('a stream joined is the whole answer, however it was cut', () => {
  const candidates = fc.array(candidateOf, { minLength: 1, maxLength: 3 });
  const property = fc.property(candidates, fc.nat(50), (given, tokens) => {
    const whole = { candidates: given.map(wholeOf), usageMetadata: usage(tokens) };
    const answer = gemini.answer(whole, context);
    const events = given.flatMap(eventsOf);
    const { stream, chunks } = play(
      events.map((one, n) => ({ candidates: [one], usageMetadata: usage(n === events.length - 1 ? tokens : 0) })),
      true,
    );
    expect(joined(chunks)).toEqual({ choices: answer.body['choices'], usage: answer.body['usage'] });
    expect(stream).toMatchObject({ done: true, usage: answer.usage });
  });
  fc.assert(property, { numRuns: 300 });
});

it('a stream that breaks off before its last event is not whole', () => {
  const property = fc.property(candidateOf, fc.nat(), (given, seed) => {
    const events = eventsOf(given, 0);
    const { stream } = play(events.slice(0, seed % events.length).map((one) => ({ candidates: [one] })));
    expect(stream.done).toBe(false);
  });
  fc.assert(property);
});
