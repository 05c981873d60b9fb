import { expect, it } from 'vitest';
import { embedPath, generatePath } from './index.js';

it('a model is spoken to at its own path', () => {
  expect(generatePath('gemini-3.5-flash', false)).toBe('/models/gemini-3.5-flash:generateContent');
  expect(generatePath('gemini-3.5-flash', true)).toBe('/models/gemini-3.5-flash:streamGenerateContent?alt=sse');
  expect(embedPath('gemini-embedding-001')).toBe('/models/gemini-embedding-001:batchEmbedContents');
  expect(generatePath('../files?x', false)).toBe('/models/..%2Ffiles%3Fx:generateContent');
});
