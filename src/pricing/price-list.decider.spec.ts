import { describe, expect, it } from 'vitest';
import { Rejection } from '../kernel/index.js';
import { priceListDecider, type PublishPrices } from './price-list.decider.js';
import { priceListPublishedSchema, type ModelPrices, type PriceListPublished } from './price-list.js';

const modelsAt = (input: string): ModelPrices[] => [{ model: 'm', bands: [{ price: { input, output: '2' } }] }];
const JANUARY = '2026-01-01T00:00:00.000Z';
const FEBRUARY = '2026-02-01T00:00:00.000Z';

const publish = (change: Partial<PublishPrices> = {}): PublishPrices => ({
  type: 'PublishPrices',
  commandId: 'c1',
  at: Date.parse(JANUARY),
  effectiveFrom: JANUARY,
  models: modelsAt('1'),
  knownModels: [{ id: 'm' }],
  ...change,
});
const published = (version: number, change: Partial<PriceListPublished> = {}): PriceListPublished => ({
  version,
  effectiveFrom: JANUARY,
  models: modelsAt('1'),
  at: JANUARY,
  ...change,
});
const given = (...history: PriceListPublished[]) => {
  const state = history.reduce(
    (before, data) => priceListDecider.evolve(before, { type: 'PriceListPublished', data }),
    priceListDecider.initial(),
  );
  return {
    when(command: PublishPrices) {
      const outcome = priceListDecider.decide(command, state);
      return outcome instanceof Rejection ? outcome : outcome.map(({ data }) => data);
    },
  };
};

describe('publishing a price list', () => {
  it('starts with version 1', () => expect(given().when(publish())).toEqual([published(1)]));

  it('names who did it and why, where anybody did', () => {
    const act = { by: 'u1', reason: 'the maker’s new prices' };
    const outcome = given().when(publish(act));
    expect(outcome).toEqual([published(1, act)]);
    expect(priceListPublishedSchema.array().safeParse(outcome).success).toBe(true);
  });

  it('counts on', () => {
    const change = { models: modelsAt('3'), effectiveFrom: FEBRUARY };
    expect(given(published(1)).when(publish(change))).toEqual([published(2, change)]);
  });

  it('emits an event of the described shape, with the instant in full', () => {
    const outcome = given().when(publish({ effectiveFrom: '2026-01-01T00:00:00Z' }));
    expect(outcome).toEqual([expect.objectContaining({ effectiveFrom: JANUARY })]);
    expect(priceListPublishedSchema.array().safeParse(outcome).success).toBe(true);
  });

  it('emits nothing for the list that is the newest already, whenever it is published again', () => {
    expect(given(published(1)).when(publish())).toEqual([]);
    expect(given(published(1)).when(publish({ effectiveFrom: FEBRUARY }))).toEqual([]);
  });

  it('returns to earlier prices as a new version', () => {
    const history = [published(1), published(2, { models: modelsAt('3') })];
    expect(given(...history).when(publish())).toEqual([published(3)]);
  });

  it('may replace the newest version from the same instant on', () => {
    expect(given(published(1)).when(publish({ models: modelsAt('3') }))).toEqual([
      published(2, { models: modelsAt('3') }),
    ]);
  });

  it('refuses to be effective before the previous version', () => {
    const outcome = given(published(1, { effectiveFrom: FEBRUARY })).when(publish({ models: modelsAt('3') }));
    expect(outcome).toBeInstanceOf(Rejection);
    expect(outcome).toMatchObject({
      code: 'invalid_price_list',
      details: { effectiveFrom: expect.stringContaining(FEBRUARY) },
    });
  });

  it('refuses a list whole and names every fault', () => {
    const outcome = given().when(publish({ models: modelsAt('-1'), effectiveFrom: 'now', knownModels: [] }));
    expect(outcome).toMatchObject({
      code: 'invalid_price_list',
      message: expect.stringContaining('models[0].bands[0].price.input: "-1" is negative.'),
      details: {
        effectiveFrom: expect.stringContaining('ISO 8601'),
        'models[0].bands[0].price.input': '"-1" is negative.',
        'models[0].model': '"m" is not a model of the catalogue. MODELS_FILE adds one.',
      },
    });
  });

  it('keeps a price that it had, also of a model that is in the catalogue no more', () => {
    const change = { models: [...modelsAt('3'), { ...modelsAt('1')[0], model: 'n' }], effectiveFrom: FEBRUARY };
    const kept = publish({ ...change, knownModels: [{ id: 'n' }] } as Partial<PublishPrices>);
    expect(given(published(1)).when(kept)).toEqual([published(2, change as Partial<PriceListPublished>)]);
  });

  it('throws on history with a missing version', () => {
    expect(() => given(published(1), published(3))).toThrow('price list 3 follows version 1');
  });
});
