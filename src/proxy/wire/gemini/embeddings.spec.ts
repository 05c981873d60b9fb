import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { Untranslatable } from '../wire.js';
import { embeddingAnswer, embeddingRequest, gemini } from './index.js';

const MODEL = 'gemini-embedding-001';
const answer = {
  embeddings: [{ values: [0.5, -1] }, { values: [0.25, 2] }],
  usageMetadata: { promptTokenCount: 5, promptTokenDetails: [{ modality: 'TEXT', tokenCount: 5 }] },
};

describe('embeddings', () => {
  it('are asked for in one batch', () => {
    expect(embeddingRequest({ model: MODEL, input: ['a', 'b'], dimensions: 768, user: 'u' })).toEqual({
      requests: ['a', 'b'].map((text) => ({
        model: `models/${MODEL}`,
        content: { parts: [{ text }] },
        outputDimensionality: 768,
      })),
    });
    expect(embeddingRequest({ model: MODEL, input: 'a' })).toEqual({
      requests: [{ model: `models/${MODEL}`, content: { parts: [{ text: 'a' }] } }],
    });
  });

  // LiteLLM sends `encoding_format: null`, as recorded in Arize-ai/openinference.
  it('may leave fields null, as at OpenAI', () =>
    expect(
      embeddingRequest({ model: MODEL, input: 'a', encoding_format: null, dimensions: null, input_type: null }),
    ).toEqual(embeddingRequest({ model: MODEL, input: 'a' })));

  it('come back in OpenAI’s shape, and are billed by Google’s count', () => {
    const { body, usage } = embeddingAnswer(answer, { input: ['a', 'b'] }, MODEL);
    expect(body).toEqual({
      object: 'list',
      data: [
        { object: 'embedding', index: 0, embedding: [0.5, -1] },
        { object: 'embedding', index: 1, embedding: [0.25, 2] },
      ],
      model: MODEL,
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
    expect(usage).toEqual(answer.usageMetadata);
    expect(gemini.readUsage(usage ?? null)).toMatchObject({ promptTokens: 5, completionTokens: 0, totalTokens: 5 });
  });

  it('come in base64 to a client that asked for it', () => {
    const { body } = embeddingAnswer(answer, { input: ['a', 'b'], encoding_format: 'base64' }, MODEL);
    const [first] = body['data'] as JsonObject[];
    const bytes = Buffer.from(String(first?.['embedding']), 'base64');
    expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.length]).toEqual([0.5, -1, 8]);
  });

  it('without a count are told without one', () => {
    const { body, usage } = embeddingAnswer({ embeddings: answer.embeddings }, { input: ['a', 'b'] }, MODEL);
    expect(body).not.toHaveProperty('usage');
    expect(usage).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ['tokens', { input: [[1, 2]] }],
    ['an empty text', { input: ['a', ''] }],
    ['no text', { input: [] }],
    ['more texts than a batch holds', { input: Array.from({ length: 101 }, () => 'a') }],
    ['another encoding', { input: 'a', encoding_format: 'int8' }],
    ['an unknown field', { input: 'a', task: 'x' }],
  ])('are refused for %s', (_case, body) => {
    expect(() => embeddingRequest({ model: MODEL, ...body })).toThrow(Untranslatable);
  });

  it.each<[string, JsonObject]>([
    ['fewer than inputs', { embeddings: [{ values: [1] }] }],
    ['without numbers', { embeddings: [{ values: [1] }, { values: ['x'] }] }],
    ['an error', { error: { message: 'secret' } }],
  ])('are none when the answer holds %s', (_case, body) => {
    expect(() => embeddingAnswer(body, { input: ['a', 'b'] }, MODEL)).toThrow(Untranslatable);
  });
});
