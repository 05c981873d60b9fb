import { findProvider } from '@pydantic/genai-prices';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatUsd, picoUsd, Refused } from '../kernel/index.js';
import { MODELS, startingPriceList } from './catalogue.js';
import { type PriceSource, readProvider } from './genai-prices.js';
import { importInto, importPrices, type ImportOptions } from './import-prices.js';
import { checkPriceList } from './price-list.check.js';
import type { ModelPrices } from './price-list.js';
import type { PriceVersion } from './price-versions.js';
import { compilePriceList, rate } from './rate.js';
import { usageOf, UsageFault } from './usage.js';

const NOVEMBER = Date.parse('2026-11-23T12:00:00Z');
const PACKAGE: PriceSource = (providerId) => {
  const provider = findProvider({ providerId });
  return provider === undefined ? undefined : readProvider(provider);
};

/** A source that prices GPT-5 so, or lists it under another name. */
const pricing = (prices: unknown, id = 'gpt-5', match: unknown = { equals: id }): PriceSource => {
  const provider = readProvider({ id: 'openai', models: [{ id, match, prices }] });
  return (providerId) => (providerId === 'openai' ? provider : undefined);
};
const OLD: ModelPrices = { model: 'gpt-5', bands: [{ price: { input: '1', output: '8' } }] };

function imported(source: PriceSource, options: Partial<ImportOptions> = {}, old = OLD) {
  const { models, ...rest } = importPrices([old], source, { atMs: NOVEMBER, ...options });
  return { bands: models[0]?.bands, ...rest };
}
const leftBecause = (source: PriceSource, options?: Partial<ImportOptions>, old?: ModelPrices): string => {
  const { left, changes, bands } = imported(source, options, old);
  expect([changes, bands]).toEqual([[], (old ?? OLD).bands]);
  return left.map(({ reason }) => reason).join(' ');
};

describe('the prices of the package', () => {
  it('are those of the catalogue where it says that they are, so nothing changes', () => {
    const same = MODELS.filter(({ prices, lifecycle }) => {
      return prices.source.startsWith('genai-prices') && lifecycle.status !== 'retired';
    }).map(({ id }) => id);
    const { changes, left } = importPrices(startingPriceList(), PACKAGE, { atMs: NOVEMBER, only: same });
    expect(same.length).toBeGreaterThan(25);
    expect(left).toEqual([]);
    // It has long prompts begin at 272,000 tokens, and not beyond them: https://github.com/pydantic/genai-prices/issues/711.
    const others = changes.filter(({ model, prompt }) => !model.startsWith('gpt-') || prompt !== '<= 272000');
    expect(others).toEqual([]);
  });

  it('make a list that can be published, at any markup', () => {
    const { models, changes, left } = importPrices(startingPriceList(), PACKAGE, { atMs: NOVEMBER, markup: '20' });
    const document = { effectiveFrom: '2026-11-23T00:00:00Z', models };
    expect(checkPriceList(document, MODELS)).toEqual([]);
    expect(changes).toContainEqual({
      model: 'gpt-4o',
      prompt: '',
      when: '',
      of: 'price',
      kind: 'input',
      from: '2.50',
      to: '3.00',
    });
    expect(changes).toContainEqual(
      expect.objectContaining({ model: 'gpt-5.4', prompt: '<= 271999', of: 'price', kind: 'output', to: '18.00' }),
    );
    expect(left.map(({ model }) => model)).not.toContain('deepseek-v4-pro');
    expect(models.find(({ model }) => model === 'deepseek-v4-pro')?.bands[0]?.windows).toEqual([
      expect.objectContaining({ from: '01:00', to: '04:00' }),
      expect.objectContaining({ from: '06:00', to: '10:00' }),
    ]);
  });

  it('are those of the day from which they are to count', () => {
    const change = (day: string) =>
      importPrices(startingPriceList(), PACKAGE, { atMs: Date.parse(day), only: ['gemini-3.6-flash'] });
    expect(change('2026-12-31T23:59:59Z').changes).toEqual([]);
    expect(change('2026-12-31T23:59:59Z').notes[0]?.note).toContain('other prices from 2027-01-01 on');
    expect(change('2027-01-01T00:00:00Z').changes.map(({ of, kind, from, to }) => [of, kind, from, to])).toEqual([
      ['cost', 'input', '0.75', '1.50'],
      ['cost', 'cachedInput', '0.075', '0.15'],
      ['cost', 'output', '3.75', '7.50'],
    ]);
  });

  it('never stand for a later model whose name begins alike', () => {
    const { left } = importPrices(startingPriceList(), PACKAGE, { atMs: NOVEMBER, only: ['claude-sonnet-5-5'] });
    expect(left).toEqual([{ model: 'claude-sonnet-5-5', reason: expect.stringContaining('no model of this name') }]);
  });
});

