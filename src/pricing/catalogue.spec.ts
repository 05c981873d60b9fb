import { describe, expect, it } from 'vitest';
import {
  Catalogue,
  findModel,
  isRetired,
  type Model,
  MODELS,
  namesOf,
  SHIPPED,
  startingPriceList,
} from './catalogue.js';
import { checkPriceList } from './price-list.check.js';

const TODAY = Date.parse('2026-11-28T00:00:00Z');

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

  it('gives no two models a name', () => {
    const names = MODELS.flatMap(namesOf);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const model of MODELS) for (const name of namesOf(model)) expect(findModel(name)).toBe(model);
  });

  it('says on which day a model was released, where that is known: days apart, and none to come', () => {
    const days = MODELS.flatMap(({ released = [] }) => released);
    for (const day of days) {
      expect(day).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(Date.parse(day)).toBeLessThanOrEqual(TODAY);
    }
    expect(days.length).toBeGreaterThan(MODELS.length * 0.75);
    expect(new Set(days).size).toBeGreaterThan(60);
  });

  // "prompts with >272K input tokens are priced at 2x input": https://developers.openai.com/api/docs/models/gpt-5.5
  it('has the long prompts of OpenAI begin beyond 272,000 tokens', () => {
    const banded = startingPriceList().filter(({ model, bands }) => model.startsWith('gpt-') && bands.length > 1);
    for (const { model, bands } of banded) expect(bands[0]?.promptTokens, model).toEqual({ '<=': 272_000 });
    expect(banded.length).toBeGreaterThan(12);
  });

  it('charges another price from the day that its maker has announced', () => {
    const at = (instant: string) =>
      SHIPPED.startingPriceList(Date.parse(instant)).find(({ model }) => model === 'gemini-4-argon')?.bands[0]?.price;
    expect(at('2026-11-30T23:59:59Z')).toEqual({ input: '2', cachedInput: '0.1', output: '10' });
    expect(at('2026-12-01T00:00:00Z')).toEqual({ input: '4', cachedInput: '0.2', output: '20' });
    const document = { effectiveFrom: '2030-01-01T00:00:00.000Z', models: SHIPPED.startingPriceList(Infinity) };
    expect(checkPriceList(document, MODELS)).toEqual([]);
  });

  it('has what an hour of cache costs at Moonshot: twice as much as five minutes', () => {
    for (const id of ['kimi-k3', 'kimi-k3.1-pro', 'kimi-k3.1-pro-highspeed']) {
      const { input, cacheWrite, cacheWrite1h } = findModel(id)?.prices.bands[0]?.price ?? {};
      expect([cacheWrite, cacheWrite1h], id).toEqual([input, String(2 * Number(input))]);
    }
  });

  // What the programs that people use ask for unless told otherwise, and the dated ids that they send, at the end of November 2026.
  it.each([
    ['gpt-6.2-sol', 'Codex CLI 0.171'],
    ['gpt-6.2-astra', 'Codex CLI 0.171'],
    ['gpt-6.1-terra', 'Codex CLI 0.171'],
    ['gpt-5.6-sol', 'Codex CLI 0.171'],
    ['claude-fable-5-2', 'Claude Code 2.1.332'],
    ['claude-opus-5-5', 'Claude Code 2.1.332, Cline 3.0.65'],
    ['claude-sonnet-5-5', 'Claude Code 2.1.332'],
    ['claude-haiku-5-5', 'Claude Code 2.1.332'],
    ['claude-haiku-4-5-20251001', 'Claude Code 2.1.332'],
    ['claude-sonnet-4-5-20250929', 'Claude Code 2.1.332'],
    ['claude-opus-4-5-20251101', 'Claude Code 2.1.332'],
    ['claude-sonnet-4-6', 'Continue 1.5'],
    ['claude-sonnet-5', 'Cline 3.0.65'],
    ['gpt-5.4', 'Cline 3.0.65'],
    ['glm-5.3-flash', 'Cline 3.0.65'],
    ['kimi-k3', 'Cline 3.0.65'],
    ['deepseek-flash', 'Cline 3.0.65'],
    ['deepseek-v4-flash', 'Cline 3.0.65'],
    ['qwen3.7-plus', 'Cline 3.0.65'],
    ['gpt-5.6-luna', 'llm 0.36'],
    ['gpt-4o', 'aider 0.86'],
    ['qwen3-coder-plus', 'qwen-code'],
    ['qwen3-coder-flash', 'qwen-code 0.24'],
    ['tts-1', 'Open WebUI 0.12'],
    ['gpt-transcribe', 'Open WebUI 0.12'],
    ['gpt-4o-2024-08-06', 'dated ids'],
    ['gemini-flash-latest', 'Gemini clients'],
  ])('has %s, which %s asks for', (name) => {
    const model = findModel(name);
    expect(model && isRetired(model, TODAY)).toBe(false);
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

  it('is joined by an operator’s own models, whose names are theirs, in the place of a shipped one of the same id', () => {
    const own = (id: string, aliases: string[] = []) =>
      ({ ...findModel('gpt-4o'), id, aliases, name: 'mine' }) as Model;
    const catalogue = Catalogue.with([
      own('gpt-4o'),
      own('claude-haiku-4-5-20251001'),
      own('x', ['gemini-flash-latest']),
    ]);
    expect(catalogue.models.length).toBe(MODELS.length + 2);
    expect(catalogue.find('gpt-4o')?.name).toBe('mine');
    expect(catalogue.find('gpt-4o-2024-08-06')).toBe(undefined);
    expect(catalogue.find('claude-haiku-4-5-20251001')?.id).toBe('claude-haiku-4-5-20251001');
    expect(catalogue.find('claude-haiku-4-5')?.aliases).toEqual([]);
    expect(catalogue.find('gemini-flash-latest')?.id).toBe('x');
    expect(catalogue.find('gemini-3.8-flash')?.id).toBe('gemini-3.8-flash');
  });

  it('bounds tokens: a completion fits the window, an image counts exactly where images are taken', () => {
    for (const { contextWindow, maxOutputTokens, input, imageTokens } of MODELS) {
      expect(maxOutputTokens).toBeLessThanOrEqual(contextWindow);
      expect(imageTokens > 0).toBe(input.includes('image'));
    }
  });
});
