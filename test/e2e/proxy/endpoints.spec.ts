// The endpoints beside chat completions, each billed by what its provider counted, to the last digit: worked out here once more from the
// list prices as people read them, apart from the code that charges.
// Modes: embedded. How a call is stored does not depend on its endpoint.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatUsd, picoUsd, type JsonObject, type JsonValue } from '../../../src/kernel/index.js';
import { type Answer, errorOf, jsonOf, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, NOTHING, released, type TestAccount } from '../../support/gateway/ledger-desk.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway({
    channels: (sandbox) => [
      channel('sandbox', sandbox, { makers: ['openai', 'jina'] }),
      channel('google', '', { baseUrl: `${sandbox}/gemini/v1beta`, makers: ['google'], format: 'gemini' }),
      // Counts tokens for a model that is sold by the second.
      channel('odd', sandbox, { makers: [], models: { 'gpt-transcribe': 'gpt-4o-transcribe' }, order: -1 }),
    ],
  });
});
afterAll(() => gateway.close());

const WAV_SECONDS = 3;

/** Silence of 8,000 samples a second, 16 bits each. */
function wav(): File {
  const audio = Buffer.alloc(44 + WAV_SECONDS * 16_000);
  audio.write('RIFF', 0);
  audio.writeUInt32LE(16_000, 28);
  return new File([audio], 'note.wav');
}

