import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, formatUsd, Refused, toInstant } from '../kernel/index.js';
import { type ModelPrices, type Rates, type Weekday, WEEKDAYS } from './price-list.js';
import { compilePriceList, costLines, isPriced, maxCost, rate } from './rate.js';
import { UsageFault, usageOf, type Usage, type UsageCounts } from './usage.js';

const listOf = (...models: ModelPrices[]) =>
  compilePriceList({
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00.000Z',
    models,
    at: '2026-01-01T00:00:00.000Z',
  });
const flat = (price: Rates, cost?: Rates): ModelPrices => ({ model: 'm', bands: [{ price, ...(cost && { cost }) }] });
const usage = (counts: Partial<UsageCounts>): Usage => {
  const outcome = usageOf({ promptTokens: 0, completionTokens: 0, ...counts });
  if (outcome instanceof UsageFault) throw new Error(outcome.message);
  return outcome;
};
const monday = (time: string): number => Date.parse(`2026-11-23T${time}Z`);
const NOON = monday('12:00:00');
const priceOf = (model: ModelPrices, counts: Partial<UsageCounts>, at = NOON): string =>
  formatUsd(rate(listOf(model), 'm', usage(counts), at).price);

describe('rating a request', () => {
  it('prices a million tokens at the price per million', () => {
    const counts = { promptTokens: 1_000_000, completionTokens: 2_000_000 };
    expect(priceOf(flat({ input: '3.00', output: '15.00' }), counts)).toBe('33.00');
  });

  it('prices one token at the smallest price exactly', () => {
    expect(rate(listOf(flat({ input: '0.000001', output: '0' })), 'm', usage({ promptTokens: 1 }), NOON).price).toBe(
      1n,
    );
  });

  it('bills every part of the prompt once, under its own price', () => {
    const rates = {
      input: '1',
      cachedInput: '0.1',
      cacheWrite: '1.25',
      cacheWrite1h: '2',
      inputAudio: '10',
      inputImage: '5',
      output: '4',
      reasoning: '8',
      outputAudio: '20',
      perRequest: '0.01',
    };
    const counts = {
      promptTokens: 600,
      cachedTokens: 100,
      cacheWriteTokens: 100,
      cacheWrite1hTokens: 100,
      promptAudioTokens: 100,
      promptImageTokens: 100,
      completionTokens: 300,
      reasoningTokens: 100,
      completionAudioTokens: 100,
    };
    // 0.01 + (1 + 0.1 + 1.25 + 2 + 10 + 5 + 4 + 8 + 20) × 100 / 10^6
    expect(priceOf(flat(rates), counts)).toBe('0.015135');
  });

  it('prices what is sold by the piece', () => {
    const rates = { input: '0', output: '0', perImage: '0.04', perSecond: '0.0001', perCharacter: '0.000015' };
    expect(priceOf(flat(rates), { images: 2 })).toBe('0.08');
    expect(priceOf(flat(rates), { seconds: 61 })).toBe('0.0061');
    expect(priceOf(flat(rates), { characters: 11 })).toBe('0.000165');
    const bound = { promptTokens: 0, units: { images: 2, seconds: 61, characters: 11 } };
    expect(formatUsd(maxCost(costLines(listOf(flat(rates)), 'm', bound, NOON), 0))).toBe('0.086265');
  });

  it('falls back to the input price for every kind of input, and to the output price for every kind of output', () => {
    const counts = { promptTokens: 10, cachedTokens: 4, cacheWriteTokens: 3, completionTokens: 10, reasoningTokens: 9 };
    expect(priceOf(flat({ input: '1', output: '2' }), counts)).toBe('0.00003');
  });

  it('falls back from the price of an hour of cache to that of five minutes', () => {
    const rates = { input: '1', cacheWrite: '1.25', output: '2' };
    expect(priceOf(flat(rates), { promptTokens: 4, cacheWrite1hTokens: 4 })).toBe('0.000005');
  });

  it('prices what was read from a cache that the request marked, and holds for it', () => {
    const counts = { promptTokens: 10, cachedTokens: 8, explicitCachedTokens: 5 };
    const rates = { input: '2', cachedInput: '0.4', output: '0' };
    // 2 × 2 + 3 × 0.4 + 5 × 0.2
    expect(priceOf(flat({ ...rates, explicitCachedInput: '0.2' }), counts)).toBe('0.0000062');
    expect(priceOf(flat(rates), counts), 'as any other without a price of its own').toBe('0.0000072');
    const list = listOf(flat({ ...rates, explicitCachedInput: '9' }));
    expect(formatUsd(maxCost(costLines(list, 'm', { promptTokens: 10 }, NOON), 0))).toBe('0.00009');
  });

  it('keeps what the provider charges beside what the customer pays', () => {
    const list = listOf(flat({ input: '3', output: '0' }, { input: '2', output: '0' }));
    expect(rate(list, 'm', usage({ promptTokens: 1 }), NOON)).toEqual({ price: 3_000_000n, cost: 2_000_000n });
  });

  it('takes the cost to be the price when none is given', () => {
    const { price, cost } = rate(listOf(flat({ input: '3', output: '0' })), 'm', usage({ promptTokens: 1 }), NOON);
    expect(cost).toBe(price);
  });

  it('refuses a model without a price instead of rating it at 0', () => {
    const list = listOf(flat({ input: '1', output: '1' }));
    const refusal = expect.objectContaining({ rejection: expect.objectContaining({ code: 'price_unknown' }) });
    expect(isPriced(list, 'other')).toBe(false);
    expect(() => rate(list, 'other', usage({}), NOON)).toThrow(Refused);
    expect(() => rate(list, 'other', usage({}), NOON)).toThrow(refusal);
    expect(() => costLines(list, 'other', { promptTokens: 1 }, NOON)).toThrow(refusal);
  });
});