describe('the import into the versions of the list', () => {
  const version = (number: number, day: string, input: string): PriceVersion => {
    const instant = `${day}T00:00:00.000Z`;
    const bands = [{ price: { input, output: '8' } }];
    return { version: number, effectiveFrom: instant, at: instant, models: [{ model: 'gpt-5', bands }] };
  };
  const versions = [version(1, '2026-01-01', '1'), version(2, '2026-12-01', '2')];
  const into = (day: string, only?: readonly string[]) =>
    importInto(versions, pricing({ input_mtok: 2, output_mtok: 8 }), { nowMs: NOVEMBER, atMs: Date.parse(day), only });

  it('is into the one that is in force at its instant, and knows the newest', () => {
    const now = into('2026-11-23T12:00:00Z');
    expect(now).toMatchObject({ base: { version: 1 }, newest: 2, changes: [{ of: 'cost', from: '1.00', to: '2.00' }] });
    expect(now.warnings.map(({ code }) => code)).toEqual(['below_cost', 'ends_with_another_version']);
    expect(into('2026-12-02')).toMatchObject({ base: { version: 2 }, newest: 2, changes: [], warnings: [] });
  });

  it.each([
    ['2025-12-31', undefined, 'no_price_list'],
    ['2026-11-23', ['gpt-99'], 'model_not_priced'],
  ])('of %s and %s is refused: %s', (day, only, code) => {
    expect(() => into(day, only)).toThrow(expect.objectContaining({ rejection: expect.objectContaining({ code }) }));
    expect(() => into(day, only)).toThrow(Refused);
  });
});

