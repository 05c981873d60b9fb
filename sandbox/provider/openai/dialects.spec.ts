// What answers of each maker are like: a fault that a test means to show must be there.
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../../src/kernel/index.js';
import { type SandboxProvider, startSandboxProvider } from '../index.js';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

const TOOLS = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];

async function asked(as: string, more: object = {}): Promise<readonly JsonObject[]> {
  const stream = 'stream_options' in more;
  const response = await fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer x' },
    body: JSON.stringify({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: `Hi [[sandbox ${as} cached=4 call=f:%7B%22a%22%3A1%7D]]` }],
      tools: TOOLS,
      stream,
      ...more,
    }),
  });
  const text = await response.text();
  const data = stream ? [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => json) : [text];
  return data.map((json) => JSON.parse(json));
}
const STREAMED = { stream_options: { include_usage: true } };
const choicesOf = ({ choices }: JsonObject): readonly JsonObject[] =>
  Array.isArray(choices) ? choices.filter(isJsonObject) : [];

describe('an answer', () => {
  it.each(['kimi-k3', 'deepseek-v4-pro'])('of %s has its thoughts beside a call, and is taken back', async (model) => {
    const [whole = {}] = await asked('', { model });
    const message = choicesOf(whole)[0]?.['message'] as JsonObject;
    const chunks = await asked('', { model, ...STREAMED });
    const deltas = chunks.flatMap(choicesOf).map(({ delta }) => delta as JsonObject);
    expect(deltas.map(({ reasoning_content: told = '' }) => told).join('')).toBe(message['reasoning_content']);
    const [call] = message['tool_calls'] as JsonObject[];
    const result = { role: 'tool', tool_call_id: call?.['id'], content: '1' };
    const [next = {}] = await asked('', { model, messages: [{ role: 'user', content: 'Hi' }, message, result] });
    expect(choicesOf(next)).toHaveLength(1);
  });

  it('of Copilot has a choice for its text and one for its calls', async () => {
    const [whole = {}] = await asked('as=copilot');
    expect(choicesOf(whole)).toMatchObject([
      { index: 0, message: { role: 'assistant', content: 'I call.' } },
      { index: 1, message: { tool_calls: [{ function: { name: 'f', arguments: '{"a":1}' } }] } },
    ]);
    const chunks = (await asked('as=copilot', STREAMED)).flatMap(choicesOf);
    expect(chunks.slice(0, 2)).toMatchObject([
      { index: 0, delta: { content: 'I call.' } },
      { index: 1, delta: { tool_calls: [{ function: { name: 'f' } }] } },
    ]);
  });

  it('of Groq has the usage of a stream in a field of its own', async () => {
    const chunks = await asked('as=groq', STREAMED);
    expect(chunks.filter(({ usage }) => usage)).toEqual([]);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      x_groq: { usage: { prompt_tokens_details: { cached_tokens: 4 } } },
    });
  });

  it('of MiniMax has a usage chunk whose choices are null', async () =>
    expect((await asked('as=minimax', STREAMED)).at(-1)).toMatchObject({ choices: null, usage: {} }));

  it.each([{}, STREAMED])('of Bedrock has its words for the usage, and the cache beside the input', async (more) => {
    const { usage }: JsonObject = (await asked('as=bedrock', more)).at(-1) ?? {};
    const { inputTokens, outputTokens, totalTokens, cacheReadInputTokens }: JsonObject = isJsonObject(usage)
      ? usage
      : {};
    expect(cacheReadInputTokens).toBe(4);
    expect(Number(inputTokens) + Number(outputTokens) + 4).toBe(totalTokens);
  });

  it('of Hugging Face’s server has an object for the arguments of a call', async () => {
    const [whole = {}] = await asked('as=tgi');
    expect(choicesOf(whole)).toMatchObject([{ message: { tool_calls: [{ function: { arguments: { a: 1 } } }] } }]);
  });

  it('of vmlx names a streamed call later', async () => {
    const deltas = (await asked('as=vmlx', STREAMED)).flatMap(choicesOf).map(({ delta }) => delta);
    expect(deltas.slice(0, 2)).toMatchObject([
      { role: 'assistant', tool_calls: [{ function: { name: '' } }] },
      { tool_calls: [{ function: { name: 'f' } }] },
    ]);
  });

  it.each([{}, STREAMED])('of OpenRouter breaks off with an error in its choice', async (more) => {
    const choices = (await asked('as=openrouter', more)).flatMap(choicesOf);
    expect(choices.at(-1)).toMatchObject({ finish_reason: null, error: { code: 502 } });
  });

  it('of gpt-audio is spoken, and goes on after its usage', async () => {
    const messages = [{ role: 'user', content: '[[sandbox as=gpt-audio say=Hi]]' }];
    const chunks = await asked('as=gpt-audio', { ...STREAMED, messages, tools: undefined });
    const pieces = chunks.flatMap(choicesOf).map(({ delta }) => (isJsonObject(delta) ? delta['audio'] : undefined));
    expect(pieces.filter(isJsonObject)).toMatchObject([
      { transcript: 'Hi' },
      { data: expect.any(String) },
      { expires_at: expect.any(Number) },
    ]);
    expect(chunks.at(-2)).toMatchObject({ choices: [], usage: {} });
  });

  it('of an unknown maker is refused', async () =>
    expect(await asked('as=nobody')).toMatchObject([
      { error: { message: expect.stringContaining('unknown sandbox maker') } },
    ]));
});

it('an answer is compressed where that was asked of the sandbox', async () => {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const headers = { authorization: 'Bearer x' };
    const call = request(`${provider.url}/v1/chat/completions`, { method: 'POST', headers }, (response) => {
      expect(response.headers['content-encoding']).toBe('gzip');
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks)));
    });
    call
      .on('error', reject)
      .end(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi [[sandbox fault=gzip]]' }] }));
  });
  expect(gunzipSync(bytes).toString()).toContain('Sandbox answer');
});

it('models of Mistral and Voyage count as those do', async () => {
  const headers = { authorization: 'Bearer x' };
  const form = new FormData();
  form.append('model', 'voxtral-mini-latest');
  form.append('file', new File([new Uint8Array(12_000)], 'a.mp3'));
  const heard = await fetch(`${provider.url}/v1/audio/transcriptions`, { method: 'POST', headers, body: form });
  expect(await heard.json()).toMatchObject({
    usage: {
      prompt_audio_seconds: 12,
      prompt_tokens: 3,
      prompt_tokens_details: { audio_tokens: 375 },
    },
  });
  const body = JSON.stringify({ model: 'voyage-4', input: 'Hi' });
  const embedded = await fetch(`${provider.url}/v1/embeddings`, { method: 'POST', headers, body });
  expect(await embedded.json()).toMatchObject({ usage: { total_tokens: expect.any(Number) } });
});
