// Modes: embedded. The shape of answers does not depend on the stores.
// Every answer against OpenAI's own OpenAPI document, plain and streamed, in front of providers of every wire format.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/index.js';
import { get, jsonOf, request } from '../support/gateway/calls.js';
import { inEveryFormat, startGateway, type TestGateway } from '../support/gateway/gateway.js';
import { CHAT_MODELS } from './conformance/features.js';
import { CITY, PNG, wav } from './conformance/material.js';

const document = JSON.parse(readFileSync(new URL('schemas/openai.json', import.meta.url), 'utf8')) as JsonObject;
// What OpenAI's document says with formats and unions of discriminators is said by its types, too.
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, verbose: true }).addSchema(
  document,
  'openai.json',
);

/** What is null in the document's own examples, and in OpenAI's answers, although its schemas forget it. */
const NULL_ALL_THE_SAME = /^(?:\/response)?\/(?:user|usage)$|^\/choices\/\d+\/finish_reason$/;

/** What is wrong with an answer, in words. */
function faults(schema: string, answer: unknown): string[] {
  const validate = ajv.getSchema(`openai.json#/components/schemas/${schema}`);
  if (validate === undefined) throw new Error(`there is no schema ${schema}`);
  if (validate(answer) === true) return [];
  const faulty = (validate.errors ?? []).filter(
    ({ instancePath, data }) => data !== null || !NULL_ALL_THE_SAME.test(instancePath),
  );
  return faulty.map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

/** The schema of an event of a streamed response, by its type. */
const eventSchemas = new Map(
  Object.entries((document['components'] as { schemas: Record<string, JsonObject> }).schemas).map(([name, schema]) => [
    (schema['properties'] as { type?: { enum?: readonly string[] } } | undefined)?.type?.enum?.[0],
    name,
  ]),
);

const expectIs = (schema: string, answer: unknown): void =>
  expect(faults(schema, answer), `${schema}: ${JSON.stringify(answer).slice(0, 1_000)}`).toEqual([]);

const expectIsEvent = (event: JsonObject): void =>
  expectIs(eventSchemas.get(String(event['type'])) ?? `of ${String(event['type'])}`, event);

let gateway: TestGateway;
let key: string;
beforeAll(async () => {
  gateway = await startGateway({ channels: inEveryFormat });
  ({ key } = await gateway.desk.account('100.00'));
});
afterAll(() => gateway.close());

const send = (path: string, body: JsonObject) =>
  request(`${gateway.url}/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function answerTo(path: string, body: JsonObject): Promise<JsonObject> {
  const answer = await send(path, body);
  expect(answer.status, answer.text).toBe(200);
  return jsonOf(answer);
}

/** The data of all events but `[DONE]`. */
async function eventsOf(path: string, body: JsonObject): Promise<JsonObject[]> {
  const { text, headers } = await send(path, { ...body, stream: true });
  expect(headers.get('content-type'), text).toContain('text/event-stream');
  const data = [...text.matchAll(/^data: (?!\[DONE\])(.*)$/gm)].map(([, json = '']) => JSON.parse(json) as JsonObject);
  expect(data.length).toBeGreaterThan(1);
  return data;
}

const user = (content: string) => [{ role: 'user', content }];
const functionTool = { type: 'function', function: { name: 'weather', parameters: CITY } };
const jsonSchema = { type: 'json_schema', json_schema: { name: 'place', schema: CITY, strict: true } };
const picture = [
  { type: 'text', text: 'What is it?' },
  { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
];

const CHATS: readonly (readonly [string, JsonObject])[] = [
  ['a text', { messages: user('Hi') }],
  ['a call of a tool', { messages: user('Hi'), tools: [functionTool] }],
  ['structured output', { messages: user('Hi'), response_format: jsonSchema }],
  ['a text cut short', { messages: user('Hi'), max_tokens: 2 }],
  ['thoughts', { messages: user('[[sandbox reasoning=30]] Hi'), reasoning_effort: 'low' }],
  ['cached tokens', { messages: user('[[sandbox cached=3]] A longer prompt that is in the cache') }],
  ['a picture', { messages: [{ role: 'user', content: picture }] }],
  ['nothing but a stop', { messages: user('Hi'), stop: ['Sandbox'] }],
];

describe.each(CHAT_MODELS)('%s', (model) => {
  describe.each(CHATS)('with %s', (_case, chat) => {
    it('answers with a chat completion', async () =>
      expectIs('CreateChatCompletionResponse', await answerTo('/chat/completions', { model, ...chat })));

    it('streams chunks of one', async () => {
      const options = { stream_options: { include_usage: true } };
      for (const chunk of await eventsOf('/chat/completions', { model, ...chat, ...options }))
        expectIs('CreateChatCompletionStreamResponse', chunk);
    });
  });

  const tool = { type: 'function', name: 'weather', parameters: CITY, strict: true };
  // Not every model of OpenAI reasons.
  const thinking = model.startsWith('gpt-4o') ? { model: 'gpt-5-mini' } : {};
  describe.each<[string, JsonObject]>([
    ['a text', { input: 'Hi' }],
    ['a call of a tool', { input: 'Hi', tools: [tool] }],
    ['a choice of a tool', { input: 'Hi', tools: [tool], tool_choice: { type: 'function', name: 'weather' } }],
    ['structured output', { input: 'Hi', text: { format: { ...jsonSchema.json_schema, type: 'json_schema' } } }],
    ['a text cut short', { input: 'Hi', max_output_tokens: 2 }],
    ['thoughts', { ...thinking, input: '[[sandbox reasoning=30]] Hi', reasoning: { effort: 'low', summary: 'auto' } }],
    ['all that can be repeated', { input: 'Hi', instructions: 'Be brief.', metadata: { a: 'b' }, temperature: 0.5 }],
  ])('with %s', (_case, ask) => {
    it('answers with a response', async () => expectIs('Response', await answerTo('/responses', { model, ...ask })));

    it('streams events of one', async () => {
      for (const event of await eventsOf('/responses', { model, ...ask })) expectIsEvent(event);
    });
  });

  it('fails a response in the midst of a stream with events of one', async () => {
    const input = '[[sandbox fault=error_midstream]] Hi';
    const events = await eventsOf('/responses', { model, input });
    expect(events.at(-1)).toMatchObject({ type: 'response.failed' });
    for (const event of events) expectIsEvent(event);
  });

  it('completes a prompt', async () => {
    const body = { model, prompt: 'Hi', max_tokens: 5 };
    expectIs('CreateCompletionResponse', await answerTo('/completions', body));
    const options = { stream_options: { include_usage: true } };
    for (const chunk of await eventsOf('/completions', { ...body, ...options }))
      expectIs('CreateCompletionResponse', chunk);
  });

  it.each(['status_400', 'html_502', 'half_json', 'no_usage'])(
    'that fails with %s is an error of OpenAI’s shape, if it is one',
    async (fault) => {
      const answer = await send('/chat/completions', { model, messages: user(`[[sandbox fault=${fault}]]`) });
      expectIs(answer.status === 200 ? 'CreateChatCompletionResponse' : 'ErrorResponse', jsonOf(answer));
    },
  );
});

describe('the other endpoints', () => {
  it('list models', async () => {
    const models = jsonOf(await get(gateway.url, '/v1/models', key));
    expectIs('ListModelsResponse', models);
    expectIs('Model', jsonOf(await get(gateway.url, '/v1/models/gpt-4o', key)));
  });

  it.each([{}, { encoding_format: 'base64' }, { dimensions: 8 }])('embed (%o)', async (more) => {
    const answer = await answerTo('/embeddings', { model: 'text-embedding-3-small', input: ['a', 'b'], ...more });
    // OpenAI's document forgets that an embedding can come as base64.
    const asked = 'encoding_format' in more ? withNumbers(answer) : answer;
    expectIs('CreateEmbeddingResponse', asked);
  });

  it.each<[string, () => Promise<{ text: string }>]>([
    ['no key', () => request(`${gateway.url}/v1/models`)],
    ['an unknown path', () => get(gateway.url, '/v1/nothing', key)],
    ['an unknown model', () => send('/chat/completions', { model: 'gpt-99', messages: user('Hi') })],
    ['no input', () => send('/embeddings', { model: 'text-embedding-3-small' })],
    ['no messages', () => send('/chat/completions', { model: 'gpt-4o' })],
  ])('refuse %s with an error', async (_case, ask) => expectIs('ErrorResponse', JSON.parse((await ask()).text)));
});

function withNumbers(answer: JsonObject): JsonObject {
  const data = (answer['data'] as JsonObject[]).map((item) => ({ ...item, embedding: [0] }));
  return { ...answer, data };
}

describe('pictures, words and sounds', () => {
  it('are made', async () =>
    expectIs('ImagesResponse', await answerTo('/images/generations', { model: 'gpt-image-1', prompt: 'An octopus' })));

  it('are moderated', async () =>
    expectIs('CreateModerationResponse', await answerTo('/moderations', { input: 'Hi' })));

  it.each([
    ['json', 'CreateTranscriptionResponseJson'],
    ['verbose_json', 'CreateTranscriptionResponseVerboseJson'],
  ])('are transcribed to %s', async (format, schema) => {
    const form = new FormData();
    form.set('model', 'whisper-1');
    form.set('response_format', format);
    form.set('file', new File([new Uint8Array(wav())], 'a.wav', { type: 'audio/wav' }));
    const headers = { authorization: `Bearer ${key}` };
    const answer = await request(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form });
    expectIs(schema, jsonOf(answer));
  });
});
