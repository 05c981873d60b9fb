// What must hold of every request that passes between chat completions and Anthropic's format.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/kernel/index.js';
import {
  anthropicClient,
  anthropicUpstream,
  messagesError,
  readMessagesRequest,
  Untranslatable,
} from '../../src/proxy/wire/index.js';
import { CONTEXT } from '../support/proxy/wire/anthropic-messages.js';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((one) => one.trim() !== '');
const name = fc.constantFrom('get_weather', 'now');
const input = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });

const part = fc.oneof(
  text.map((said) => ({ type: 'text', text: said })),
  fc
    .base64String({ minLength: 4 })
    .map((data) => ({ type: 'image_url', image_url: { url: `data:image/png;base64,${data}` } })),
  fc.constant({ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }),
  fc.record({
    type: fc.constant('file'),
    file: fc.record({
      filename: text,
      file_data: fc.base64String({ minLength: 4 }).map((data) => `data:application/pdf;base64,${data}`),
    }),
  }),
);
const user = fc
  .oneof(text, fc.array(part, { minLength: 1, maxLength: 3 }))
  .map((content) => [{ role: 'user', content }]);
const said = text.map((content) => () => [{ role: 'assistant', content }]);
const calls = fc.array(fc.record({ name, input, result: text }), { minLength: 1, maxLength: 3 });
/** In the turn of this number: Anthropic refuses a conversation in which two calls have the same id. */
const calling = fc.record({ content: fc.option(text), calls }).map(({ content, calls: made }) => (turn: number) => [
  {
    role: 'assistant',
    content,
    tool_calls: made.map((call, index) => ({
      id: `call_${turn}_${index}`,
      type: 'function',
      function: { name: call.name, arguments: JSON.stringify(call.input) },
    })),
  },
  ...made.map(({ result }, index) => ({ role: 'tool', tool_call_id: `call_${turn}_${index}`, content: result })),
]);
const instruction = fc.record({ role: fc.constantFrom('system', 'developer'), content: text });

/** Turns of a conversation, in which the user has the last word. */
const turn = fc
  .tuple(user, fc.option(instruction), fc.oneof(said, calling))
  .map(([asked, told, answered]) => (number: number) => [
    ...asked,
    ...(told === null ? [] : [told]),
    ...answered(number),
  ]);
const conversation: fc.Arbitrary<readonly JsonObject[]> = fc
  .tuple(fc.array(instruction, { maxLength: 2 }), fc.array(turn, { maxLength: 4 }), user)
  .map(
    ([told, turns, last]) =>
      [...told, ...turns.flatMap((one, number) => one(number)), ...last] as readonly JsonObject[],
  );

/** What is said by whom, as a list of words, files and calls, whoever joins or splits messages. */
function meaning(messages: readonly JsonObject[]): readonly JsonValue[] {
  return messages.flatMap((message) => {
    const { role, content, tool_call_id: answered } = message;
    const by = role === 'developer' ? 'system' : role;
    const things = Array.isArray(content) ? (content as readonly JsonObject[]) : textThings(content);
    const saying = things.flatMap((thing): readonly JsonValue[] =>
      thing['type'] === 'text' ? String(thing['text']).split('\n\n') : [thing],
    );
    const made = ((message['tool_calls'] ?? []) as readonly JsonObject[]).map((call) => {
      const called = call['function'] as { name: string; arguments: string };
      return { id: call['id'], name: called.name, input: JSON.parse(called.arguments) as JsonValue };
    });
    return [...saying, ...made].map((thing): JsonValue => ({ by, ...(answered !== undefined && { answered }), thing }));
  });
}

