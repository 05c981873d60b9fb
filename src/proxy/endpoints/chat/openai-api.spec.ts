import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../kernel/index.js';
import { SHIPPED } from '../../../pricing/index.js';
import { Untranslatable } from '../../wire/index.js';
import { apiFor, isOnlyResponse } from './openai-api.js';

const modelOf = (id: string) => {
  const model = SHIPPED.models.find((one) => one.id === id);
  if (model === undefined) throw new Error(`There is no ${id}.`);
  return model;
};
const OPENAI = { format: 'openai', responses: true } as const;
const tools = [{ type: 'function', function: { name: 'f' } }];
const apiOf = (
  id: string,
  chat: JsonObject,
  { at = OPENAI, ...asked }: { at?: Parameters<typeof apiFor>[1]; cap?: number; isTranslated?: boolean } = {},
) => apiFor(modelOf(id), at, { chat, cap: undefined, isTranslated: false, ...asked });

describe('a chat goes to the Responses API', () => {
  it('where the model answers there alone', () => {
    const ids = SHIPPED.models.filter(({ id }) => apiOf(id, {}) === 'responses').map(({ id }) => id);
    expect(ids.toSorted()).toEqual([
      'gpt-5-codex',
      'gpt-5-pro',
      'gpt-5.1-codex',
      'gpt-5.1-codex-max',
      'gpt-5.1-codex-mini',
      'gpt-5.2-codex',
      'gpt-5.2-pro',
      'gpt-5.3-codex',
      'gpt-5.4-pro',
      'gpt-5.5-pro',
      'o1-pro',
      'o3-pro',
    ]);
    for (const id of ['o4-mini-deep-research', 'o3-deep-research-2025-06-26', 'codex-mini-latest'])
      expect(isOnlyResponse({ id }, {}), id).toBe(true);
  });

  it('with functions, where the model never calls them in a chat', () => {
    for (const id of ['gpt-6-astra', 'gpt-6.2-astra', 'gpt-6.1-sol', 'gpt-6.2-sol']) {
      expect(apiOf(id, { tools, reasoning_effort: 'none' }), id).toBe('responses');
      expect(apiOf(id, { tools: [] }), id).toBe('openai');
    }
  });

  it('with functions, where the model reasons', () => {
    for (const id of ['gpt-5.5', 'gpt-5.6-sol', 'gpt-6-sol', 'gpt-6-luna', 'gpt-6.1-terra']) {
      expect(apiOf(id, { tools }), id).toBe('responses');
      expect(apiOf(id, { tools, reasoning_effort: 'none' }), id).toBe('openai');
    }
    for (const id of ['gpt-5.2', 'gpt-5.4', 'gpt-5.4-mini']) {
      expect(apiOf(id, { tools }), id).toBe('openai');
      expect(apiOf(id, { tools, reasoning_effort: 'low' }), id).toBe('responses');
    }
  });
});

describe('a chat stays one', () => {
  it('with every other model', () => {
    for (const { id } of SHIPPED.models.filter(({ maker }) => maker !== 'openai'))
      expect(apiOf(id, { tools, reasoning_effort: 'high' }), id).toBe('openai');
    for (const id of ['gpt-4o', 'gpt-4.1', 'o3', 'gpt-5', 'gpt-5.1', 'chat-latest'])
      expect(apiOf(id, { tools, reasoning_effort: 'high' }), id).toBe('openai');
  });

  it('at a provider without that API for the model, or of another format', () => {
    const chat = { tools, reasoning_effort: 'high' };
    expect(apiOf('gpt-6-astra', chat, { at: { format: 'openai' } })).toBe('openai');
    expect(apiOf('gpt-6-astra', chat, { at: { format: 'openai', responses: ['gpt-5.5'] } })).toBe('openai');
    expect(apiOf('gpt-6-astra', chat, { at: { format: 'gemini', responses: true } })).toBe('gemini');
  });

  it('with a cap that is too low there, where it can be answered without reasoning', () => {
    const chat = { tools, reasoning_effort: 'high' };
    expect(apiOf('gpt-5.6-sol', chat, { cap: 16 })).toBe('responses');
    expect(apiOf('gpt-5.6-sol', chat, { cap: 15, isTranslated: true })).toBe('openai');
    expect(() => apiOf('gpt-5.6-sol', chat, { cap: 15 })).toThrow(Untranslatable);
    expect(() => apiOf('gpt-6-astra', chat, { cap: 15, isTranslated: true })).toThrow(
      /"max_tokens" must be at least 16/,
    );
  });
});
