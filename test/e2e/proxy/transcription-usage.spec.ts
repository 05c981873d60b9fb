// What is billed of a transcription, by what its provider tells of it.
// Modes: embedded. Usage has nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/kernel/index.js';
import { jsonOf, request } from '../../support/gateway/calls.js';
import { channel, startGateway, type TestGateway } from '../../support/gateway/gateway.js';
import { charged, released } from '../../support/gateway/ledger-desk.js';
import { answering, type ScriptedUpstream, sendJson, startUpstream } from '../../support/gateway/upstream.js';
import { waveFile } from '../../support/proxy/wire/audio.js';

let gateway: TestGateway;
let openai: ScriptedUpstream;
beforeAll(async () => {
  openai = await startUpstream(answering());
  gateway = await startGateway({ channels: () => [channel('openai', openai.url)] });
});
afterAll(async () => {
  await gateway.close();
  await openai.close();
});

/** What twelve seconds of audio end in, for an answer of the provider's, which the client gets as it is. */
const transcribed = async (model: string, answer: JsonObject) => {
  openai.script = ({ response }) => sendJson(response, 200, answer);
  const account = await gateway.desk.account('5.00');
  const form = new FormData();
  form.append('model', model);
  form.append('response_format', 'duration' in answer ? 'verbose_json' : 'json');
  form.append('file', new File([new Uint8Array(waveFile({ sampleRate: 8_000, seconds: 12 }))], 'a.wav'));
  const headers = { authorization: `Bearer ${account.key}` };
  const told = await request(`${gateway.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form });
  expect(jsonOf(told)).toEqual(answer);
  return account;
};

describe('a transcription of Mistral’s, which tells seconds and tokens', () => {
  const ending = async (model: string, usage: JsonObject) =>
    (await transcribed(model, { model: 'voxtral-mini-latest', text: 'Hi', usage })).ending();
  // As recorded: https://github.com/pydantic/genai-prices/pull/591
  const usage = {
    prompt_audio_seconds: 12,
    prompt_tokens: 3,
    completion_tokens: 41,
    total_tokens: 419,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 375 },
  };

  it('costs the seconds of a model that is sold by the second', async () => {
    expect(await ending('whisper-1', usage)).toEqual(charged('0.0012'));
    expect(await ending('whisper-1', { prompt_audio_seconds: 12, total_tokens: 89 })).toEqual(charged('0.0012'));
  });

  it('costs the tokens of any other, those of the audio with them', async () => {
    // $1.25 input, $5 output per million tokens
    expect(await ending('gpt-4o-mini-transcribe', usage)).toEqual(charged('0.0006775'));
  });

  it('costs nothing where it tells only what is not sold', async () => {
    expect(await ending('gpt-4o-mini-transcribe', { prompt_audio_seconds: 12, total_tokens: 89 })).toEqual(
      released('usage_unknown'),
    );
  });
});

// OpenAI's usage is optional there, and Groq's Whisper has none (https://github.com/laravel/ai/pull/1025,
// https://github.com/envoyproxy/ai-gateway/issues/2186).
describe('a transcription that tells how long the audio was, and has no usage', () => {
  const verbose = { task: 'transcribe', language: 'english', duration: 11.47, text: 'Hi', segments: [] };

  it('costs its seconds, where the model is sold by the second', async () => {
    const account = await transcribed('whisper-1', verbose);
    expect(await account.ending()).toEqual(charged('0.0012'));
    expect((await account.charge()).usageRaw).toEqual({ seconds: 11.47 });
  });

  it('costs what its usage tells, where it has one', async () => {
    const account = await transcribed('whisper-1', { ...verbose, usage: { type: 'duration', seconds: 11 } });
    expect(await account.ending()).toEqual(charged('0.0011'));
  });

  it.each([
    ['gpt-4o-mini-transcribe', { ...verbose }],
    ['whisper-1', { ...verbose, duration: -1 }],
    ['whisper-1', { ...verbose, duration: 4_000 }],
    ['whisper-1', { ...verbose, duration: 'long' }],
  ])('costs nothing of %s by %j', async (model, answer) => {
    expect(await (await transcribed(model, answer)).ending()).toEqual(released('usage_unknown'));
  });
});
