import { describe, expect, it } from 'vitest';
import { checkPriceList } from './price-list.check.js';

const KNOWN = [{ id: 'm' }, { id: 'n' }, { id: 'image', soldBy: 'perImage' as const }];
const PRICE = { input: '1', output: '2' };
const documentOf = (...models: unknown[]): unknown => ({ effectiveFrom: '2026-11-23T00:00:00.000Z', models });
const bandsOf = (...bands: unknown[]): unknown => documentOf({ model: 'm', bands });
const windowsOf = (...windows: object[]): unknown =>
  bandsOf({ price: PRICE, windows: windows.map((window) => ({ ...window, price: PRICE })) });
const faultsOf = (document: unknown): string[] =>
  checkPriceList(document, KNOWN).map(({ path, message }) => `${path}: ${message}`);

const INPUT = 'models[0].bands[0].price.input';

describe('a price list', () => {
  it('passes with flat prices, bands, windows and costs', () => {
    const windows = [{ days: ['mon', 'tue'], from: '22:00', to: '06:00', price: PRICE, cost: PRICE }];
    const bands = [{ promptTokens: { '<': 200 }, price: PRICE, cost: PRICE, windows }, { price: PRICE }];
    expect(faultsOf(documentOf({ model: 'm', bands }, { model: 'n', bands: [{ price: PRICE }] }))).toEqual([]);
  });

  it.each([
    ['a negative price', '-1', `${INPUT}: "-1" is negative.`],
    ['a word', 'free', `${INPUT}: "free" is not a decimal number such as "2.50".`],
    ['an exponent', '1e-6', `${INPUT}: "1e-6" is not a decimal number such as "2.50".`],
    ['seven decimals', '0.0000001', `${INPUT}: "0.0000001" has 7 decimals; at most 6 are exact.`],
    ['a price beyond reason', '1000000000', `${INPUT}: "1000000000" is too large.`],
    ['a JSON number', 3, `${INPUT}: A price is a decimal string such as "2.50".`],
  ])('with %s is refused', (_, input, fault) => {
    expect(faultsOf(bandsOf({ price: { ...PRICE, input } }))).toEqual([fault]);
  });

  it('takes six decimals per million tokens and twelve per request', () => {
    expect(faultsOf(bandsOf({ price: { ...PRICE, input: '0.000001', perRequest: '0.000000000001' } }))).toEqual([]);
  });

  it('does not price a model under another of its names', () => {
    const known = [{ id: 'm', aliases: ['m-2026-01-01'] }];
    const document = documentOf({ model: 'm-2026-01-01', bands: [{ price: PRICE }] });
    expect(checkPriceList(document, known)).toEqual([
      {
        path: 'models[0].model',
        message: '"m-2026-01-01" is another name of "m": price that, and both cost the same.',
      },
    ]);
  });

  it('without an output price is refused', () => {
    expect(faultsOf(bandsOf({ price: { input: '1' } }))).toEqual([expect.stringContaining('price.output: A price is')]);
  });

  it('with a misspelt price is refused: it would silently fall back', () => {
    expect(faultsOf(bandsOf({ price: { ...PRICE, cachedinput: '0.1' } }))).toEqual([
      expect.stringContaining('"cachedinput"'),
    ]);
  });

  it('that prices an unknown model, or one twice, is refused', () => {
    const bands = [{ price: PRICE }];
    expect(faultsOf(documentOf({ model: 'm', bands }, { model: 'm', bands }, { model: 'x', bands }))).toEqual([
      'models[1].model: "m" is priced twice.',
      'models[2].model: "x" is not a model of the catalogue. MODELS_FILE adds one.',
    ]);
  });

  it.each([['tomorrow'], ['2026-11-23'], ['2026-13-01T00:00:00Z'], ['2026-11-23T00:00:00+01:00']])(
    'effective from %s is refused',
    (effectiveFrom) => {
      const document = { effectiveFrom, models: [{ model: 'm', bands: [{ price: PRICE }] }] };
      expect(faultsOf(document)).toEqual([expect.stringMatching(/^effectiveFrom: effectiveFrom is an ISO 8601/)]);
    },
  );

  it('names every fault at once', () => {
    const broken = { model: 'x', bands: [{ price: { input: '-1', output: 'two' } }, { price: PRICE }] };
    expect(faultsOf({ effectiveFrom: 'now', models: [broken, { model: 'm', bands: [] }, 7] })).toHaveLength(7);
  });

  it.each([[null], [[]], ['prices'], [{}], [{ models: [null, { bands: 'none' }] }]])(
    'may be anything: %j',
    (document) => {
      expect(faultsOf(document).length).toBeGreaterThan(0);
    },
  );
});

