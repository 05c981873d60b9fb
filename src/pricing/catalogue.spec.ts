import { describe, expect, it } from 'vitest';
import { MODELS, findModel, isRetired, startingPriceList } from './catalogue.js';
import { checkPriceList } from './price-list.check.js';

const TODAY = Date.parse('2026-11-23T00:00:00Z');

describe('the catalogue', () => {
  it('starts with a price list that passes the check', () => {
    const document = { effectiveFrom: '2026-11-23T00:00:00.000Z', models: startingPriceList() };
    expect(checkPriceList(document, MODELS)).toEqual([]);
  });

  it('prices every model it lists, and says where and when each price was read', () => {
    expect(startingPriceList().map(({ model }) => model)).toEqual(MODELS.map(({ id }) => id));
    for (const { prices } of MODELS) {
      expect(prices.source).not.toBe('');
      expect(prices.asOf).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  it.each([
    'claude-3-5-sonnet-20241022',
    'claude-3-5-haiku-20241022',
    'gpt-4o',
    'gpt-4o-mini',
    'deepseek-chat',
    'deepseek-reasoner',
    'gemini-2.0-flash',
    'gemini-2.0-flash-lite',
    'qwen-plus',
    'qwen-turbo',
    'qwen-max',
    'moonshot-v1-8k',
    'moonshot-v1-32k',
    'moonshot-v1-128k',
    'kimi-k2',
    'glm-4.5',
    'glm-4.5-air',
  ])('lists %s', (id) => expect(findModel(id)?.id).toBe(id));

  it('offers a live model of every maker', () => {
    const live = MODELS.filter(({ lifecycle }) => lifecycle.status === 'live').map(({ maker }) => maker);
    expect(new Set(live).size).toBe(8);
  });

  it('names a live successor of the same kind for every model that goes, but for speech, which has none', () => {
    for (const { lifecycle, kind } of MODELS) {
      if (lifecycle.status === 'live') continue;
      const { successor } = lifecycle;
      const next = successor === undefined ? undefined : findModel(successor);
      const expected = kind === 'speech' ? [undefined, undefined] : ['live', kind];
      expect([next?.lifecycle.status, next?.kind]).toEqual(expected);
    }
  });

  it('has a model of every kind', () => {
    const kinds = ['chat', 'embedding', 'image', 'transcription', 'speech', 'moderation', 'rerank'];
    expect(new Set(MODELS.map(({ kind }) => kind))).toEqual(new Set(kinds));
  });

  it('lists as retired what is gone today, and as retiring what is not', () => {
    for (const model of MODELS) expect(isRetired(model, TODAY)).toBe(model.lifecycle.status === 'retired');
  });

  it('takes a retiring model as retired from its date on', () => {
    const gpt4o = findModel('gpt-4o');
    if (!gpt4o) throw new Error('gpt-4o is not listed');
    expect(isRetired(gpt4o, Date.parse('2027-01-13T23:59:59.999Z'))).toBe(false);
    expect(isRetired(gpt4o, Date.parse('2027-01-14T00:00:00.000Z'))).toBe(true);
  });

  it('bounds tokens: a completion fits the window, an image counts exactly where images are taken', () => {
    for (const { contextWindow, maxOutputTokens, input, imageTokens } of MODELS) {
      expect(maxOutputTokens).toBeLessThanOrEqual(contextWindow);
      expect(imageTokens > 0).toBe(input.includes('image'));
    }
  });
});
