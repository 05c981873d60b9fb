// Modes: embedded. What a request is made of does not depend on the stores.
// Requests that no client would send: each is answered, in the shape of its API, and nothing is left held.
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/kernel/index.js';
import { request } from '../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../support/gateway/gateway.js';
import type { TestAccount } from '../support/gateway/ledger-desk.js';
import { expectReadable, expectSettled, formats, runs } from './fuzzing.js';

let gateway: TestGateway;
let account: TestAccount;
beforeAll(async () => {
  gateway = await startGateway({
    channels: (url) =>
      formats(url, `${url}/anthropic`, '').map((entry) =>
        entry.name === 'google' ? { ...entry, baseUrl: `${url}/gemini/v1beta` } : entry,
      ),
  });
  account = await gateway.desk.account('1000000.00');
});
afterAll(() => gateway.close());

const messages = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
  {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
  },
  { role: 'tool', tool_call_id: 'c', content: 'done' },
];
const functions = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
const chat = { messages, max_tokens: 20, tools: functions, tool_choice: 'auto', stop: ['x'], stream: false, n: 1 };

/** Proper requests; what is fuzzed is made of them. */
const PROPER: readonly (readonly [string, JsonObject])[] = [
  ...['gpt-4o-mini', 'claude-haiku-4-5', 'gemini-2.5-flash'].flatMap((model): [string, JsonObject][] => [
    ['/v1/chat/completions', { model, ...chat, response_format: { type: 'text' }, reasoning_effort: 'low' }],
    [
      '/v1/responses',
      { model, input: [{ role: 'user', content: 'Hi' }], max_output_tokens: 20, text: { format: { type: 'text' } } },
    ],
    ['/v1/completions', { model, prompt: 'Hi', max_tokens: 20, stream_options: { include_usage: true }, stream: true }],
    [
      '/v1/messages',
      {
        model,
        max_tokens: 20,
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
        messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        tools: [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
        stop_sequences: ['x'],
      },
    ],
  ]),
  ['/v1/messages/count_tokens', { model: 'claude-haiku-4-5', messages: [{ role: 'user', content: 'Hi' }] }],
  ['/v1/images/edits', { model: 'gpt-image-1' }],
  ['/v1/embeddings', { model: 'text-embedding-3-small', input: ['a', 'b'], dimensions: 8 }],
  ['/v1/images/generations', { model: 'gpt-image-1', prompt: 'An octopus', n: 1 }],
  ['/v1/moderations', { model: 'omni-moderation-latest', input: 'Hi' }],
  ['/v1/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'Hi' }],
  ['/v1/audio/transcriptions', { model: 'whisper-1' }],
  ['/v1/audio/translations', { model: 'whisper-1' }],
  ['/v1/rerank', { model: 'jina-reranker-v2-base-multilingual', query: 'a', documents: ['b', 'c'] }],
];
const proper = fc.constantFrom(...PROPER);
const path = proper.map(([address]) => address);

async function expectAnswered(
  address: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const answer = await request(`${gateway.url}${address}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.key}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
    signal: AbortSignal.timeout(20_000),
  });
  expectReadable(address, answer);
}

const settled = () => expectSettled(gateway, account);

/** Values that code trips over. */
const nasty: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.jsonValue() as fc.Arbitrary<JsonValue>,
  fc.constantFrom<JsonValue>(
    null,
    true,
    -1,
    0.5,
    1e308,
    9_007_199_254_740_992,
    '',
    '\u0000',
    '\uD800',
    '__proto__',
    [],
    {},
    [[]],
    [null],
    { type: 'text' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,' } },
    { role: 'user' },
    { type: 'function' },
    { type: 'json_schema', json_schema: { schema: { $ref: '#' } } },
  ),
);

/** Where in a value something stands: the way to one of its places. */
function placesIn(value: JsonValue): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[]];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [
    [],
    ...keys.flatMap((key) => placesIn((value as JsonObject)[key] as JsonValue).map((rest) => [key, ...rest])),
  ];
}

function replaced(value: JsonValue, [key, ...rest]: readonly (string | number)[], by: JsonValue): JsonValue {
  if (key === undefined) return by;
  const copy = structuredClone(value) as Record<string, JsonValue>;
  copy[key] = replaced(copy[key] as JsonValue, rest, by);
  return copy;
}

it('a proper request with something else in one or two places', async () => {
  const twisted = proper.chain(([address, body]) => {
    const twist = fc.tuple(fc.constantFrom(...placesIn(body).filter((place) => place.length > 0)), nasty);
    return fc.tuple(fc.constant(address), fc.constant(body), twist, fc.option(fc.tuple(fc.string(), nasty)));
  });
  const law = fc.asyncProperty(twisted, async ([address, body, [place, value], more]) => {
    const changed = replaced(body, place, value) as JsonObject;
    await expectAnswered(address, JSON.stringify(more ? { ...changed, [more[0]]: more[1] } : changed));
  });
  await fc.assert(law, runs(500));
  await settled();
});

it('bytes that are not JSON, or part of it', async () => {
  const cut = proper.chain(([, body]) => {
    const bytes = Buffer.from(JSON.stringify(body));
    return fc.nat(bytes.length).map((length) => new Uint8Array(bytes.subarray(0, length)));
  });
  const spoilt = fc.tuple(proper, fc.nat(), fc.integer({ min: 128, max: 255 })).map(([[, body], at, byte]) => {
    const bytes = Buffer.from(JSON.stringify(body));
    bytes[at % bytes.length] = byte;
    return new Uint8Array(bytes);
  });
  const law = fc.asyncProperty(path, fc.oneof(fc.uint8Array(), cut, spoilt), (address, body) =>
    expectAnswered(address, body),
  );
  await fc.assert(law, runs(200));
  await settled();
});

it('depths without end, and lines of megabytes', async () => {
  const deep = fc.tuple(fc.constantFrom(['[', ']'], ['{"a":', '}']), fc.constantFrom(100, 5_000, 200_000));
  const law = fc.asyncProperty(proper, fc.nat(), deep, async ([address, body], at, [[open, close], depth]) => {
    const fields = Object.keys(body).filter((field) => field !== 'model');
    const field = fields[at % fields.length] ?? 'input';
    const bottom = open === '[' ? '' : '1';
    const value = `${open.repeat(depth)}${bottom}${close.repeat(depth)}`;
    const text = JSON.stringify({ ...body, [field]: '@' }).replace('"@"', value);
    await expectAnswered(address, text);
  });
  await fc.assert(law, runs(60));
  for (const [address, body] of PROPER) {
    await expectAnswered(address, JSON.stringify({ ...body, user: 'x'.repeat(1_000_000) }));
    await expectAnswered(address, `${JSON.stringify(body).slice(0, -1)},${'"a":1,'.repeat(50_000)}"b":2}`);
  }
  await settled();
});

it('content that is not what its type says', async () => {
  const types = fc.constantFrom(
    '',
    'text/plain',
    'text/html',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/octet-stream',
    'image/png',
    ';;;',
  );
  const encodings = fc.constantFrom<Record<string, string>>({}, {}, { 'content-encoding': 'gzip' });
  const part = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF\r\n';
  const bodies = fc.oneof(
    proper.map(([, body]) => JSON.stringify(body)),
    fc.constantFrom(
      '',
      '--x--\r\n',
      part,
      `${part}--x--\r\n`,
      `${part}--x\r\ncontent-disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n--x--\r\n`,
    ),
    fc.string(),
  );
  const law = fc.asyncProperty(path, types, encodings, bodies, (address, type, encoding, body) =>
    expectAnswered(address, body, { 'content-type': type, ...encoding }),
  );
  await fc.assert(law, runs(200));
  await settled();
});

it('paths, methods and keys of all kinds', async () => {
  const paths = fc.oneof(
    path,
    fc.webPath().map((rest) => `/v1${rest}`),
    fc.constantFrom(
      '/v1/charges/%',
      '/v1/charges?limit=-1',
      '/v1/models/%2e%2e',
      '/v1/models/a%00b',
      '/v1/messages/x',
      '/v1//',
    ),
  );
  const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS');
  const keys = fc.oneof(fc.constant(`Bearer ${account.key}`), fc.stringMatching(/^[!-~]{0,80}$/));
  const law = fc.asyncProperty(paths, methods, keys, async (address, method, authorization) => {
    const answer = await request(`${gateway.url}${address}`, { method, headers: { authorization } });
    expectReadable(new URL(`${gateway.url}${address}`).pathname, answer);
  });
  await fc.assert(law, runs(200));
  await settled();
});

it('has answered proper requests all the while', async () => {
  expect((await account.ending()).charged.length).toBeGreaterThan(0);
});
