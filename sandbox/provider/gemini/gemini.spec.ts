import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SandboxProvider, startSandboxProvider } from '../index.js';

let provider: SandboxProvider;
beforeAll(async () => {
  provider = await startSandboxProvider();
});
afterAll(() => provider.close());

const HI = { role: 'user', parts: [{ text: 'Hi' }] };
const CITY = { type: 'OBJECT', properties: { city: { type: 'STRING' } } };
const TOOLS = [{ functionDeclarations: [{ name: 'weather', parameters: CITY }] }];

const post = (method: string, fields: object, model = 'gemini-3-pro') =>
  fetch(`${provider.url}/gemini/v1beta/models/${model}:${method}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'x' },
    body: JSON.stringify(fields),
  });
const answer = async (fields: object, method = 'generateContent') =>
  JSON.parse(await (await post(method, { contents: [HI], ...fields })).text());
const saying = (text: string) => ({ contents: [{ role: 'user', parts: [{ text }] }] });
const thoughtful = { generationConfig: { thinkingConfig: { includeThoughts: true } } };

describe('sandbox content', () => {
  it('has the shape Google documents', async () =>
    expect(await answer({})).toEqual({
      candidates: [
        {
          content: { parts: [{ text: 'Sandbox answer: you said “Hi”. No model was asked.' }], role: 'model' },
          finishReason: 'STOP',
          index: 0,
        },
      ],
      usageMetadata: {
        promptTokenCount: 5,
        candidatesTokenCount: 18,
        totalTokenCount: 23,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
      },
      modelVersion: 'gemini-3-pro',
      responseId: expect.any(String),
    }));

  it('counts thoughts beside the candidates and cached content within the prompt', async () => {
    const { usageMetadata } = await answer(saying('Hi [[sandbox cached=3 reasoning=7]]'));
    expect(usageMetadata).toMatchObject({
      cachedContentTokenCount: 3,
      candidatesTokenCount: 18,
      thoughtsTokenCount: 7,
    });
    expect(usageMetadata.totalTokenCount).toBe(usageMetadata.promptTokenCount + 25);
  });

  it('tells its thoughts when asked to, and signs what comes of them', async () => {
    const [candidate] = (await answer(thoughtful)).candidates;
    expect(candidate.content.parts).toEqual([
      { text: expect.stringContaining('“Hi”'), thought: true },
      { text: expect.any(String), thoughtSignature: expect.any(String) },
    ]);
  });

  it('of a model whose name is encoded incorrectly is refused', async () => {
    const response = await fetch(`${provider.url}/gemini/v1beta/models/%E0%A4%A:generateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'x' },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 400, status: 'INVALID_ARGUMENT' } });
  });

  it('thinks without telling when asked to', async () => {
    const { candidates, usageMetadata } = await answer({
      generationConfig: { thinkingConfig: { thinkingLevel: 'low' } },
    });
    expect(candidates[0].content.parts).toHaveLength(1);
    expect(usageMetadata.thoughtsTokenCount).toBe(16);
  });

  it('is cut at maxOutputTokens, thoughts included', async () => {
    const generationConfig = { ...thoughtful.generationConfig, maxOutputTokens: 20 };
    const { candidates, usageMetadata } = await answer({ generationConfig });
    expect(candidates[0].finishReason).toBe('MAX_TOKENS');
    expect(usageMetadata).toMatchObject({ thoughtsTokenCount: 16, candidatesTokenCount: 4 });
  });

  it('streams usage that grows to the whole', async () => {
    const text = await (await post('streamGenerateContent?alt=sse', { contents: [HI], ...thoughtful })).text();
    const events = text
      .split('\n\n')
      .slice(0, -1)
      .map((event) => JSON.parse(event.slice('data: '.length)));
    const totals = events.map(({ usageMetadata }) => usageMetadata.totalTokenCount);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(totals[0]).toBeLessThan(totals.at(-1));
    expect(events.at(-1)).toMatchObject({
      candidates: [{ content: { parts: [{ text: '', thoughtSignature: expect.any(String) }] }, finishReason: 'STOP' }],
      usageMetadata: { thoughtsTokenCount: 16, candidatesTokenCount: 18 },
    });
    expect(events.slice(0, -1).some(({ candidates }) => candidates[0].finishReason)).toBe(false);
  });

  it('has as many candidates as asked for', async () => {
    const { candidates } = await answer({ generationConfig: { candidateCount: 2 } });
    expect(candidates.map(({ index }: { index: number }) => index)).toEqual([0, 1]);
  });

  it.each([
    ['responseSchema', CITY],
    ['responseJsonSchema', { type: 'object', properties: { city: { type: 'string' } } }],
  ])('is JSON when %s asks for it', async (field, schema) => {
    const generationConfig = { responseMimeType: 'application/json', [field]: schema };
    const [{ content }] = (await answer({ generationConfig })).candidates;
    expect(JSON.parse(content.parts[0].text)).toEqual({ city: 'Paris' });
  });
});