const textThings = (content: JsonValue | undefined): readonly JsonObject[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : [];

const asUser = (message: JsonObject): JsonObject =>
  message['role'] === 'system' || message['role'] === 'developer'
    ? { role: 'user', content: `<system>\n${String(message['content'])}\n</system>` }
    : message;

const request = (model: string, messages: readonly JsonObject[]): JsonObject => ({ model, max_tokens: 100, messages });
const thereAndBack = (chat: JsonObject) =>
  anthropicClient.request(anthropicUpstream.request(chat))['messages'] as readonly JsonObject[];

describe('a conversation that goes to Anthropic’s format and back', () => {
  it('says the same in the same order', () => {
    const law = fc.property(conversation, (messages) => {
      expect(meaning(thereAndBack(request('claude-opus-5-5', messages)))).toEqual(meaning(messages));
    });
    fc.assert(law);
  });

  it('has its instructions as the user’s in their place where the model takes none there', () => {
    const law = fc.property(conversation, (messages) => {
      const start = messages.findIndex(({ role }) => role === 'user');
      const told = messages.map((message, index) => (index > start ? asUser(message) : message));
      expect(meaning(thereAndBack(request('claude-haiku-4-5', messages)))).toEqual(meaning(told));
    });
    fc.assert(law);
  });

  it('alternates between user and assistant, with results before anything else', () => {
    const law = fc.property(conversation, (messages) => {
      const sent = anthropicUpstream.request(request('claude-haiku-4-5', messages))[
        'messages'
      ] as readonly JsonObject[];
      expect(sent.map(({ role }) => role)).toEqual(sent.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')));
      for (const { content } of sent) {
        if (!Array.isArray(content)) continue;
        const results = (content as readonly JsonObject[]).map(({ type }) => type === 'tool_result');
        expect(results.lastIndexOf(true)).toBe(results.filter(Boolean).length - 1);
      }
    });
    fc.assert(law);
  });
});

const FIELDS =
  `
  model messages role content type text tools function name parameters tool_choice stop max_tokens thinking reasoning
  reasoning_effort reasoning_details response_format json_schema schema system source data media_type url image_url file
  file_data tool_calls arguments input_schema usage input_tokens output_tokens choices delta message index content_block
  stop_reason metadata output_config format properties anyOf cache_control context_management edits id signature error
`.match(/\S+/g) ?? [];
const WORDS =
  `
  claude-opus-5-5 claude-haiku-4-5 gpt-5 user assistant system tool text image image_url file document base64 application/pdf
  tool_use tool_result thinking redacted_thinking function auto any enabled adaptive disabled json_schema high
  data:image/png;base64,AA== data:application/pdf;base64,AA== message_start content_block_start content_block_delta
  content_block_stop message_delta message_stop text_delta input_json_delta thinking_delta signature_delta end_turn stop
  reasoning.text
`.match(/\S+/g) ?? [];

/** JSON of any shape, made of the words of the formats, so that it gets far. */
const { likely } = fc.letrec<{ likely: JsonValue }>((tie) => ({
  likely: fc.oneof(
    { maxDepth: 5, depthSize: 'medium' },
    fc.constantFrom<JsonValue>(...WORDS),
    fc.constantFrom<JsonValue>(null, true, 0, -1, 1.5, 100, ''),
    fc.array(tie('likely'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('likely'), { maxKeys: 6 }) as fc.Arbitrary<JsonValue>,
  ),
}));
const object = fc.oneof(
  fc.dictionary(fc.constantFrom(...FIELDS), likely, { maxKeys: 8 }),
  fc.dictionary(fc.string(), fc.jsonValue()),
) as fc.Arbitrary<JsonObject>;

/** What a translation may throw. */
function orUntranslatable(translate: () => unknown): void {
  try {
    translate();
  } catch (error) {
    if (!(error instanceof Untranslatable)) throw error;
  }
}

describe('whatever JSON comes', () => {
  it('a request is translated or refused as untranslatable', () => {
    const law = fc.property(object, object, (body, message) => {
      for (const chat of [body, { ...body, max_tokens: 5, messages: [message] }]) {
        orUntranslatable(() => JSON.stringify(anthropicUpstream.request(chat)));
        orUntranslatable(() => JSON.stringify(anthropicClient.request(chat)));
        orUntranslatable(() => readMessagesRequest({ ...chat, model: 'claude-opus-5-5' }, 1_000));
      }
    });
    fc.assert(law, { numRuns: 1_000 });
  });

  it('an answer is translated or refused as untranslatable', () => {
    const law = fc.property(object, object, (body, asked) => {
      orUntranslatable(() => anthropicUpstream.answer(body, CONTEXT));
      anthropicClient.answer(body, asked);
      messagesError(400, body);
      anthropicUpstream.readUsage(body);
    });
    fc.assert(law, { numRuns: 1_000 });
  });

  it('a stream takes it in', () => {
    const law = fc.property(fc.array(fc.oneof(object, likely)), object, (events, asked) => {
      const [up, down] = [
        anthropicUpstream.stream(CONTEXT, { includeUsage: true }),
        anthropicClient.stream(CONTEXT, asked),
      ];
      for (const event of events) {
        up.push(JSON.stringify(event));
        down.push(JSON.stringify(event));
      }
      up.push('{"broken');
      down.push('{"broken');
      down.fail(asked);
      down.end();
    });
    fc.assert(law, { numRuns: 1_000 });
  });
});
