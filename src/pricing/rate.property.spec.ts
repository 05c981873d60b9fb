// A hold is placed for maxCost: no usage within its bound may ever cost more.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { picoUsd } from '../kernel/index.js';
import { checkPriceList } from './price-list.check.js';
import type { ModelPrices, Rates } from './price-list.js';
import { affordableCompletionTokens, compilePriceList, costLines, maxCost, rate, rateLines } from './rate.js';
import { MAX_TOKENS, OUTPUT_KINDS, INPUT_KINDS, UsageFault, partsOf, usageOf, type Usage } from './usage.js';

const EFFECTIVE = '2026-01-01T00:00:00.000Z';
const price = fc
  .tuple(fc.nat(99), fc.nat(999_999))
  .map(([whole, micro]) => `${whole}.${String(micro).padStart(6, '0')}`);
const rates: fc.Arbitrary<Rates> = fc.record(
  {
    input: price,
    cachedInput: price,
    cacheWrite: price,
    cacheWrite1h: price,
    output: price,
    reasoning: price,
    inputAudio: price,
    outputAudio: price,
    inputImage: price,
    perRequest: price,
    perImage: price,
    perSecond: price,
    perCharacter: price,
  },
  { requiredKeys: ['input', 'output'] },
);
const night = fc.record({ from: fc.constant('22:00'), to: fc.constant('06:00'), price: rates });
const band = fc.record({ price: rates, windows: fc.option(fc.tuple(night), { nil: undefined }) });
const model: fc.Arbitrary<ModelPrices> = fc
  .tuple(band, band, band, fc.integer({ min: 1, max: 200 }), fc.integer({ min: 201, max: 400 }))
  .map(([first, second, third, low, high]) => ({
    model: 'm',
    bands: [{ promptTokens: { '<': low }, ...first }, { promptTokens: { '<=': high }, ...second }, third],
  }));
const list = model.map((prices) =>
  compilePriceList({
    version: 1,
    effectiveFrom: EFFECTIVE,
    models: [prices],
    at: EFFECTIVE,
  }),
);
const tokens = fc.nat(600);
const part = fc.nat(200);
const usage: fc.Arbitrary<Usage> = fc
  .record({
    promptTokens: tokens,
    cachedTokens: part,
    cacheWriteTokens: part,
    cacheWrite1hTokens: part,
    promptAudioTokens: part,
    promptImageTokens: part,
    completionTokens: tokens,
    reasoningTokens: part,
    completionAudioTokens: part,
    images: part,
    seconds: part,
    characters: part,
  })
  .map(usageOf)
  .filter((outcome): outcome is Usage => !(outcome instanceof UsageFault));
const unitsOf = ({ images = 0, seconds = 0, characters = 0 }: Usage) => ({ images, seconds, characters });
const instant = fc.date({ min: new Date(EFFECTIVE), max: new Date('2027-01-01'), noInvalidDate: true }).map(Number);

/** Generated prices have six decimals: without the point they count pico-dollars per token. */
const pico = (perMillion: string): bigint => BigInt(perMillion.replace('.', ''));