describe('sandbox functions', () => {
  const response = { role: 'user', parts: [{ functionResponse: { name: 'weather', response: { result: 'rain' } } }] };

  it('are called, and answered with what they return', async () => {
    const [{ content }] = (await answer({ tools: TOOLS })).candidates;
    expect(content.parts).toEqual([
      {
        functionCall: { id: expect.any(String), name: 'weather', args: { city: 'Paris' } },
        thoughtSignature: expect.any(String),
      },
    ]);
    const [next] = (await answer({ tools: TOOLS, contents: [HI, content, response] })).candidates;
    expect(next.content.parts).toEqual([{ text: 'Sandbox answer: the tool returned “rain”.' }]);
  });

  it.each([
    ['NONE', undefined],
    ['ANY', 'weather'],
  ])('obey the mode %s', async (mode, name) => {
    const [{ content }] = (await answer({ tools: TOOLS, toolConfig: { functionCallingConfig: { mode } } })).candidates;
    expect(content.parts[0].functionCall?.name).toBe(name);
  });

  it.each([
    ['gemini-3-pro', 400],
    ['gemini-2.5-pro', 200],
  ])('called by %s without a signature make a %i', async (model, status) => {
    const call = { role: 'model', parts: [{ functionCall: { name: 'weather', args: {} } }] };
    expect((await post('generateContent', { contents: [HI, call, response] }, model)).status).toBe(status);
  });
});

describe('sandbox embeddings of Google’s', () => {
  const request = (text: string, more: object = {}) => ({ model: 'models/e', content: { parts: [{ text }] }, ...more });
  const embed = async (requests: readonly object[]) =>
    JSON.parse(await (await post('batchEmbedContents', { requests }, 'e')).text());

  it('are as many, as long and as counted as asked for', async () => {
    const { embeddings, usageMetadata } = await embed([
      request('Hi'),
      request('two words', { outputDimensionality: 8 }),
    ]);
    expect(embeddings.map(({ values }: { values: number[] }) => values.length)).toEqual([3072, 8]);
    expect(usageMetadata).toEqual({ promptTokenCount: 4 });
  });

  it('of another model than the address are refused', async () =>
    expect(await embed([{ ...request('Hi'), model: 'models/f' }])).toMatchObject({
      error: { status: 'INVALID_ARGUMENT' },
    }));
});

describe('a bad request to sandbox content', () => {
  const call = { role: 'model', parts: [{ functionCall: { name: 'f' }, thoughtSignature: 'x' }] };

  it.each([
    [{ contents: [] }, 'contents'],
    [{ contents: [{ role: 'assistant', parts: [{ text: 'Hi' }] }] }, 'contents[0].role'],
    [{ contents: [{ role: 'user', parts: [] }] }, 'contents[0].parts'],
    [{ contents: [HI, call, HI] }, 'contents[2]'],
    [{ contents: [HI], generationConfig: { maxOutputTokens: 0 } }, 'maxOutputTokens'],
    [{ contents: [HI], generationConfig: { responseSchema: {} } }, 'response_mime_type'],
    [{ contents: [HI], toolConfig: { functionCallingConfig: { mode: 'ANY' } } }, 'functionCallingConfig'],
  ])('%j is a 400 that names the field', async (fields, field) => {
    const response = await post('generateContent', fields);
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: { code: 400, message: expect.stringContaining(field), status: 'INVALID_ARGUMENT' } },
    ]);
  });

  it('for a stream of anything but server-sent events is a 400', async () =>
    expect((await post('streamGenerateContent', { contents: [HI] })).status).toBe(400));
});
