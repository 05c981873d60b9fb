import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { context } from '../../../../test/support/proxy/wire/gemini.js';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { gemini } from './index.js';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const signature = fc.constantFrom('c2lnMQ==', 'c2lnMg==', 'c2lnMw==');
const args = fc.dictionary(text, fc.jsonValue({ maxDepth: 2 }));
const google = (thought_signature: string): JsonObject => ({ extra_content: { google: { thought_signature } } });

/** A turn: the user speaks, the assistant may call and be told the results, then answers. */
const turn = fc.record({
  system: fc.option(text, { nil: undefined }),
  user: fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })),
  steps: fc.array(
    fc.record({
      said: fc.option(text, { nil: null }),
      calls: fc.array(fc.record({ name: fc.constantFrom('f', 'g'), args, result: text }), {
        minLength: 1,
        maxLength: 3,
      }),
      signature,
      shuffled: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  answer: text,
  signature: fc.option(fc.constant('dGV4dA=='), { nil: undefined }),
});

/** The turns as messages of a chat, every call with an id of its own. */
function messagesOf(turns: readonly (typeof turn extends fc.Arbitrary<infer T> ? T : never)[]): JsonObject[] {
  return turns.flatMap(({ system, user, steps, answer, signature: ofText }, t) => [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: typeof user === 'string' ? user : user.map((one) => ({ type: 'text', text: one })) },
    ...steps.flatMap(({ said, calls, signature: ofCall, shuffled }, s) => {
      const ids = calls.map((_call, c) => `call-${t}-${s}-${c}`);
      const results = calls.map(({ result }, c) => ({ role: 'tool', tool_call_id: ids[c] ?? '', content: result }));
      const tool_calls = calls.map((call, c) => ({
        id: ids[c] ?? '',
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.args) },
        ...(c === 0 && google(ofCall)),
      }));
      return [{ role: 'assistant', content: said, tool_calls }, ...(shuffled ? results.toReversed() : results)];
    }),
    { role: 'assistant', content: answer, ...(ofText !== undefined && google(ofText)) },
  ]);
}

/** Gemini's contents as messages again: what the model said by the translation of answers, the rest read plainly. */
function backOf(request: JsonObject): JsonObject[] {
  return (request['contents'] as JsonObject[]).flatMap((content) => {
    const parts = content['parts'] as JsonObject[];
    if (content['role'] === 'model') {
      const { body } = gemini.answer({ candidates: [{ content, finishReason: 'STOP' }] }, context);
      const [{ message } = {}] = body['choices'] as { message?: JsonObject }[];
      const { refusal: _none, ...rest } = message ?? {};
      return [rest];
    }
    const responses = parts.flatMap(({ functionResponse }) =>
      functionResponse === undefined ? [] : [functionResponse],
    );
    if (responses.length === 0) return [{ role: 'user', content: parts.map((part) => part['text'] as JsonValue) }];
    return (responses as JsonObject[]).map(({ id, name, response }) => ({ role: 'tool', id, name, response }));
  });
}

/** The messages as they must come back: texts in order, and results by name, in the order of the calls. */
function plain(messages: readonly JsonObject[]): JsonObject[] {
  const names = new Map<JsonValue | undefined, JsonValue | undefined>();
  const told: JsonObject[] = [];
  for (const message of messages) {
    const { role, content, tool_calls = [], tool_call_id: id } = message;
    for (const call of tool_calls as JsonObject[]) names.set(call['id'], (call['function'] as JsonObject)['name']);
    if (role === 'system') {
      if (told.length > 0) told.push({ role: 'user', content: [`<system>\n${String(content)}\n</system>`] });
      continue;
    }
    if (role === 'tool') told.push({ role, id, name: names.get(id), response: { output: content } });
    else if (role === 'user') {
      const texts = typeof content === 'string' ? [content] : (content as JsonObject[]).map((part) => part['text']);
      told.push({ role, content: texts as JsonValue });
    } else told.push(message);
  }
  return inOrder(told);
}

/** Sorts runs of results by id, which counts up. */
function inOrder(messages: readonly JsonObject[]): JsonObject[] {
  const sorted = [...messages];
  for (let start = 0; start < sorted.length; start++) {
    let end = start;
    while (sorted[end]?.['role'] === 'tool') end++;
    const run = sorted.slice(start, end).toSorted((a, b) => ((a['id'] as string) < (b['id'] as string) ? -1 : 1));
    sorted.splice(start, run.length, ...run);
    start = end;
  }
  return sorted;
}

it('a conversation with Gemini 3 goes there and back with its meaning, its ids and its signatures', () => {
  const property = fc.property(fc.array(turn, { minLength: 1, maxLength: 3 }), (turns) => {
    const messages = messagesOf(turns);
    const request = gemini.request({ model: 'gemini-3.5-flash', max_tokens: 1, messages });
    expect(backOf(request)).toEqual(plain(messages));
    const [{ system } = {}] = turns;
    expect(request['systemInstruction']).toEqual(system === undefined ? undefined : { parts: [{ text: system }] });
  });
  fc.assert(property, { numRuns: 200 });
});
