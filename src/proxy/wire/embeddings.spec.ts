import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../kernel/index.js';
import { inBase64 } from './embeddings.js';

const list = (...embeddings: readonly (readonly number[] | string)[]): JsonObject => ({
  object: 'list',
  data: embeddings.map((embedding, index) => ({ object: 'embedding', index, embedding })),
  model: 'nomic-embed-text',
  usage: { prompt_tokens: 5, total_tokens: 5 },
});

describe('embeddings for a client that asked for base64', () => {
  it('are 32-bit floats where the provider answered with numbers all the same', () =>
    expect(inBase64(list([1, -2.5, 0.125], [0]))).toEqual(list('AACAPwAAIMAAAAA+', 'AAAAAA==')));

  it.each<[string, JsonObject]>([
    ['base64 already', list('AACAPwAAIMAAAAA+')],
    ['no numbers', list(['1'] as unknown as number[])],
    ['none', { object: 'list', data: [] }],
    ['no list', { object: 'list' }],
  ])('pass as they came where they are %s', (_, answer) => expect(inBase64(answer)).toBeUndefined());
});
