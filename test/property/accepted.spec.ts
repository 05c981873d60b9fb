// Whatever a client of one API asks, in a form that this API takes, is asked of every provider in a form that it takes: the sandbox, which
// refuses what the makers refuse, is asked.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRequest as readMessages } from '../../sandbox/provider/anthropic/request.js';
import { readRequest as readContent } from '../../sandbox/provider/gemini/request.js';
import { parseChatRequest } from '../../sandbox/provider/openai/chat-request.js';
import type { JsonObject } from '../../src/kernel/index.js';
import { findModel } from '../../src/pricing/index.js';
import { CHAT } from '../../src/proxy/endpoints/chat/chat.js';
import { MESSAGES } from '../../src/proxy/endpoints/chat/messages.js';
import { RESPONSES } from '../../src/proxy/endpoints/chat/responses.js';
import type { ChannelFormat } from '../../src/proxy/providers/channels.js';
import { Untranslatable } from '../../src/proxy/wire/index.js';
import { channel } from '../support/proxy/opening.js';

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const text = words.filter((one) => one.trim() !== '');
/** With white space around it, or nothing else. */
const loose = fc.oneof(text, fc.constantFrom(' ', '\n', 'Answer: ', ''));

const leaf = fc.constantFrom<JsonObject>(
  { type: 'string' },
  { type: 'integer', minimum: 1 },
  { type: 'string', format: 'uri' },
  { enum: ['a', 'b'] },
  { type: ['string', 'null'] },
);
const { object } = fc.letrec<{ object: JsonObject; schema: JsonObject }>((tie) => ({
  schema: fc.oneof({ depthSize: 'small' }, leaf, tie('object'), fc.record({ type: fc.constant('array'), items: leaf })),
  object: fc
    .tuple(fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 3 }), fc.nat(3), fc.boolean())
    .map(([properties, required, isClosed]) => ({
      type: 'object',
      properties,
      required: Object.keys(properties).slice(0, required),
      ...(isClosed && { additionalProperties: false }),
    })),
}));
/** Anthropic takes no others for what is strict, and no bounds within. */
const closed = (schema: JsonObject): JsonObject =>
  JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'minimum' ? undefined : isObjectSchema(value) ? { ...value, additionalProperties: false } : value,
    ),
  ) as JsonObject;
const isObjectSchema = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && (value as JsonObject)['type'] === 'object';

interface Asked {
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly last: string;
  readonly prefill: string | undefined;
  readonly schema: JsonObject;
  readonly strict: boolean;
  readonly answer: JsonObject | undefined;
  readonly choice: 'auto' | 'any' | 'none';
  readonly temperature: number | undefined;
  readonly top_p: number | undefined;
  readonly effort: 'low' | 'high' | undefined;
  readonly name: string;
}
interface Turn {
  readonly asked: string;
  readonly said: string;
  readonly thought: string;
  readonly calls: readonly string[];
  readonly id: string;
}

const turn: fc.Arbitrary<Turn> = fc.record({
  asked: text,
  said: loose,
  thought: fc.constantFrom('', 'Hm'),
  calls: fc.array(text, { maxLength: 3 }),
  id: fc.constantFrom(
    'call_',
    'toolu_01A09q90qw90lq917835lq9',
    `call_x__thought__${'c2ln'.repeat(12)}`,
    'x'.repeat(50),
  ),
});
const asked: fc.Arbitrary<Asked> = fc.record({
  system: loose,
  turns: fc.array(turn, { maxLength: 3 }),
  last: text,
  prefill: fc.option(loose, { nil: undefined, freq: 2 }),
  schema: object,
  strict: fc.boolean(),
  answer: fc.option(object, { nil: undefined }),
  choice: fc.constantFrom('auto', 'any', 'none'),
  temperature: fc.constantFrom(undefined, 0, 1),
  top_p: fc.constantFrom(undefined, 0.9),
  effort: fc.constantFrom(undefined, 'low', 'high'),
  name: fc.constantFrom('f', 'get-weather_2', `mcp__${'x'.repeat(70)}__f`),
});

const idOf = (one: Turn, place: number, call: number) => `${one.id.slice(0, 3)}${place}_${call}${one.id.slice(3)}`;

