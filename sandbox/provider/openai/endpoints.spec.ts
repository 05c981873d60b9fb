// The endpoints besides chats, most of them as OpenAI's own client calls them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUsageLog } from '../../../test/support/sandbox/usage-log.js';
import { type SandboxProvider, startSandboxProvider } from '../index.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'sandbox-endpoints-'));
const LOG = join(FOLDER, 'usage.jsonl');

let provider: SandboxProvider;
let client: OpenAI;
beforeAll(async () => {
  provider = await startSandboxProvider({ usageLogFile: LOG });
  client = new OpenAI({ apiKey: 'x', baseURL: `${provider.url}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  await provider.close();
  rmSync(FOLDER, { recursive: true });
});

const post = (path: string, body: object) =>
  fetch(`${provider.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'x-request-id': path },
    body: JSON.stringify(body),
  });
const answer = async (path: string, body: object) => JSON.parse(await (await post(path, body)).text());
const embed = (fields: object) => answer('embeddings', { model: 'text-embedding-3-small', ...fields });
const lastLine = () => readUsageLog<object>(LOG).at(-1);

describe('a sandbox embedding', () => {
  it('is a unit vector, the same for the same text and another for another', async () => {
    const { data, usage } = await embed({ input: ['Hi', 'Hi', 'two words'] });
    const [first, second, third] = data.map(({ embedding }: { embedding: number[] }) => embedding);
    expect(first).toEqual(second);
    expect(first).not.toEqual(third);
    expect([first.length, Math.hypot(...first)]).toEqual([1536, expect.closeTo(1, 5)]);
    expect(usage).toEqual({ prompt_tokens: 5, total_tokens: 5 });
    expect(lastLine()).toMatchObject({ requestId: 'embeddings', model: 'text-embedding-3-small', usage });
  });

  it('is the same in base64, which OpenAI’s client asks for', async () => {
    const [{ embedding: floats }] = (await embed({ input: 'Hi' })).data;
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'Hi' });
    expect(data[0]?.embedding).toEqual(floats);
    expect(typeof (await embed({ input: 'Hi', encoding_format: 'base64' })).data[0].embedding).toBe('string');
  });

  it.each([
    [[1, 2, 3], 1, 3],
    [[[1, 2, 3], [4]], 2, 4],
    ['one', 1, 1],
    ['', 1, 1],
  ])('of %j is %i of %i tokens', async (input, count, tokens) => {
    const { data, usage } = await embed({ input });
    expect([data.length, usage.prompt_tokens]).toEqual([count, tokens]);
  });

  it('is as short as asked for, and still of length 1', async () => {
    const [{ embedding }] = (await embed({ input: 'Hi', dimensions: 8 })).data;
    expect([embedding.length, Math.hypot(...embedding)]).toEqual([8, expect.closeTo(1, 5)]);
  });

  it.each([{}, { input: [''] }, { input: [] }, { input: ['Hi', 1] }, { input: 'Hi', dimensions: 9999 }])(
    'of %j is a 400',
    async (fields) => expect(await embed(fields)).toMatchObject({ error: { type: 'invalid_request_error' } }),
  );

  it.each([
    ['no_usage', undefined],
    ['usage_negative', { prompt_tokens: -4, total_tokens: -4 }],
    ['usage_inconsistent', { prompt_tokens: 3, total_tokens: 10 }],
  ])('plays %s on its input', async (fault, expected) => {
    await fetch(`${provider.url}/sandbox/knobs`, { method: 'POST', body: JSON.stringify({ fault }) });
    const { usage } = await embed({ input: 'two words' });
    await fetch(`${provider.url}/sandbox/knobs`, { method: 'POST', body: '{}' });
    expect(usage).toEqual(expected);
  });
});

describe('a sandbox image', () => {
  it('is a PNG, and its usage that of its quality', async () => {
    const answered = await client.images.generate({ model: 'gpt-image-1', prompt: 'two words', quality: 'low', n: 2 });
    expect(answered.usage).toEqual({
      input_tokens: 3,
      input_tokens_details: { image_tokens: 0, text_tokens: 3 },
      output_tokens: 544,
      total_tokens: 547,
    });
    const png = Buffer.from(answered.data?.[0]?.b64_json ?? '', 'base64');
    const start = png.indexOf('IDAT');
    const pixels = inflateSync(png.subarray(start + 4, start + 4 + png.readUInt32BE(start - 4)));
    expect([png.readUInt32BE(16), png.readUInt32BE(20), pixels.length]).toEqual([16, 16, 16 * (1 + 16 * 3)]);
    expect(answered.data).toHaveLength(2);
  });

  it('of a model that is sold by the image is a URL without usage', async () => {
    const { data, usage } = await answer('images/generations', { model: 'dall-e-3', prompt: 'Hi' });
    expect([data[0].url, usage, lastLine()?.usage]).toEqual([
      expect.stringMatching(/^data:image\/png/),
      undefined,
      null,
    ]);
  });
});