describe('context bands', () => {
  const cheap = { price: { input: '1', output: '1' } };
  const dear = { price: { input: '2', output: '10' } };
  const below: ModelPrices = { model: 'm', bands: [{ promptTokens: { '<': 200 }, ...cheap }, dear] };
  const upTo: ModelPrices = { model: 'm', bands: [{ promptTokens: { '<=': 200 }, ...cheap }, dear] };

  it.each([
    ['< 200', below, 199, '0.000199'],
    ['< 200', below, 200, '0.0004'],
    ['<= 200', upTo, 200, '0.0002'],
    ['<= 200', upTo, 201, '0.000402'],
  ])('with %s a prompt of %4$i tokens costs it whole', (_, model, promptTokens, price) => {
    expect(priceOf(model, { promptTokens })).toBe(price);
  });

  it('apply to the completion as well', () => {
    expect(priceOf(upTo, { promptTokens: 201, completionTokens: 1 })).toBe('0.000412');
  });
});

/** The beginning of a week. */
const SUNDAY = Date.parse('2026-11-22T00:00:00Z');
const timeOf = (minute: number): string => toInstant(SUNDAY + minute * 60_000).slice(11, 16);
const windowed = (from: string, to: string, days?: Weekday[]): ModelPrices => ({
  model: 'm',
  bands: [
    {
      price: { input: '2', output: '0' },
      windows: [{ ...(days && { days }), from, to, price: { input: '1', output: '0' } }],
    },
  ],
});
const inWindow = (model: ModelPrices, instant: string): boolean =>
  priceOf(model, { promptTokens: 1_000_000 }, Date.parse(instant)) === '1.00';

describe('time windows', () => {
  it.each([
    ['before it opens', '2026-11-23T16:29:59.999Z', false],
    ['when it opens', '2026-11-23T16:30:00.000Z', true],
    ['after midnight', '2026-11-24T00:29:59.999Z', true],
    ['when it closes', '2026-11-24T00:30:00.000Z', false],
  ])('across midnight: %s', (_, instant, open) => expect(inWindow(windowed('16:30', '00:30'), instant)).toBe(open));

  it.each([
    ['on its day', '2026-11-23T23:30:00Z', true],
    ['on the night that follows', '2026-11-24T00:10:00Z', true],
    ['on the next evening', '2026-11-24T23:30:00Z', false],
    ['on the night before', '2026-11-23T00:10:00Z', false],
  ])('a weekday is the day it opens on: %s', (_, instant, open) => {
    expect(inWindow(windowed('23:00', '00:30', ['mon']), instant)).toBe(open);
  });

  it('opens on its days and closes on them or the next, at every minute of the week, across its end too', () => {
    const minute = fc.oneof(fc.constantFrom(0, 1, 719, 1_439), fc.nat(1_439));
    const days = fc.option(fc.subarray([...WEEKDAYS], { minLength: 1 }), { nil: undefined });
    const law = fc.property(minute, minute, days, (opens, closes, on) => {
      const window = windowed(timeOf(opens), timeOf(closes), on);
      const isOn = (day: number): boolean => on === undefined || on.includes(WEEKDAYS[(day + 7) % 7] as Weekday);
      for (const day of WEEKDAYS.keys())
        for (const at of new Set([0, opens - 1, opens, closes - 1, closes, 1_439].filter((each) => each >= 0))) {
          const isFromYesterday = closes < opens && isOn(day - 1) && at < closes;
          const isOpen = (isOn(day) && at >= opens && (at < closes || closes < opens)) || isFromYesterday;
          expect(inWindow(window, toInstant(SUNDAY + day * DAY_MS + at * 60_000))).toBe(closes !== opens && isOpen);
        }
    });
    fc.assert(law, { numRuns: 60 });
  });

  it('may last the whole day', () => {
    expect(inWindow(windowed('00:00', '24:00', ['sun']), '2026-11-22T23:59:59.999Z')).toBe(true);
    expect(inWindow(windowed('00:00', '24:00', ['sun']), '2026-11-23T00:00:00.000Z')).toBe(false);
  });
});
