import { beforeEach, describe, expect, it } from 'vitest';
import { channel } from '../../../test/support/proxy/opening.js';
import { Clock, toInstant } from '../../kernel/index.js';
import { Catalogue, type ModelPrices, MODELS, PriceBook, SHIPPED } from '../../pricing/index.js';
import { Channels } from '../../proxy/index.js';
import { PublicPricesController } from './public-prices.controller.js';
import { PublicPrices } from './public-prices.js';

const NOON = Date.parse('2026-11-29T12:00:00Z');
const DAY = 86_400_000;
const gpt = (input: string, more: object = {}): ModelPrices => ({
  model: 'gpt-4o',
  bands: [{ price: { input, output: '10', ...more }, cost: { input: '0.5', output: '1' } }],
});

let now: number;
let book: PriceBook;
let prices: PublicPrices;
beforeEach(() => {
  now = NOON;
  book = new PriceBook();
  const clock = new (class extends Clock {
    override now = () => now;
  })();
  const channels = new Channels([{ ...channel('ours'), makers: ['openai'], servesRetired: false }]);
  prices = new PublicPrices(book, SHIPPED, channels, clock);
});
let version: number;
beforeEach(() => (version = 0));
const publish = (effectiveFromMs: number, ...models: ModelPrices[]): void =>
  book.apply({
    type: 'PriceListPublished',
    data: { version: ++version, effectiveFrom: toInstant(effectiveFromMs), at: toInstant(NOON - DAY), models },
  });
const listed = (model: string) => prices.list()?.data.find((each) => each.model === model);
const rates = (model: string) => listed(model)?.bands.map((band) => band.rates);

describe('the prices that anyone may see', () => {
  it('are those of the version in force, with what customers pay and never what providers charge', () => {
    publish(NOON - DAY, gpt('2.50', { cachedInput: '1.25' }));
    publish(NOON + DAY, gpt('3'));
    expect(prices.list()).toMatchObject({
      version: 1,
      currency: 'USD',
      next_from: toInstant(NOON + DAY),
      providers: ['openai'],
    });
    expect(rates('gpt-4o')).toEqual([
      [
        { kind: 'input', usd: '2.50', per: 'million_tokens' },
        { kind: 'cached_input', usd: '1.25', per: 'million_tokens' },
        { kind: 'output', usd: '10.00', per: 'million_tokens' },
      ],
    ]);
    expect(JSON.stringify(prices.list())).not.toContain('"0.5"');
    expect(listed('gpt-4o')).toMatchObject({ provider: 'openai', available: true, context_window: 128_000 });
  });

  it('change with the next version at its instant', () => {
    publish(NOON - DAY, gpt('2'));
    publish(NOON + DAY, gpt('3'));
    expect(prices.list()?.version).toBe(1);
    now = NOON + DAY;
    expect(prices.list()).toMatchObject({ version: 2, next_from: null });
  });

  it('tell the unit of what is sold by the piece, and the sizes and times that prices depend on', () => {
    publish(NOON - DAY, ...SHIPPED.startingPriceList(NOON));
    expect(rates('whisper-1')).toEqual([[{ kind: 'second', usd: '0.0001', per: 'second' }]]);
    const [short, long] = listed('gemini-2.5-pro')?.bands ?? [];
    expect([short?.max_prompt_tokens, long?.min_prompt_tokens, long?.max_prompt_tokens]).toEqual([
      200_000,
      200_001,
      null,
    ]);
    expect(listed('deepseek-flash')?.bands[0]?.windows[0]).toMatchObject({
      from: expect.stringMatching(/^\d\d:\d\d$/) as string,
      rates: [{ kind: 'input' }, { kind: 'cached_input' }, { kind: 'output' }],
    });
    expect(listed('claude-haiku-4-5')?.available).toBe(false);
  });

  it('are found by words of the id, the name, other names and the maker', () => {
    publish(NOON - DAY, ...SHIPPED.startingPriceList(NOON));
    const controller = new PublicPricesController(prices);
    const found = (search: string) => controller.list({ search }).data.map(({ model }) => model);
    expect(found('gpt-4o-2024-11-20')).toEqual(['gpt-4o']);
    expect(found('ANTHROPIC haiku 4.5')).toEqual(['claude-haiku-4-5']);
    expect(found('no such model')).toEqual([]);
    expect(new Set(controller.list({ provider: 'google' }).data.map(({ provider }) => provider))).toEqual(
      new Set(['google']),
    );
  });
});

describe('the history of a model’s prices', () => {
  it('has every version that was not withdrawn, the latest first, and what it changes', () => {
    publish(NOON - 2 * DAY, gpt('2'));
    publish(NOON - DAY, gpt('2'));
    publish(NOON + DAY, gpt('3'));
    publish(NOON + 2 * DAY, gpt('9'));
    book.apply({ type: 'PriceListWithdrawn', data: { version: 4, by: 'op', reason: 'no', at: toInstant(NOON) } });
    const { history, ...rest } = prices.history('gpt-4o-2024-11-20');
    expect(rest).toMatchObject({ model: 'gpt-4o', version: 2, now: { model: 'gpt-4o' } });
    expect(history.map((step) => [step.version, step.state, step.until, step.changes.length])).toEqual([
      [3, 'scheduled', null, 1],
      [2, 'in_force', toInstant(NOON + DAY), 0],
      [1, 'superseded', toInstant(NOON - DAY), 0],
    ]);
    expect(history[0]?.changes).toEqual([
      { kind: 'input', per: 'million_tokens', prompt: '', when: '', from: '2.00', to: '3.00', percent: '+50.00 %' },
    ]);
  });

  it('is there for a model without a price now, and for ids with slashes; not for what is no model', () => {
    publish(NOON - DAY, gpt('2'));
    expect(prices.history('gpt-4o-mini')).toMatchObject({ now: null, history: [{ bands: [] }] });
    const [first] = MODELS;
    const own = { ...(first as (typeof MODELS)[number]), id: 'acme/fast.v1', aliases: [] };
    const clock = new (class extends Clock {
      override now = () => NOON;
    })();
    const ours = new PublicPrices(book, Catalogue.with([own]), new Channels([]), clock);
    expect(ours.history('acme/fast.v1').model).toBe('acme/fast.v1');
    expect(() => prices.history('acme/fast.v1')).toThrow('does not exist');
  });
});
