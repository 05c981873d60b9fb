// What must hold of every answer that passes between Anthropic's format and chat completions.
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { UsageFault } from '../../src/pricing/index.js';
import { anthropicClient, anthropicUpstream } from '../../src/proxy/wire/index.js';
import { CONTEXT, eventsOf, messages } from '../support/proxy/wire/anthropic-messages.js';
import { dataOf, joinChunks, joinEvents, whole } from '../support/proxy/wire/frames.js';

function chunksOf(message: JsonObject, seed: number) {
  const stream = anthropicUpstream.stream(CONTEXT, { includeUsage: true });
  const frames = eventsOf(message, seed).map((event) => stream.push(JSON.stringify(event)));
  return { stream, chunks: dataOf(frames.join('')) };
}

/** Arguments as what they mean: a stream may space them otherwise. */
const meaning = (completion: JsonObject): JsonObject => ({
  ...completion,
  calls: (completion['calls'] as readonly JsonObject[]).map((call) => {
    const called = call['function'] as { name: string; arguments: string };
    return { ...call, function: { name: called.name, input: JSON.parse(called.arguments) as JsonObject } };
  }),
});

it('an answer of Anthropic’s comes to the same whether streamed or whole', () => {
  const law = fc.property(messages, fc.nat(), (message, seed) => {
    const { stream, chunks } = chunksOf(message, seed);
    const answer = anthropicUpstream.answer(message, CONTEXT);
    expect(meaning(joinChunks(chunks))).toEqual(meaning(whole(answer.body)));
    expect(stream).toMatchObject({ done: true, error: undefined });
    const [streamed, plain] = [stream.usage ?? null, answer.usage ?? null].map((raw) =>
      anthropicUpstream.readUsage(raw),
    );
    expect(streamed).toEqual(plain);
    expect(plain).not.toBeInstanceOf(UsageFault);
  });
  fc.assert(law);
});

it('the counts of a client are exactly those of the bill', () => {
  const law = fc.property(messages, (message) => {
    const { body, usage } = anthropicUpstream.answer(message, CONTEXT);
    const billed = anthropicUpstream.readUsage(usage ?? null);
    if (billed instanceof UsageFault) throw new Error(billed.message);
    expect(body['usage']).toMatchObject({
      prompt_tokens: billed.promptTokens,
      completion_tokens: billed.completionTokens,
      total_tokens: billed.totalTokens,
      prompt_tokens_details: {
        cached_tokens: billed.cachedTokens,
        cache_write_tokens: billed.cacheWriteTokens + billed.cacheWrite1hTokens,
      },
      completion_tokens_details: { reasoning_tokens: billed.reasoningTokens },
    });
  });
  fc.assert(law);
});

/** What a client of Anthropic's API gets to see, neighbouring texts joined. */
function seen(message: JsonObject): JsonObject {
  const blocks = message['content'] as readonly JsonObject[];
  const usage = message['usage'] as JsonObject;
  const tools = blocks.filter(({ type }) => type === 'tool_use');
  const textOf = (type: string) => blocks.map((block) => (block['type'] === type ? String(block[type]) : '')).join('');
  return {
    // White space around calls is padding.
    text: tools.length > 0 ? textOf('text').trim() : textOf('text'),
    thinking: textOf('thinking'),
    tools,
    ...endOf(message, tools.length > 0),
    usage: {
      input: usage['input_tokens'],
      read: usage['cache_read_input_tokens'],
      written: usage['cache_creation_input_tokens'],
      life: usage['cache_creation_input_tokens'] === 0 ? null : usage['cache_creation'],
      output: usage['output_tokens'],
      thought: usage['output_tokens_details'],
    },
  };
}

/** An answer with calls ends for them, whatever else is said, unless it was cut off; one without does not. */
function endOf(message: JsonObject, hasCalls: boolean): JsonObject {
  const reason = String(message['stop_reason']);
  const stop = ENDS[reason] ?? reason;
  if (stop === 'tool_use' && !hasCalls) return { stop: 'end_turn', sequence: null };
  const isForCalls = hasCalls && (stop === 'end_turn' || stop === 'stop_sequence');
  return isForCalls ? { stop: 'tool_use', sequence: null } : { stop, sequence: message['stop_sequence'] ?? null };
}

/** Reasons that chat completions can't tell apart. */
const ENDS: Readonly<Record<string, string>> = { model_context_window_exceeded: 'max_tokens', pause_turn: 'end_turn' };

/** Why a model declined becomes text, as there is no field for it. */
const unexplained = messages.map((message) => ({ ...message, stop_details: null }));

it('an answer of Anthropic’s keeps its meaning on the way through chat completions', () => {
  const law = fc.property(unexplained, fc.nat(), (message, seed) => {
    const events = anthropicClient.stream(CONTEXT, {});
    const frames = chunksOf(message, seed).chunks.map((chunk) => events.push(JSON.stringify(chunk)));
    const streamed = joinEvents(dataOf(frames.join('') + events.end()));
    expect(seen(streamed)).toEqual(seen(message));
    const plain = anthropicClient.answer(anthropicUpstream.answer(message, CONTEXT).body, {});
    expect(seen(plain)).toEqual(seen(message));
  });
  fc.assert(law);
});

it('no event may leave before the end what the end alone may say', () => {
  const law = fc.property(messages, fc.nat(), (message, seed) => {
    const events = anthropicClient.stream(CONTEXT, {});
    const before = chunksOf(message, seed).chunks.map((chunk) => events.push(JSON.stringify(chunk)));
    expect(before.join('')).not.toMatch(/^event: message_(?:delta|stop)$/m);
    expect(dataOf(events.end()).at(-1)).toEqual({ type: 'message_stop' });
  });
  fc.assert(law);
});