describe('sandbox audio', () => {
  const speak = async (response_format: 'mp3' | 'wav' | 'pcm') =>
    Buffer.from(
      await (
        await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x'.repeat(30), response_format })
      ).arrayBuffer(),
    );

  it('is spoken as WAV, PCM or MP3, two seconds for thirty characters', async () => {
    const [wav, pcm, mp3] = [await speak('wav'), await speak('pcm'), await speak('mp3')];
    expect([wav.toString('latin1', 0, 4), wav.readUInt32LE(40), pcm.length]).toEqual(['RIFF', 96_000, 96_000]);
    expect(mp3.length).toBe(Math.ceil(2 / 0.024) * 24);
    expect(mp3.readUInt16BE(24)).toBe(0xfff3);
  });

  it('comes as events that tell its tokens where asked for', async () => {
    const body = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'x'.repeat(30), response_format: 'pcm' } as const;
    const response = await client.audio.speech.create({ ...body, stream_format: 'sse' });
    const events = (await response.text()).split('\n\n').slice(0, -1);
    const [delta, done] = events.map((event) => JSON.parse(event.slice('data: '.length)) as Record<string, unknown>);
    expect(Buffer.from(String(delta?.['audio']), 'base64')).toHaveLength(96_000);
    expect(done).toMatchObject({ type: 'speech.audio.done', usage: { output_tokens: 42 } });
    expect(lastLine()).toMatchObject({ usage: done?.['usage'] as object });
  });

  it('is transcribed, and billed by the second or by the token', async () => {
    const file = await toFile(await speak('wav'), 'speech.wav');
    const text = 'Sandbox transcript of “speech.wav”. No model listened.';
    expect(await client.audio.transcriptions.create({ file, model: 'whisper-1' })).toEqual({
      text,
      usage: { type: 'duration', seconds: 2 },
    });
    const usage = {
      type: 'tokens',
      input_tokens: 20,
      input_token_details: { audio_tokens: 20, text_tokens: 0 },
      output_tokens: 19,
      total_tokens: 39,
    };
    expect(await client.audio.transcriptions.create({ file, model: 'gpt-4o-transcribe' })).toEqual({ text, usage });
    expect(lastLine()).toMatchObject({ model: 'gpt-4o-transcribe', usage });
  });

  it('is translated, with its duration where asked for', async () => {
    const file = await toFile(await speak('mp3'), 'rede.mp3');
    const response_format = 'verbose_json';
    expect(await client.audio.translations.create({ file, model: 'whisper-1', response_format })).toMatchObject({
      task: 'translate',
      duration: 2.02,
      text: expect.stringContaining('rede.mp3'),
      usage: { type: 'duration', seconds: 3 },
    });
  });

  it('plays faults that its prompt asks for', async () => {
    const file = await toFile(await speak('mp3'), 'rede.mp3');
    const prompt = '[[sandbox fault=status_429]]';
    const call = client.audio.transcriptions.create({ file, model: 'whisper-1', prompt });
    await expect(call).rejects.toMatchObject({ status: 429 });
  });

  it('that is none is a 400', async () =>
    expect((await post('audio/transcriptions', { model: 'whisper-1' })).status).toBe(400));
});

describe('sandbox moderation', () => {
  it('flags violence', async () => {
    const { results, id } = await client.moderations.create({ input: ['I will attack', 'Hi'] });
    expect(id).toMatch(/^modr-/);
    expect(results.map(({ flagged, categories }) => [flagged, categories.violence])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(lastLine()).toMatchObject({ model: 'omni-moderation-latest', usage: null });
  });

  it('judges the parts of a message together', async () =>
    expect((await answer('moderations', { input: [{ type: 'text', text: 'Hi' }] })).results).toHaveLength(1));
});

describe('sandbox reranking', () => {
  const documents = ['about cats', { text: 'octopuses have hearts' }, 'three hearts of octopuses'];

  it('has the best document first and counts query and documents', async () => {
    const { results, usage } = await answer('rerank', { model: 'jina', query: 'three hearts', documents, top_n: 2 });
    expect(results).toEqual([
      { index: 2, relevance_score: 1, document: { text: 'three hearts of octopuses' } },
      { index: 1, relevance_score: 0.5, document: { text: 'octopuses have hearts' } },
    ]);
    expect(usage).toEqual({ total_tokens: expect.any(Number) });
    expect(lastLine()).toMatchObject({ requestId: 'rerank', usage });
  });

  it('without documents is a 400', async () =>
    expect((await post('rerank', { model: 'jina', query: 'x', documents: [] })).status).toBe(400));
});
