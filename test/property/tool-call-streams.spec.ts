// Providers stream calls one after another, or to and fro, padded with white space, several deltas in a chunk. However they come, a
// client gets the calls of the plain answer, each opened and closed once, as its SDK puts them together.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { type LanguageModel, streamText, tool } from 'ai';
import * as fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../src/kernel/index.js';
import { anthropicClient, type ClientFormat, responsesClient } from '../../src/proxy/wire/index.js';
import { dataOf, joinEvents } from '../support/proxy/wire/frames.js';

const CONTEXT = { id: 'chatcmpl-7', created: 1_790_000_000, model: 'm' };
const ASKED = { model: 'm', input: 'Hi' };

interface Call {
  readonly name: string;
  readonly arguments: string;
}

const input = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({ name: fc.constantFrom('f', 'g'), arguments: input.map((args) => JSON.stringify(args)) }),
  { minLength: 1, maxLength: 4 },
);
/** How a stream is cut and mixed. */
const mixing = fc.record({
  size: fc.integer({ min: 1, max: 7 }),
  /** Whose turn it is, and whether the delta goes into the chunk before. */
  turns: fc.array(fc.tuple(fc.nat(9), fc.boolean()), { minLength: 1, maxLength: 50 }),
  padding: fc.constantFrom('', ' ', '\n', ' \n\n'),
  content: fc.constantFrom('', 'Let me see.', '\n'),
  finish: fc.constantFrom('stop', 'tool_calls'),
});
type Mixing = typeof mixing extends fc.Arbitrary<infer T> ? T : never;

const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta, finish_reason }],
});

function deltasOf(call: Call, index: number, { size, padding }: Mixing): JsonObject[] {
  const opened = { index, id: `call_${index}`, type: 'function', function: { name: call.name, arguments: '' } };
  const pieces = (call.arguments + padding).match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
  return [opened, ...pieces.map((args) => ({ index, function: { arguments: args } }))];
}

function chunksOf(all: readonly Call[], mix: Mixing): JsonObject[] {
  const waiting = all.map((call, index) => deltasOf(call, index, mix));
  const chunks: { tool_calls: JsonObject[] }[] = [];
  for (let step = 0; ; step++) {
    const [turn, joins] = mix.turns[step % mix.turns.length] ?? [0, false];
    // Calls open in their order.
    const unopened = waiting.findIndex((deltas) => 'id' in (deltas[0] ?? {}));
    const begun = unopened === -1 ? waiting : waiting.slice(0, unopened + 1);
    const open = begun.filter((deltas) => deltas.length > 0);
    const delta = open[turn % open.length]?.shift();
    if (delta === undefined) break;
    const last = chunks.at(-1);
    if (joins && last !== undefined) last.tool_calls.push(delta);
    else chunks.push({ tool_calls: [delta] });
  }
  const padded = chunks.flatMap((one) => [chunk(one as unknown as JsonObject), chunk({ content: mix.padding })]);
  return [chunk({ role: 'assistant', content: mix.content }), ...padded, chunk({}, mix.finish)];
}

const plain = (all: readonly Call[], { content, finish }: Mixing): JsonObject => ({
  id: CONTEXT.id,
  model: 'm',
  choices: [
    {
      message: {
        content,
        tool_calls: all.map((called, index) => ({ id: `call_${index}`, type: 'function', function: { ...called } })),
      },
      finish_reason: finish,
    },
  ],
});

function framesOf(format: ClientFormat, chunks: readonly JsonObject[]): string {
  const stream = format.stream(CONTEXT, ASKED);
  return chunks.map((one) => stream.push(JSON.stringify(one))).join('') + stream.end();
}

const answering = (frames: string) => () =>
  Promise.resolve(new Response(frames, { headers: { 'content-type': 'text/event-stream' } }));