describe('context bands', () => {
  it('may split at one token', () => {
    const bands = [{ promptTokens: { '<': 200 } }, { promptTokens: { '<=': 200 } }, {}];
    expect(faultsOf(bandsOf(...bands.map((band) => ({ ...band, price: PRICE }))))).toEqual([]);
  });

  it.each<[string, object[], string]>([
    ['the same limit', [{ '<': 200 }, { '<': 200 }], 'models[0].bands[1].promptTokens'],
    ['< and <= that mean the same', [{ '<': 200 }, { '<=': 199 }], 'models[0].bands[1].promptTokens'],
    ['descending limits', [{ '<=': 200 }, { '<=': 100 }], 'models[0].bands[1].promptTokens'],
  ])('with %s overlap', (_, limits, path) => {
    const bands = limits.map((promptTokens) => ({ promptTokens, price: PRICE }));
    expect(faultsOf(bandsOf(...bands, { price: PRICE }))).toEqual([
      `${path}: This band overlaps the one before it: limits must ascend.`,
    ]);
  });

  it('must not follow a band without a limit', () => {
    expect(faultsOf(bandsOf({ price: PRICE }, { price: PRICE }))).toEqual([expect.stringContaining('overlaps')]);
  });

  it('must leave no prompt without a price', () => {
    expect(faultsOf(bandsOf({ promptTokens: { '<': 200 }, price: PRICE }))).toEqual([
      'models[0].bands: Prompts of more than 199 tokens have no price: the last band takes no limit.',
    ]);
  });

  it.each([[{ '>': 200 }], [{ '<': 1.5 }], [{ '<': 0 }], [200], [{ '<': 1, '<=': 1 }]])(
    'refuse the limit %j',
    (limit) => {
      expect(faultsOf(bandsOf({ promptTokens: limit, price: PRICE }, { price: PRICE }))).toEqual([
        expect.stringMatching(/^models\[0\]\.bands\[0\]\.promptTokens.*: .*/),
      ]);
    },
  );
});

describe('time windows', () => {
  it('may touch', () => {
    expect(faultsOf(windowsOf({ from: '01:00', to: '04:00' }, { from: '04:00', to: '24:00' }))).toEqual([]);
  });

  it('of different days may have the same hours', () => {
    const hours = { from: '01:00', to: '04:00' };
    expect(faultsOf(windowsOf({ days: ['mon'], ...hours }, { days: ['tue'], ...hours }))).toEqual([]);
  });

  it.each<[string, object, object]>([
    ['within a day', { from: '01:00', to: '04:00' }, { from: '03:59', to: '05:00' }],
    ['after midnight', { days: ['mon'], from: '22:00', to: '02:00' }, { days: ['tue'], from: '01:00', to: '03:00' }],
    ['across the week', { days: ['sat'], from: '22:00', to: '02:00' }, { days: ['sun'], from: '00:00', to: '01:00' }],
  ])('that overlap %s are refused', (_, first, second) => {
    expect(faultsOf(windowsOf(first, second))).toEqual([
      'models[0].bands[0].windows[1]: This window overlaps windows[0].',
    ]);
  });

  it.each<[string, object, RegExp]>([
    ['a minute that does not exist', { from: '01:60', to: '04:00' }, /windows\[0\]\.from: A window opens at/],
    ['24:00 as its start', { from: '24:00', to: '04:00' }, /windows\[0\]\.from: A window opens at/],
    ['no end', { from: '01:00' }, /windows\[0\]\.to: A window needs the time it closes at/],
    ['no length', { from: '01:00', to: '01:00' }, /windows\[0\]: This window closes when it opens/],
    ['an unknown day', { days: ['monday'], from: '01:00', to: '02:00' }, /windows\[0\]\.days\[0\]: /],
    ['no day', { days: [], from: '01:00', to: '02:00' }, /windows\[0\]\.days: A window needs at least one day/],
    ['a day twice', { days: ['mon', 'mon'], from: '01:00', to: '02:00' }, /days: This window names a day twice/],
  ])('with %s are refused', (_, window, fault) => {
    expect(faultsOf(windowsOf(window))).toEqual([expect.stringMatching(fault)]);
  });

  it('may price at zero on purpose, but not by leaving a price out', () => {
    const free = { input: '0', output: '0' };
    const imagesAt = (price: object, more: object = {}) => documentOf({ model: 'image', bands: [{ price, ...more }] });
    const unsold =
      'models[0].bands[0]: This model is sold perImage: every price needs it, "0" if it is to cost nothing.';
    expect(faultsOf(bandsOf({ price: free }))).toEqual([]);
    expect(faultsOf(imagesAt({ ...free, perImage: '0' }))).toEqual([]);
    expect(faultsOf(imagesAt(free))).toEqual([unsold]);
    expect(faultsOf(imagesAt({ ...free, perImage: '0.04' }, { cost: free }))).toEqual([unsold]);
    const windows = [{ from: '01:00', to: '02:00', price: free }];
    expect(faultsOf(imagesAt({ ...free, perImage: '0.04' }, { windows }))).toEqual([unsold]);
  });
});