/** Sends JSON; to a path of audio that is taken in, a form with a file. */
function call(path: string, key: string, body: JsonObject): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}` };
  const url = `${gateway.url}/v1${path}`;
  if (!path.startsWith('/audio/trans')) {
    const json = { ...headers, 'content-type': 'application/json' };
    return request(url, { method: 'POST', headers: json, body: JSON.stringify(body) });
  }
  const form = new FormData();
  form.append('file', wav());
  for (const [name, value] of Object.entries(body)) form.append(name, String(value));
  return request(url, { method: 'POST', headers, body: form });
}

/** Pico-dollars for a token at a price per million. */
const perToken = (usdPerMillion: number): bigint => BigInt(usdPerMillion * 1_000_000);
const PICO_PER_USD = 1_000_000_000_000n;

interface Sold {
  readonly path: string;
  readonly body: JsonObject;
  /** What the usage block must come to, in pico-dollars. */
  readonly cost: (usage: Record<string, number>) => bigint;
  /** Where the text of a request stands. */
  readonly field: string;
}

const OCTOPUS = 'Octopuses 🐙 have three hearts';
const SOLD: Readonly<Record<string, Sold>> = {
  'text-embedding-3-small': {
    path: '/embeddings',
    body: { input: [OCTOPUS, 'Squids too'] },
    field: 'input',
    cost: ({ prompt_tokens: tokens = 0 }) => BigInt(tokens) * perToken(0.02),
  },
  'text-embedding-ada-002': {
    path: '/embeddings',
    body: { input: OCTOPUS, encoding_format: 'base64' },
    field: 'input',
    cost: ({ prompt_tokens: tokens = 0 }) => BigInt(tokens) * perToken(0.1),
  },
  'gemini-embedding-001': {
    path: '/embeddings',
    body: { input: [OCTOPUS, 'Squids too'], dimensions: 256 },
    field: 'input',
    cost: ({ promptTokenCount: tokens = 0 }) => BigInt(tokens) * perToken(0.15),
  },
  'gpt-image-2': {
    path: '/images/generations',
    body: { prompt: OCTOPUS, n: 2, quality: 'low' },
    field: 'prompt',
    cost: ({ input_tokens: input = 0, output_tokens: output = 0 }) =>
      BigInt(input) * perToken(5) + BigInt(output) * perToken(30),
  },
  'dall-e-3': {
    path: '/images/generations',
    body: { prompt: OCTOPUS, n: 2, size: '1024x1024' },
    field: 'prompt',
    cost: () => (2n * 4n * PICO_PER_USD) / 100n,
  },
  'tts-1': {
    path: '/audio/speech',
    body: { input: OCTOPUS, voice: 'alloy' },
    field: 'input',
    cost: () => (29n * 15n * PICO_PER_USD) / 1_000_000n,
  },
  'tts-1-hd': {
    path: '/audio/speech',
    body: { input: 'Hi', voice: 'alloy', response_format: 'wav', speed: 1.5 },
    field: 'input',
    cost: () => (2n * 30n * PICO_PER_USD) / 1_000_000n,
  },
  'gpt-4o-mini-tts': {
    path: '/audio/speech',
    body: { input: OCTOPUS, voice: 'alloy' },
    field: 'input',
    cost: ({ input_tokens: input = 0, output_tokens: output = 0 }) =>
      BigInt(input) * perToken(0.6) + BigInt(output) * perToken(12),
  },
  'whisper-1': {
    path: '/audio/transcriptions',
    body: {},
    field: 'prompt',
    cost: () => (BigInt(WAV_SECONDS) * PICO_PER_USD) / 10_000n,
  },
  'gpt-4o-mini-transcribe': {
    path: '/audio/transcriptions',
    body: { response_format: 'text' },
    field: 'prompt',
    cost: ({ input_tokens: input = 0, output_tokens: output = 0 }) =>
      BigInt(input) * perToken(1.25) + BigInt(output) * perToken(5),
  },
  'omni-moderation-latest': { path: '/moderations', body: { input: OCTOPUS }, field: 'input', cost: () => 0n },
  'jina-reranker-v2-base-multilingual': {
    path: '/rerank',
    body: { query: 'hearts', documents: [OCTOPUS, { text: 'Squids too' }] },
    field: 'query',
    cost: ({ total_tokens: tokens = 0 }) => BigInt(tokens) * perToken(0.05),
  },
  'gpt-4o': {
    path: '/responses',
    body: { input: OCTOPUS },
    field: 'input',
    cost: ({ prompt_tokens: prompt = 0, completion_tokens: completion = 0 }) =>
      BigInt(prompt) * perToken(2.5) + BigInt(completion) * perToken(10),
  },
  'gpt-4o-mini': {
    path: '/completions',
    body: { prompt: OCTOPUS },
    field: 'prompt',
    cost: ({ prompt_tokens: prompt = 0, completion_tokens: completion = 0 }) =>
      BigInt(prompt) * perToken(0.15) + BigInt(completion) * perToken(0.6),
  },
};
const EVERY = Object.entries(SOLD).map(([model, sold]): [string, string, Sold] => [sold.path, model, sold]);

/** The charge is what its usage comes to, the hold covered it, and nothing is left open. */
async function expectExact(account: TestAccount, answer: Answer, { cost }: Sold): Promise<void> {
  const charge = await account.charge();
  const expected = formatUsd(picoUsd(cost(charge.usageRaw as Record<string, number>)));
  expect(charge.cost).toBe(expected);
  expect(charge.overage).toBeUndefined();
  expect(await account.ending()).toEqual(charged(expected));
  expect(answer.headers.get('x-tokenhub-cost')).toBe(expected);
  expect(answer.headers.get('x-tokenhub-provider')).toBe(charge.provider);
}

describe('a call is billed exactly', () => {
  it.each(EVERY)('%s by %s', async (path, model, sold) => {
    const account = await gateway.desk.account();
    const answer = await call(path, account.key, { ...sold.body, model });
    expect(answer.status).toBe(200);
    await expectExact(account, answer, sold);
    const [line] = (await gateway.usageLines()).filter(({ requestId }) => requestId === answer.requestId);
    const { usageRaw } = await account.charge();
    // What the provider says it counted is what the ledger has; what it does not count is counted here.
    expect(usageRaw).toEqual(line?.usage ?? usageRaw);
  });
});

describe('the answers', () => {
  const bodyOf = async (model: string, more: JsonObject = {}) => {
    const { path, body } = SOLD[model] as Sold;
    return call(path, (await gateway.desk.account()).key, { ...body, ...more, model });
  };

  it('of Gemini are embeddings as OpenAI has them', async () => {
    const { data, usage, model, object } = jsonOf(await bodyOf('gemini-embedding-001'));
    expect({ object, model }).toEqual({ object: 'list', model: 'gemini-embedding-001' });
    expect((data as JsonObject[]).map(({ index, embedding }) => [index, (embedding as JsonValue[]).length])).toEqual([
      [0, 256],
      [1, 256],
    ]);
    expect(usage).toMatchObject({ total_tokens: expect.any(Number) as number });
  });

  it('are embeddings of an empty text, too, which OpenAI takes alone', async () => {
    const { data, usage } = jsonOf(await bodyOf('text-embedding-3-small', { input: '' }));
    expect(data).toHaveLength(1);
    expect(usage).toEqual({ prompt_tokens: 1, total_tokens: 1 });
  });

  it('that are spoken are files, also where the provider was asked for events', async () => {
    const [byCharacter, byToken] = [await bodyOf('tts-1'), await bodyOf('gpt-4o-mini-tts')];
    expect(byToken.headers.get('content-type')).toBe('audio/mpeg');
    expect(byToken.text).toBe(byCharacter.text);
    expect((await bodyOf('gpt-4o-mini-tts', { response_format: 'wav' })).text.startsWith('RIFF')).toBe(true);
  });

  it('that are transcribed come as text where asked for', async () => {
    const answer = await bodyOf('gpt-4o-mini-transcribe');
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.text).toBe('Sandbox transcript of “note.wav”. No model listened.\n');
  });

  it('that moderate cost nothing and need no credit', async () => {
    const account = await gateway.desk.account('0');
    const answer = await call('/moderations', account.key, { input: 'I will kill you' });
    expect(jsonOf(answer)).toMatchObject({ results: [{ flagged: true }] });
    expect(await account.ending()).toEqual(charged('0.00'));
  });

  it('that rank are the provider’s own', async () => {
    const { results } = jsonOf(await bodyOf('jina-reranker-v2-base-multilingual', { top_n: 1 }));
    expect(results).toMatchObject([{ index: 0, relevance_score: 1 }]);
  });
});

describe('a failure of the provider costs nothing:', () => {
  it.each(EVERY)('%s by %s that is refused', async (path, model, { body, field }) => {
    const account = await gateway.desk.account();
    const text = '[[sandbox fault=status_400]]';
    const answer = await call(path, account.key, { ...body, model, [field]: text });
    expect(errorOf(answer)).toMatchObject({ status: 400, type: 'invalid_request_error' });
    expect(await account.ending()).toEqual(released('refused_by_provider'));
  });

  const inJson = EVERY.filter(([path]) => path !== '/audio/speech');
  it.each(inJson)('%s by %s that comes half', async (path, model, { body, field }) => {
    const account = await gateway.desk.account();
    const answer = await call(path, account.key, { ...body, model, [field]: '[[sandbox fault=half_json]]' });
    expect(errorOf(answer)).toMatchObject({ status: 502, type: 'upstream_error' });
    expect(await account.ending()).toEqual(released('upstream_error'));
  });

  it('speech whose events end early', async () => {
    const account = await gateway.desk.account();
    const body = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: '[[sandbox fault=half_json]]' };
    expect(errorOf(await call('/audio/speech', account.key, body))).toMatchObject({ status: 502 });
    expect(await account.ending()).toEqual(released('upstream_error'));
  });

  const byUsage = EVERY.filter(
    ([, model]) => !['dall-e-3', 'tts-1', 'tts-1-hd', 'omni-moderation-latest'].includes(model),
  );
  it.each(byUsage)('%s by %s without usage, or with one that can’t be true', async (path, model, { body, field }) => {
    const account = await gateway.desk.account();
    for (const fault of ['no_usage', 'usage_negative']) {
      const answer = await call(path, account.key, { ...body, model, [field]: `Hi [[sandbox fault=${fault}]]` });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-tokenhub-cost')).toBeNull();
    }
    expect(await account.ending()).toEqual({ ...NOTHING, released: ['usage_unknown', 'usage_unknown'] });
  });

  it('seconds that are told in tokens', async () => {
    const account = await gateway.desk.account();
    expect((await call('/audio/transcriptions', account.key, { model: 'gpt-transcribe' })).status).toBe(200);
    expect(await account.ending()).toEqual(released('usage_unknown'));
  });
});

describe('bad input is named, and nothing is held:', () => {
  it.each<[string, JsonObject, string]>([
    ['/embeddings', { model: 'text-embedding-3-small' }, 'input'],
    ['/embeddings', { model: 'text-embedding-3-small', input: [] }, 'input'],
    ['/embeddings', { model: 'text-embedding-3-small', input: ['Hi', ''] }, 'input'],
    ['/embeddings', { model: 'gemini-embedding-001', input: '' }, 'input'],
    ['/embeddings', { input: 'Hi' }, 'model'],
    ['/embeddings', { model: 'gemini-embedding-001', input: [[1, 2]] }, 'input'],
    ['/embeddings', { model: 'gemini-embedding-001', input: 'Hi', task: 'x' }, 'task'],
    ['/images/generations', { model: 'gpt-image-2' }, 'prompt'],
    ['/images/generations', { model: 'gpt-image-2', prompt: 'Hi', n: 11 }, 'n'],
    ['/images/generations', { model: 'gpt-image-2', prompt: 'Hi', stream: true }, 'stream'],
    ['/images/generations', { model: 'dall-e-3', prompt: 'Hi', size: '1792x1024' }, 'size'],
    ['/images/generations', { model: 'dall-e-3', prompt: 'Hi', quality: 'hd' }, 'quality'],
    ['/audio/speech', { model: 'tts-1', voice: 'alloy' }, 'input'],
    ['/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'x'.repeat(4_097) }, 'input'],
    ['/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'Hi', stream_format: 'sse' }, 'stream_format'],
    ['/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'Hi', response_format: 'ogg' }, 'response_format'],
    ['/audio/speech', { model: 'tts-1', voice: 'alloy', input: 'Hi', enable_search: true }, 'enable_search'],
    ['/audio/transcriptions', { model: 'whisper-1', response_format: 'srt' }, 'response_format'],
    ['/audio/transcriptions', { model: 'whisper-1', stream: true }, 'stream'],
    ['/audio/transcriptions', {}, 'model'],
    ['/moderations', {}, 'input'],
    ['/rerank', { model: 'jina-reranker-v2-base-multilingual', documents: ['a'] }, 'query'],
    ['/rerank', { model: 'jina-reranker-v2-base-multilingual', query: 'a', documents: [] }, 'documents'],
    ['/responses', { model: 'gpt-4o', input: 'Hi', background: true }, 'background'],
    ['/completions', { model: 'gpt-4o', prompt: 'Hi', suffix: 'x' }, 'suffix'],
  ])('%s %j', async (path, body, param) => {
    const account = await gateway.desk.account();
    const error = errorOf(await call(path, account.key, body));
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param });
    expect(await account.eventsOf('HoldPlaced')).toEqual([]);
  });

  it.each(EVERY.filter(([path]) => !['/responses', '/completions'].includes(path)))(
    '%s by a model of another kind than %s',
    async (path, _model, { body }) => {
      const account = await gateway.desk.account();
      const error = errorOf(await call(path, account.key, { ...body, model: 'gpt-4o-mini' }));
      expect(error).toMatchObject({ status: 404, code: 'model_not_found' });
      expect(error.message).toContain('POST /v1/chat/completions');
    },
  );

  it('a form that is none', async () => {
    const { key } = await gateway.desk.account();
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const url = `${gateway.url}/v1/audio/transcriptions`;
    expect(errorOf(await request(url, { method: 'POST', headers, body: '{}' })).message).toContain(
      'multipart/form-data',
    );
  });

  it('more than the credit affords is a 402 before anything is sent', async () => {
    const account = await gateway.desk.account('0.01');
    const answer = await call('/images/generations', account.key, { model: 'dall-e-3', prompt: 'Hi' });
    expect(errorOf(answer)).toMatchObject({ status: 402, code: 'insufficient_balance' });
    expect(await gateway.wasForwarded(answer.requestId)).toBe(false);
  });
});
