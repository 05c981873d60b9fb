// Whole chat completions of any content, and the chunks a provider may cut them into.
import * as fc from 'fast-check';
import type { JsonObject } from '../../../../src/kernel/index.js';

const words = fc.string({ unit: 'grapheme', maxLength: 12 });
const some = words.filter((text) => text !== '');

const call = fc.record({ name: fc.constantFrom('f', 'g'), arguments: fc.json() });

const usage = fc
  .record({ prompt: fc.nat(900), cached: fc.nat(100), completion: fc.nat(900), reasoning: fc.nat(100) })
  .map(({ prompt, cached, completion, reasoning }) => ({
    prompt_tokens: prompt + cached,
    completion_tokens: completion + reasoning,
    total_tokens: prompt + cached + completion + reasoning,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  }));

/** Completions of one choice that say, decline, think and call in any combination. */
export const chats: fc.Arbitrary<JsonObject> = fc
  .record({
    reasoning_content: fc.option(some, { nil: undefined }),
    details: fc.option(fc.array(fc.record({ type: fc.constant('reasoning.text'), text: words }), { maxLength: 2 })),
    content: fc.option(words),
    refusal: fc.option(some, { nil: undefined, freq: 5 }),
    calls: fc.array(call, { maxLength: 3 }),
    finish: fc.constantFrom('stop', 'length', 'tool_calls', 'content_filter'),
    usage,
  })
  .map(({ details, calls, finish, usage: counts, ...said }) => ({
    id: 'chatcmpl-7',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'm',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          ...said,
          ...(details !== null && { reasoning_details: details }),
          tool_calls: calls.map((called, index) => ({ id: `call_${index}`, type: 'function', function: called })),
        },
        finish_reason: finish,
      },
    ],
    usage: counts,
  }));

/** The chunks that a completion comes in, its texts cut into pieces of up to `size` code units. */
export function chunksOf(chat: JsonObject, size: number): readonly JsonObject[] {
  const [choice] = chat['choices'] as readonly [JsonObject];
  const message = choice['message'] as JsonObject;
  const deltas = [
    { role: 'assistant', content: '' },
    ...pieces(message['reasoning_content'], size).map((reasoning_content) => ({ reasoning_content })),
    ...((message['reasoning_details'] ?? []) as readonly JsonObject[]).map((one) => ({ reasoning_details: [one] })),
    ...pieces(message['content'], size).map((content) => ({ content })),
    ...pieces(message['refusal'], size).map((refusal) => ({ refusal })),
    ...((message['tool_calls'] ?? []) as readonly JsonObject[]).flatMap((one, index) => callDeltas(one, index, size)),
  ];
  const chunk = (delta: JsonObject, finish_reason: string | null): JsonObject => ({
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
  });
  return [
    ...deltas.map((delta) => chunk(delta, null)),
    chunk({}, choice['finish_reason'] as string),
    { choices: [], usage: chat['usage'] },
  ];
}

function callDeltas(one: JsonObject, index: number, size: number): readonly JsonObject[] {
  const called = one['function'] as JsonObject;
  const opened = { index, ...one, function: { ...called, arguments: '' } };
  const parts = pieces(called['arguments'], size).map((args) => ({ index, function: { arguments: args } }));
  return [opened, ...parts].map((delta) => ({ tool_calls: [delta] }));
}

const pieces = (text: unknown, size: number): readonly string[] =>
  typeof text === 'string' ? (text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []) : [];