describe('the import', () => {
  const FLAT = { input_mtok: 2, output_mtok: 16 };

  it('sets what the provider charges and leaves what customers pay', () => {
    const { bands, changes } = imported(pricing(FLAT));
    expect(bands).toEqual([{ price: { input: '1', output: '8' }, cost: { input: '2', output: '16' } }]);
    expect(changes.map(({ of }) => of)).toEqual(['cost', 'cost']);
  });

  it('sets both at a markup, and of 0 leaves the cost unsaid', () => {
    expect(imported(pricing(FLAT), { markup: '12.5' }).bands).toEqual([
      { price: { input: '2.25', output: '18.00' }, cost: { input: '2', output: '16' } },
    ]);
    expect(imported(pricing(FLAT), { markup: '0' }).bands).toEqual([{ price: { input: '2.00', output: '16.00' } }]);
  });

  it('changes nothing where only the spelling differs', () => {
    const old = { model: 'gpt-5', bands: [{ price: { input: '2.00', cachedInput: '2', output: '16' } }] };
    expect(imported(pricing(FLAT), {}, old)).toMatchObject({ bands: old.bands, changes: [] });
    const banded: ModelPrices = {
      model: 'gpt-5',
      bands: [
        { promptTokens: { '<': 200 }, price: { input: '2', output: '16' } },
        { price: { input: '4', output: '16' } },
      ],
    };
    const tiered = { input_mtok: { base: 2, tiers: [{ start: 199, price: 4 }] }, output_mtok: 16 };
    expect(imported(pricing(tiered), {}, banded).bands).toBe(banded.bands);
  });

  it('takes tiers of each kind as bands, and keeps the bands of what customers pay', () => {
    const tiers = {
      input_mtok: { base: 2, tiers: [{ start: 100, price: 3 }] },
      output_mtok: { base: 16, tiers: [{ start: 300, price: 20 }] },
    };
    const old: ModelPrices = {
      model: 'gpt-5',
      bands: [
        { promptTokens: { '<=': 200 }, price: { input: '5', output: '8' } },
        { price: { input: '6', output: '8' } },
      ],
    };
    expect(imported(pricing(tiers), {}, old).bands).toEqual([
      { promptTokens: { '<=': 100 }, price: { input: '5', output: '8' }, cost: { input: '2', output: '16' } },
      { promptTokens: { '<=': 200 }, price: { input: '5', output: '8' }, cost: { input: '3', output: '16' } },
      { promptTokens: { '<=': 300 }, price: { input: '6', output: '8' }, cost: { input: '3', output: '16' } },
      { price: { input: '6', output: '8' }, cost: { input: '3', output: '20' } },
    ]);
  });

  it('lets the last condition that holds win', () => {
    const at = (start_time: string, end_time: string) => ({ type: 'time_of_date', start_time, end_time });
    const prices = [
      { prices: { input_mtok: 9, output_mtok: 9 } },
      { constraint: { start_date: '2026-01-01', type: 'start_date' }, prices: FLAT },
      { constraint: at('16:30:00Z', '00:30:00Z'), prices: { input_mtok: 1, output_mtok: 8 } },
      { constraint: { start_date: '2026-12-01' }, prices: { input_mtok: 7, output_mtok: 7 } },
    ];
    const { bands, notes } = imported(pricing(prices));
    expect(bands).toEqual([
      {
        price: { input: '1', output: '8' },
        cost: { input: '2', output: '16' },
        windows: [{ from: '16:30', to: '00:30', price: { input: '1', output: '8' } }],
      },
    ]);
    expect(notes).toEqual([{ model: 'gpt-5', note: expect.stringContaining('2026-12-01') }]);
    expect(imported(pricing(prices), { atMs: Date.parse('2026-12-01') }).bands?.[0]?.cost?.input).toBe('7');
    expect(imported(pricing(prices), { atMs: Date.parse('2025-12-01') }).bands?.[0]?.cost?.input).toBe('9');
  });

  it('finds a model by its other names and snapshots, whatever their case', () => {
    for (const [id, match] of [
      ['GPT-5', { equals: 'x' }],
      ['other', { or: [{ equals: 'gpt-5' }] }],
      ['other', { and: [{ starts_with: 'gpt-5' }, { regex: '.*' }] }],
    ] as const)
      expect(imported(pricing(FLAT, id, match)).changes).toHaveLength(2);
    expect(leftBecause(pricing(FLAT, 'gpt', { starts_with: 'gpt' }))).toContain('no model of this name');
  });

  it('takes a price per thousand requests for each, where that is exact', () => {
    const { bands } = imported(pricing({ ...FLAT, requests_kcount: 2.5 }));
    expect(bands?.[0]?.cost).toEqual({ input: '2', output: '16', perRequest: '0.0025' });
    expect(leftBecause(pricing({ ...FLAT, requests_kcount: '0.0000000001' }))).toContain('not exact per request');
    expect(leftBecause(pricing({ ...FLAT, requests_kcount: 1e-9 }))).toContain('no exact price');
  });

  it('says what has no place in a price list', () => {
    const { notes } = imported(
      pricing({ ...FLAT, cache_audio_read_mtok: 1, web_searches_kcount: 10, input_gpixels: 1 }),
    );
    expect(notes.map(({ note }) => note.split(' ')[0])).toEqual([
      'cache_audio_read_mtok',
      'web_searches_kcount',
      'input_gpixels',
    ]);
  });

  const window = (from: string, to: string) => [
    { prices: FLAT },
    { constraint: { start_time: from, end_time: to }, prices: FLAT },
  ];
  const old: ModelPrices = {
    model: 'gpt-5',
    bands: [
      {
        price: { input: '1', output: '8' },
        windows: [{ from: '02:00', to: '03:00', price: { input: '2', output: '9' } }],
      },
    ],
  };
  it.each<[string, PriceSource, string, Partial<ImportOptions>?, ModelPrices?]>([
    ['more digits than are exact', pricing({ input_mtok: 0.0000125, output_mtok: 1 }), '"0.0000125" has 7 decimals'],
    [
      'digits of a sum of floats',
      pricing({ input_mtok: 0.1 + 0.2, output_mtok: 1 }),
      '"0.30000000000000004" has 17 decimals',
    ],
    ['an exponent', pricing({ input_mtok: 1e-7, output_mtok: 1 }), '"1e-7" is not a decimal number'],
    ['a negative price', pricing({ input_mtok: -1, output_mtok: 1 }), '"-1" is negative'],
    ['no price of its input', pricing({ output_mtok: 1 }), 'no price of its input'],
    ['no price of its output', pricing({ input_mtok: 1 }), 'no price of its output'],
    ['a markup that is not exact', pricing({ input_mtok: 0.000001, output_mtok: 1 }), '7 decimals', { markup: '10' }],
    ['a window of seconds', pricing(window('00:00:30Z', '01:00:00Z')), 'not at a whole minute of UTC'],
    ['a window of another zone', pricing(window('00:00:00+08:00', '01:00:00Z')), 'not at a whole minute of UTC'],
    [
      'other windows than what customers pay',
      pricing(window('00:00:00Z', '01:00:00Z')),
      'are not those of its price',
      {},
      old,
    ],
  ])('leaves a model alone with %s', (_case, source, reason, options, before) =>
    expect(leftBecause(source, options, before)).toContain(reason),
  );

  it('never rounds: whoever pays cost and a markup pays that much of every call', () => {
    const price = fc
      .bigInt({ min: 0n, max: 50_000_000n })
      .map((micro) => formatUsd(picoUsd(micro * 10_000n * 1_000_000n)));
    fc.assert(
      fc.property(
        price,
        price,
        fc.integer({ min: 0, max: 99 }),
        fc.nat(100_000),
        fc.nat(100_000),
        (input, output, markup, promptTokens, completionTokens) => {
          const { models } = importPrices([OLD], pricing({ input_mtok: input, output_mtok: output }), {
            atMs: NOVEMBER,
            markup: String(markup),
          });
          const list = compilePriceList({
            version: 1,
            effectiveFrom: '2026-01-01T00:00:00Z',
            at: '2026-01-01T00:00:00Z',
            models: [...models],
          });
          const usage = usageOf({ promptTokens, completionTokens });
          if (usage instanceof UsageFault) throw new Error(usage.message);
          const { price: paid, cost } = rate(list, 'gpt-5', usage, NOVEMBER);
          expect(paid * 100n).toBe(cost * BigInt(100 + markup));
        },
      ),
    );
  });
});

it('a source of another shape is refused', () =>
  expect(() => readProvider({ id: 'openai', models: [{ id: 'm', match: {}, prices: { input_mtok: true } }] })).toThrow(
    /prices/,
  ));
