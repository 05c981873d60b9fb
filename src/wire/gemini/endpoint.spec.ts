import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embedPath, generatePath, readError } from './index.js';

it('a model is spoken to at its own path', () => {
  expect(generatePath('gemini-3.5-flash', false)).toBe('/models/gemini-3.5-flash:generateContent');
  expect(generatePath('gemini-3.5-flash', true)).toBe('/models/gemini-3.5-flash:streamGenerateContent?alt=sse');
  expect(embedPath('gemini-embedding-001')).toBe('/models/gemini-embedding-001:batchEmbedContents');
  expect(generatePath('../files?x', false)).toBe('/models/..%2Ffiles%3Fx:generateContent');
});

describe('an error of Google', () => {
  const error = { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED', details: [] };

  it('is read from an object, or from an array as some answers have it', () => {
    const expected = { message: 'Quota exceeded.', ofOurs: false };
    expect(readError({ error })).toEqual(expected);
    expect(readError([{ error }])).toEqual(expected);
  });

  it('may be about the gateway’s key, also where its status blames the request', () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    const invalid = { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT', details };
    expect(readError({ error: invalid })).toMatchObject({ ofOurs: true });
    expect(readError({ error: { ...invalid, details: [] } })).toMatchObject({ ofOurs: false });
    expect(readError({ error: { ...error, status: 'PERMISSION_DENIED' } })).toMatchObject({ ofOurs: true });
  });

  it('is not endless, and may have no words', () => {
    expect(readError({ error: { message: 'x'.repeat(10_000) } })?.message).toHaveLength(500);
    expect(readError({ error: 'broken' })).toEqual({ message: 'no reason given', ofOurs: false });
  });

  it('is not seen where there is none, whatever there is', () => {
    expect(readError({ error: null })).toBeUndefined();
    const property = fc.property(fc.jsonValue(), (body) => {
      fc.pre(!JSON.stringify(body).includes('"error"'));
      expect(readError(body)).toBeUndefined();
    });
    fc.assert(property);
  });
});