function messagesOf({ turns, last, prefill }: Asked): JsonObject[] {
  const said = turns.flatMap((one, place): JsonObject[] => {
    const uses = one.calls.map((_, call) => ({ type: 'tool_use', id: idOf(one, place, call), name: 'f', input: {} }));
    const results = one.calls.map((content, call) => ({
      type: 'tool_result',
      tool_use_id: idOf(one, place, call),
      content,
    }));
    // What this gateway handed out for other makers has no signature.
    const thought = one.thought === '' ? [] : [{ type: 'thinking', thinking: one.thought, signature: '' }];
    const content = [...thought, ...(one.said.trim() === '' ? [] : [{ type: 'text', text: one.said }]), ...uses];
    return [
      { role: 'user', content: one.asked },
      {
        role: 'assistant',
        content: content.length === thought.length ? [...thought, { type: 'text', text: 'Yes.' }] : content,
      },
      ...(results.length > 0 ? [{ role: 'user', content: results }] : []),
    ];
  });
  const begun = prefill === undefined || prefill.trim() === '' ? [] : [{ role: 'assistant', content: prefill }];
  return [...said, { role: 'user', content: last }, ...begun];
}

function chatOf({ system, turns, last, prefill }: Asked): JsonObject[] {
  const said = turns.flatMap((one, place): JsonObject[] => {
    const ids = one.calls.map((_, call) => idOf(one, place, call).slice(0, 40));
    const tool_calls = ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{}' } }));
    return [
      { role: 'user', content: one.asked },
      // As some clients keep it, words and calls are messages of their own.
      ...(one.thought === '' || ids.length === 0 ? [] : [{ role: 'assistant', content: one.said }]),
      { role: 'assistant', content: one.said, ...(ids.length > 0 && { tool_calls }) },
      ...one.calls.map((content, call) => ({ role: 'tool', tool_call_id: ids[call] ?? '', content })),
    ];
  });
  const begun = prefill === undefined ? [] : [{ role: 'assistant', content: prefill }];
  return [{ role: 'system', content: system }, ...said, { role: 'user', content: last }, ...begun];
}

function inputOf({ turns, last }: Asked): JsonObject[] {
  const said = turns.flatMap((one, place): JsonObject[] => {
    const ids = one.calls.map((_, call) => idOf(one, place, call));
    return [
      { role: 'user', content: one.asked },
      { role: 'assistant', content: one.said },
      ...ids.map((call_id) => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' })),
      ...one.calls.map((output, call) => ({ type: 'function_call_output', call_id: ids[call] ?? '', output })),
    ];
  });
  return [...said, { role: 'user', content: last }];
}

const strictly = (schema: JsonObject): JsonObject => ({
  ...closed(schema),
  required: Object.keys(schema['properties'] as JsonObject),
});
/** OpenAI takes no others for what is strict. */
const fitting = (schema: JsonObject, isStrict: boolean): JsonObject =>
  isStrict
    ? (JSON.parse(
        JSON.stringify(schema, (_, value: unknown) => (isObjectSchema(value) ? strictly(value) : value)),
      ) as JsonObject)
    : schema;

const CHOICES = { auto: 'auto', any: 'required', none: 'none' } as const;

const CLIENTS = {
  messages: {
    endpoint: MESSAGES,
    body: (one: Asked): JsonObject => ({
      max_tokens: 4_000,
      ...(one.system.trim() !== '' && { system: one.system }),
      messages: messagesOf(one),
      tools: [
        { name: one.name, input_schema: one.strict ? closed(one.schema) : { type: 'object' }, strict: one.strict },
      ],
      tool_choice: { type: one.choice },
      ...(one.answer && { output_config: { format: { type: 'json_schema', schema: closed(one.answer) } } }),
      ...(one.temperature !== undefined && { temperature: one.temperature }),
      ...(one.top_p !== undefined && { top_p: one.top_p }),
      ...(one.effort && { thinking: { type: 'enabled', budget_tokens: 2_000 } }),
    }),
  },
  chat: {
    endpoint: CHAT,
    body: (one: Asked): JsonObject => ({
      max_tokens: 4_000,
      messages: chatOf(one),
      tools: [
        {
          type: 'function',
          function: { name: one.name.slice(0, 60), parameters: fitting(one.schema, one.strict), strict: one.strict },
        },
      ],
      tool_choice: CHOICES[one.choice],
      ...(one.answer && {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'a', schema: fitting(one.answer, one.strict), strict: one.strict },
        },
      }),
      temperature: one.temperature ?? null,
      top_p: one.top_p ?? null,
      ...(one.effort && { reasoning_effort: one.effort }),
    }),
  },
  responses: {
    endpoint: RESPONSES,
    body: (one: Asked): JsonObject => ({
      max_output_tokens: 4_000,
      instructions: one.system,
      input: inputOf(one),
      tools: [
        {
          type: 'function',
          name: one.name.slice(0, 60),
          parameters: fitting(one.schema, one.strict),
          strict: one.strict,
        },
      ],
      tool_choice: CHOICES[one.choice],
      ...(one.answer && {
        text: {
          format: { type: 'json_schema', name: 'a', schema: fitting(one.answer, one.strict), strict: one.strict },
        },
      }),
      ...(one.effort && { reasoning: { effort: one.effort } }),
    }),
  },
} as const;
type Client = keyof typeof CLIENTS;