describe('calls that come to and fro', () => {
  it('are those of the plain answer to Anthropic’s SDK', async () => {
    const law = fc.asyncProperty(calls, mixing, async (all, mix) => {
      const frames = framesOf(anthropicClient, chunksOf(all, mix));
      const whole = anthropicClient.answer(plain(all, mix), {});
      const client = new Anthropic({ apiKey: 'x', fetch: answering(frames) });
      const asked = { model: 'm', max_tokens: 9, messages: [] };
      const { content, stop_reason } = await client.messages.stream(asked).finalMessage();
      const told = content.map(({ type, ...block }) =>
        'text' in block ? { type, text: block.text.trimEnd() } : { type, ...block },
      );
      expect(told).toEqual(whole['content']);
      expect([stop_reason, whole['stop_reason']]).toEqual(['tool_use', 'tool_use']);
      expect(() => joinEvents(dataOf(frames))).not.toThrow();
    });
    await fc.assert(law, { numRuns: 60 });
  });

  it('are those of the plain answer to OpenAI’s SDK', async () => {
    const law = fc.asyncProperty(calls, mixing, async (all, mix) => {
      const frames = framesOf(responsesClient, chunksOf(all, mix));
      const client = new OpenAI({ apiKey: 'x', fetch: answering(frames) });
      const { output } = await client.responses.stream(ASKED).finalResponse();
      const called = (item: object) =>
        'arguments' in item
          ? { ...item, parsed_arguments: undefined, arguments: String(item.arguments).trimEnd() }
          : [];
      const whole = responsesClient.answer(plain(all, mix), ASKED)['output'] as unknown as readonly object[];
      expect(output.flatMap(called)).toMatchObject(whole.flatMap(called));
      const done = dataOf(frames).filter(({ type }) => type === 'response.output_item.done');
      const added = dataOf(frames).filter(({ type }) => type === 'response.output_item.added');
      const places = [...output.keys()];
      expect([added, done].map((events) => events.map((event) => event['output_index']))).toEqual([places, places]);
    });
    await fc.assert(law, { numRuns: 60 });
  });

  const MODELS: readonly [string, ClientFormat, (frames: string) => LanguageModel][] = [
    ['messages', anthropicClient, (frames) => createAnthropic({ apiKey: 'x', fetch: answering(frames) })('m')],
    ['responses', responsesClient, (frames) => createOpenAI({ apiKey: 'x', fetch: answering(frames) }).responses('m')],
  ];
  it.each(MODELS)('are called once each by the AI SDK, on /v1/%s', async (_, format, modelOf) => {
    const call = (index: number, more: JsonObject) => ({ index, ...more });
    const opened = (index: number) =>
      call(index, { id: `call_${index}`, type: 'function', function: { name: 'f', arguments: '' } });
    const args = (index: number, text: string) =>
      chunk({ tool_calls: [call(index, { function: { arguments: text } })] });
    const frames = framesOf(format, [
      chunk({ tool_calls: [opened(0), opened(1)] }),
      args(0, '{"x":1}'),
      chunk({ content: '\n' }),
      args(1, '{"x"'),
      args(0, ' '),
      args(1, ':2}'),
      chunk({}, 'stop'),
    ]);
    const { toolCalls } = streamText({
      model: modelOf(frames),
      prompt: 'Hi',
      tools: { f: tool({ inputSchema: z.object({ x: z.number() }) }) },
    });
    expect((await toolCalls).map((one) => one.input)).toEqual([{ x: 1 }, { x: 2 }]);
  });

  it('are several where they share an index, as some providers have it, but not an id', () => {
    const call = (id: string) => ({ index: 0, id, function: { name: 'f', arguments: '{}' } });
    const frames = framesOf(anthropicClient, [chunk({ tool_calls: [call('a'), call('b')] }), chunk({}, 'tool_calls')]);
    expect(joinEvents(dataOf(frames))['content']).toMatchObject([{ id: 'a' }, { id: 'b' }]);
  });
});

describe('content in parts and in texts by turns, as Mistral has it', () => {
  const thinking = (text: string) => ({ type: 'thinking', thinking: [{ type: 'text', text }] });
  const said = (text: string) => ({ type: 'text', text });
  const deltas = [
    { role: 'assistant', content: [thinking('6 times')] },
    { content: [thinking(' 7.'), said('4')] },
    { content: '2' },
    { content: [said(' it is')] },
  ].map((delta) => chunk(delta));

  it('is thinking and text on /v1/messages', () => {
    const frames = framesOf(anthropicClient, [...deltas, chunk({}, 'stop')]);
    expect(joinEvents(dataOf(frames))['content']).toMatchObject([{ thinking: '6 times 7.' }, { text: '42 it is' }]);
  });

  it('is a reasoning item and a message on /v1/responses', () => {
    const frames = framesOf(responsesClient, [...deltas, chunk({}, 'stop')]);
    expect(dataOf(frames).at(-1)).toMatchObject({
      response: { output: [{ summary: [{ text: '6 times 7.' }] }, { content: [{ text: '42 it is' }] }] },
    });
  });
});
