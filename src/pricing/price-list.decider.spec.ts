import { describe, expect, it } from 'vitest';
import { Rejection } from '../kernel/index.js';
import { type PriceListCommand, priceListDecider, type PublishPrices } from './price-list.decider.js';
import {
  type ModelPrices,
  type PriceListEvent,
  type PriceListPublished,
  priceListPublishedSchema,
  priceListWithdrawnSchema,
} from './price-list.js';

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
const withdrawn = (version: number): PriceListEvent => ({
  type: 'PriceListWithdrawn',
  data: { version, by: 'u1', reason: 'a mistake', at: JANUARY },
});
const given = (...history: (PriceListPublished | PriceListEvent)[]) => {
  const state = history.reduce(
    (before, event) =>
      priceListDecider.evolve(before, 'type' in event ? event : { type: 'PriceListPublished', data: event }),
    priceListDecider.initial(),
  );
  return {
    when(command: PriceListCommand) {
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

  it('emits nothing for the list that is in force then already, whenever it is published again', () => {
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

  it('corrects what is in force before a scheduled version, once its end is accepted', () => {
    const scheduled = given(published(1), published(2, { models: modelsAt('2'), effectiveFrom: FEBRUARY }));
    const correction = publish({ models: modelsAt('3') });
    expect(scheduled.when(correction)).toMatchObject({
      code: 'price_list_doubtful',
      message: expect.stringContaining(`only until ${FEBRUARY}, when version 2 follows with other prices for m`),
    });
    expect(scheduled.when({ ...correction, acceptWarnings: true })).toEqual([published(3, { models: modelsAt('3') })]);
  });

  it('overtakes a scheduled version from the same instant on', () => {
    const change = { models: modelsAt('3'), effectiveFrom: FEBRUARY };
    const history = [published(1), published(2, { models: modelsAt('2'), effectiveFrom: FEBRUARY })];
    expect(given(...history).when(publish(change))).toEqual([published(3, change)]);
  });

  it('publishes for the past what is accepted as such', () => {
    const change = { models: modelsAt('3'), at: Date.parse(FEBRUARY) };
    expect(given(published(1)).when(publish(change))).toMatchObject({
      code: 'price_list_doubtful',
      message: expect.stringContaining('for the past'),
    });
    expect(given(published(1)).when(publish({ ...change, acceptWarnings: true }))).toEqual([
      published(2, { models: modelsAt('3'), at: FEBRUARY }),
    ]);
  });

  it('refuses what is probably a mistake until it is accepted', () => {
    const tenfold = publish({ models: modelsAt('10'), effectiveFrom: FEBRUARY });
    expect(given(published(1)).when(tenfold)).toMatchObject({
      kind: 'conflict',
      code: 'price_list_doubtful',
      details: { '2': 'm: the price of input is $10.00, 10 times as much as what it was, $1.00.' },
    });
    expect(given(published(1)).when({ ...tenfold, acceptWarnings: true })).toMatchObject([{ version: 2 }]);
  });

  it('refuses when another version was published than the one expected', () => {
    const change = { models: modelsAt('3'), effectiveFrom: FEBRUARY };
    expect(given(published(1)).when(publish({ ...change, expected: 0 }))).toMatchObject({
      kind: 'conflict',
      code: 'price_list_conflict',
      details: { newest: '1' },
    });
    expect(given(published(1)).when(publish({ ...change, expected: 1 }))).toEqual([published(2, change)]);
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

describe('withdrawing a version', () => {
  const MINUTE = 60_000;
  const history = [published(1), published(2, { models: modelsAt('2'), effectiveFrom: FEBRUARY })];
  const withdraw = (version: number, at = Date.parse(JANUARY)): PriceListCommand => ({
    type: 'WithdrawPrices',
    commandId: 'c1',
    version,
    by: 'u1',
    reason: 'a mistake',
    at,
  });

  it('takes back what is scheduled', () => {
    const outcome = given(...history).when(withdraw(2));
    expect(outcome).toEqual([withdrawn(2).data]);
    expect(priceListWithdrawnSchema.array().safeParse(outcome).success).toBe(true);
  });

  it('is done once', () => expect(given(...history, withdrawn(2)).when(withdraw(2))).toEqual([]));

  it('refuses a version that calls may be priced by', () =>
    expect(given(...history).when(withdraw(1))).toMatchObject({ kind: 'conflict', code: 'price_list_in_force' }));

  it('refuses in the last minute: clocks differ, and gateways learn of it later', () => {
    expect(given(...history).when(withdraw(2, Date.parse(FEBRUARY) - MINUTE))).toBeInstanceOf(Rejection);
    expect(given(...history).when(withdraw(2, Date.parse(FEBRUARY) - MINUTE - 1))).toHaveLength(1);
  });

  it('refuses a version that does not exist', () =>
    expect(given(...history).when(withdraw(3))).toMatchObject({ kind: 'not_found', code: 'price_list_not_found' }));

  it('leaves its number taken and its prices out of force', () => {
    const again = publish({ models: modelsAt('2'), effectiveFrom: FEBRUARY });
    expect(given(...history, withdrawn(2)).when(again)).toMatchObject([{ version: 3 }]);
  });

  it('throws on history that withdraws twice', () => {
    expect(() => given(...history, withdrawn(2), withdrawn(2))).toThrow('price list 2 is withdrawn, and was so before');
  });
});
