import { describe, expect, it } from 'vitest';
import { findModel, startingPriceList } from './catalogue.js';
import type { ModelPrices, Rates } from './price-list.js';
import type { PriceVersion } from './price-versions.js';
import { type ListedModel, warningsOf } from './price-warnings.js';

const JANUARY = '2026-01-01T00:00:00.000Z';
const OTHERS: ModelPrices = { model: 'other', bands: [{ price: { input: '1', output: '2' } }] };

const priced = (model: string, price: Rates): ModelPrices => ({ model, bands: [{ price }] });
const listed = (id: string): ListedModel => {
  const model = findModel(id);
  if (model === undefined) throw new Error(`the catalogue has no ${id}`);
  return model;
};

/** What is said of one model when it is published, after a version that has `before` and another model. */
function said(now: ModelPrices, before?: ModelPrices): string[] {
  const models = [OTHERS, ...(before ? [before] : [])];
  const version: PriceVersion = { version: 1, effectiveFrom: JANUARY, models, at: JANUARY };
  const draft = { models: [OTHERS, now], effectiveFromMs: Date.parse(JANUARY), atMs: Date.parse(JANUARY) };
  return warningsOf(draft, [version], [listed(now.model)]).map(({ code, message }) => `${code}: ${message}`);
}

describe('a model that is new to the list', () => {
  it('is doubtful where it costs nothing and its maker takes money', () => {
    expect(said(priced('gpt-4o', { input: '0', cachedInput: '1.25', output: '10' }))).toEqual([
      'free: gpt-4o: the price of input is 0; the list price of its maker is $2.50.',
    ]);
    expect(said(priced('gpt-4o', { input: '2.5', cachedInput: '1.25', output: '0' }))).toEqual([
      'free: gpt-4o: the price of output is 0; the list price of its maker is $10.00.',
    ]);
  });

  it('is doubtful where it is sold by the piece, and the piece costs nothing', () => {
    expect(said(priced('whisper-1', { input: '0.5', output: '0', perSecond: '0' }))).toEqual([
      'free: whisper-1: the price of perSecond is 0; the list price of its maker is $0.0001.',
    ]);
  });

  it('may cost nothing where its maker takes nothing for it', () => {
    const own = [
      priced('whisper-1', { input: '0', output: '0', perSecond: '0.0002' }),
      priced('tts-1', { input: '0', output: '0', perCharacter: '0.00002' }),
      priced('dall-e-3', { input: '0', output: '0', perImage: '0.05' }),
      priced('text-embedding-3-small', { input: '0.03', output: '0' }),
      priced('jina-reranker-v2-base-multilingual', { input: '0.06', output: '0' }),
    ];
    expect(own.flatMap((prices) => said(prices))).toEqual([]);
  });

  it('is as it should be at the list price of its maker, if it is free there, too', () => {
    expect(startingPriceList().length).toBeGreaterThan(100);
    expect(startingPriceList(Date.parse(JANUARY)).flatMap((prices) => said(prices))).toEqual([]);
  });
});

describe('a model that was in the list', () => {
  const before = priced('gpt-4o', { input: '2.5', cachedInput: '1.25', output: '10' });

  it('is doubtful where a rate becomes 0', () => {
    expect(said(priced('gpt-4o', { input: '0', cachedInput: '1.25', output: '10' }), before)).toEqual([
      'free: gpt-4o: the price of input becomes 0; it was $2.50.',
    ]);
  });

  it('may keep a rate of 0 that its maker does not give', () => {
    const free = priced('gpt-4o', { input: '0', cachedInput: '0', output: '10' });
    expect(said(priced('gpt-4o', { input: '0', cachedInput: '0', output: '11' }), free)).toEqual([]);
  });
});