describe('the largest cost', () => {
  it('is made from price lists that pass the check', () => {
    fc.assert(
      fc.property(model, (prices) => {
        const document: unknown = JSON.parse(JSON.stringify({ effectiveFrom: EFFECTIVE, models: [prices] }));
        expect(checkPriceList(document, [{ id: 'm' }])).toEqual([]);
      }),
    );
  });

  it('bounds every usage within it', () => {
    fc.assert(
      fc.property(list, usage, part, part, instant, (prices, used, morePrompt, moreCompletion, at) => {
        const bound = { promptTokens: used.promptTokens + morePrompt, units: unitsOf(used) };
        const most = maxCost(costLines(prices, 'm', bound, at), used.completionTokens + moreCompletion);
        expect(rate(prices, 'm', used, at).price <= most).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('bounds a usage without the kinds that a request rules out', () => {
    const optional = [...INPUT_KINDS, ...OUTPUT_KINDS].filter((kind) => kind !== 'input' && kind !== 'output');
    fc.assert(
      fc.property(list, usage, instant, (prices, used, at) => {
        const parts = partsOf(used);
        const without = optional.filter((kind) => parts[kind] === 0);
        const bound = { promptTokens: used.promptTokens, units: unitsOf(used), without };
        const most = maxCost(costLines(prices, 'm', bound, at), used.completionTokens);
        expect(rate(prices, 'm', used, at).price <= most).toBe(true);
      }),
    );
  });

  it('is reached by some usage: the bound is not slack', () => {
    fc.assert(
      fc.property(list, fc.nat(50), fc.nat(50), instant, (prices, promptTokens, completionTokens, at) => {
        const inputs = ['promptTokens', 'cachedTokens', 'cacheWriteTokens', 'cacheWrite1hTokens'];
        const outputs = ['reasoningTokens', 'completionAudioTokens', 'completionTokens'];
        const modalities = ['promptAudioTokens', 'promptImageTokens'];
        const dearest = [...inputs, ...modalities].flatMap((input) =>
          outputs.flatMap((output) =>
            Array.from({ length: promptTokens + 1 }, (_, prompt) => {
              const used = usageOf({
                [input]: prompt,
                [output]: completionTokens,
                promptTokens: prompt,
                completionTokens,
              });
              return used instanceof UsageFault ? 0n : rate(prices, 'm', used, at).price;
            }),
          ),
        );
        const most = dearest.reduce((a, b) => (a > b ? a : b), 0n);
        expect(maxCost(costLines(prices, 'm', { promptTokens }, at), completionTokens)).toBe(most);
      }),
      { numRuns: 50 },
    );
  });
});

describe('the affordable completion', () => {
  it('is the greatest one whose largest cost fits the budget', () => {
    const budget = fc.bigInt({ min: 0n, max: 2n * 10n ** 14n }).map(picoUsd);
    fc.assert(
      fc.property(list, tokens, budget, instant, (prices, promptTokens, available, at) => {
        const lines = costLines(prices, 'm', { promptTokens }, at);
        const fits = (completionTokens: number): boolean => maxCost(lines, completionTokens) <= available;
        const affordable = affordableCompletionTokens(lines, available);
        expect(affordable === -1 || fits(affordable)).toBe(true);
        expect(affordable < MAX_TOKENS && fits(affordable + 1)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('is capped where the output costs nothing', () => {
    const prices = compilePriceList({
      version: 1,
      effectiveFrom: EFFECTIVE,
      models: [{ model: 'm', bands: [{ price: { input: '1', output: '0' } }] }],
      at: EFFECTIVE,
    });
    const lines = costLines(prices, 'm', { promptTokens: 1 }, 0);
    expect(affordableCompletionTokens(lines, picoUsd(1_000_000n))).toBe(MAX_TOKENS);
  });
});

describe('exactness', () => {
  it('the lines of a rating are its whole usage at the prices of its list, and sum to it', () => {
    fc.assert(
      fc.property(list, usage, instant, (prices, used, at) => {
        const lines = rateLines(prices, 'm', used, at);
        const sumOf = (of: 'price' | 'cost') => lines.reduce((total, line) => total + line[of], 0n);
        expect({ price: sumOf('price'), cost: sumOf('cost') }).toEqual(rate(prices, 'm', used, at));
        const pieces = used.images ?? 0;
        const counts = lines.filter(({ kind }) => !['seconds', 'characters', 'perRequest'].includes(kind));
        expect(counts.reduce((total, { count }) => total + count, 0n)).toBe(BigInt(used.totalTokens + pieces));
        expect(lines.filter((line) => line.count * line.priceRate !== line.price)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('rating requests one by one adds up to the prices of all their tokens', () => {
    fc.assert(
      fc.property(price, price, fc.array(usage, { maxLength: 20 }), (input, output, all) => {
        const prices = compilePriceList({
          version: 1,
          effectiveFrom: EFFECTIVE,
          models: [{ model: 'm', bands: [{ price: { input, output } }] }],
          at: EFFECTIVE,
        });
        const expected = all.reduce(
          (total, used) =>
            total + pico(input) * BigInt(used.promptTokens) + pico(output) * BigInt(used.completionTokens),
          0n,
        );
        expect(all.reduce((total, used) => total + rate(prices, 'm', used, 0).price, 0n)).toBe(expected);
      }),
    );
  });
});