const PROVIDERS: readonly [ChannelFormat, string][] = [
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-5'],
  ['openai', 'deepseek-v4-pro'],
  ['openai', 'kimi-k3'],
  ['anthropic', 'claude-haiku-4-5'],
  ['anthropic', 'claude-opus-4-8'],
  ['anthropic', 'claude-opus-5-5'],
  ['gemini', 'gemini-2.5-flash'],
  ['gemini', 'gemini-2.5-pro'],
  ['gemini', 'gemini-3.8-flash'],
];
const READ: Readonly<Record<ChannelFormat, (body: unknown, model: string) => unknown>> = {
  openai: parseChatRequest,
  anthropic: (body) => readMessages(body),
  gemini: (body, model) => readContent(body, model, false),
};
/** What passes as it came is the client's own business. */
const OWN: Readonly<Record<Client, ChannelFormat>> = { messages: 'anthropic', chat: 'openai', responses: 'openai' };

const pairs = (Object.keys(CLIENTS) as Client[]).flatMap((client) =>
  PROVIDERS.filter(([format]) => OWN[client] !== format || client === 'responses').map(
    ([format, model]) => [client, format, model] as const,
  ),
);

describe.each(pairs)('what a client of %s asks', (client, format, id) => {
  it(`is asked of ${id} so that ${format} takes it`, async () => {
    const model = findModel(id);
    if (model === undefined) throw new Error(`no model ${id}`);
    const { endpoint, body } = CLIENTS[client];
    let translated = 0;
    const law = fc.asyncProperty(asked, async (one) => {
      try {
        const call = await endpoint.read(Buffer.from(JSON.stringify({ model: id, ...body(one) })), {});
        const exchange = call.exchange(model, { channel: { ...channel('c'), format }, upstreamModel: id });
        const sent = await exchange.send(undefined);
        translated++;
        READ[format](JSON.parse(String(sent.body)), id);
      } catch (error) {
        if (!(error instanceof Untranslatable)) throw error; // what can't be told is refused in our words
      }
    });
    await fc.assert(law, { numRuns: 150 });
    expect(translated).toBeGreaterThan(20);
  });
});

it('a cap beyond what the model gives is what it gives, for clients that know other models', async () => {
  const model = findModel('gpt-4o');
  if (model === undefined) throw new Error('no model');
  const capOf = async (endpoint: typeof MESSAGES, body: JsonObject) => {
    const call = await endpoint.read(Buffer.from(JSON.stringify({ model: 'gpt-4o', ...body })), {});
    const exchange = call.exchange(model, {
      channel: channel('c'),
      upstreamModel: 'gpt-4o',
    });
    return (JSON.parse(String((await exchange.send(undefined)).body)) as JsonObject)['max_tokens'];
  };
  const messages = [{ role: 'user', content: 'Hi' }];
  expect(await capOf(MESSAGES, { max_tokens: 128_000, messages })).toBe(model.maxOutputTokens);
  expect(await capOf(MESSAGES, { max_tokens: 5, messages })).toBe(5);
  expect(await capOf(CHAT, { max_tokens: 128_000, messages })).toBe(128_000);
});
