// Prices are those that Anthropic's own program counts with. Cache writes are 1.25 × (5 min) and 2 × (1 h) the input price; hits have their
// own price per model. Names: `first_party` of the same table; a name without a date is an alias of Anthropic's for the dated one, or has none.
// Retirements: https://platform.claude.com/docs/en/about-claude/model-deprecations. Not listed, for want of a price that holds: Claude 3 and before.
import type { Rates } from '../price-list.js';
import { LIVE, banded, flat, retired, retiring, type Model } from './model.js';

const CLAUDE_CODE = { source: 'the price table of @anthropic-ai/claude-code 2.1.332', asOf: '2026-11-24' };

const price = (input: string, output: string, [read, write5m, write1h]: readonly [string, string, string]): Rates => ({
  input,
  cachedInput: read,
  cacheWrite: write5m,
  cacheWrite1h: write1h,
  output,
});
const at = (...rates: Parameters<typeof price>) => flat(price(...rates), CLAUDE_CODE);
const AT_2_10 = at('2', '10', ['0.2', '2.5', '4']);
const AT_3_15 = at('3', '15', ['0.3', '3.75', '6']);
const AT_5_25 = at('5', '25', ['0.5', '6.25', '10']);
const AT_8_40 = at('8', '40', ['0.2', '10', '16']);
const AT_10_50 = at('10', '50', ['1', '12.5', '20']);
const AT_10_50_CHEAP_READ = at('10', '50', ['0.25', '12.5', '20']);
const AT_15_75 = at('15', '75', ['1.5', '18.75', '30']);

// https://platform.claude.com/docs/en/build-with-claude/vision: about 1,600 tokens for the largest image, rounded up for
// its padding to whole patches; 4,784 where high resolution is supported.
const IMAGE = 1_700;
const HIGH_RESOLUTION_IMAGE = 4_900;

const claude = {
  maker: 'anthropic',
  input: ['text', 'image'],
  kind: 'chat',
  output: ['text'],
  tokenLimitField: 'max_tokens',
} as const;
const earlier = { ...claude, contextWindow: 200_000, imageTokens: IMAGE } as const;
const claude4 = { ...earlier, maxOutputTokens: 64_000 } as const;
const opus4 = { ...earlier, maxOutputTokens: 32_000 } as const;
const current = {
  ...claude,
  contextWindow: 1_000_000,
  maxOutputTokens: 128_000,
  imageTokens: HIGH_RESOLUTION_IMAGE,
  lifecycle: LIVE,
} as const;

const RETIRED: readonly Model[] = [
  {
    ...earlier,
    id: 'claude-3-5-sonnet-20241022',
    aliases: ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20240620'],
    name: 'Claude Sonnet 3.5',
    maxOutputTokens: 8_192,
    lifecycle: retired('2025-10-28', 'claude-sonnet-5-5'),
    released: '2024-10-22',
    prices: AT_3_15,
  },
  {
    ...earlier,
    id: 'claude-3-5-haiku-20241022',
    aliases: ['claude-3-5-haiku-latest'],
    name: 'Claude Haiku 3.5',
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-02-19', 'claude-haiku-4-5'),
    released: '2024-10-22',
    prices: at('0.8', '4', ['0.08', '1', '1.6']),
  },
  {
    ...claude4,
    id: 'claude-3-7-sonnet-20250219',
    aliases: ['claude-3-7-sonnet-latest'],
    name: 'Claude Sonnet 3.7',
    lifecycle: retired('2026-02-19', 'claude-sonnet-5-5'),
    released: '2025-02-19',
    prices: AT_3_15,
  },
  {
    ...claude4,
    id: 'claude-sonnet-4-20250514',
    aliases: ['claude-sonnet-4-0'],
    name: 'Claude Sonnet 4',
    lifecycle: retired('2026-06-15', 'claude-sonnet-4-6'),
    released: '2025-05-22',
    prices: AT_3_15,
  },
  {
    ...opus4,
    id: 'claude-opus-4-20250514',
    aliases: ['claude-opus-4-0'],
    name: 'Claude Opus 4',
    lifecycle: retired('2026-06-15', 'claude-opus-4-8'),
    released: '2025-05-22',
    prices: AT_15_75,
  },
  {
    ...opus4,
    id: 'claude-opus-4-1',
    aliases: ['claude-opus-4-1-20250805'],
    name: 'Claude Opus 4.1',
    lifecycle: retired('2026-08-05', 'claude-opus-5-5'),
    released: '2025-08-05',
    prices: AT_15_75,
  },
];

const CLAUDE_4: readonly Model[] = [
  {
    ...claude4,
    id: 'claude-haiku-4-5',
    aliases: ['claude-haiku-4-5-20251001'],
    name: 'Claude Haiku 4.5',
    lifecycle: LIVE,
    released: '2025-10-15',
    prices: at('1', '5', ['0.1', '1.25', '2']),
  },
  {
    ...claude4,
    id: 'claude-sonnet-4-5',
    aliases: ['claude-sonnet-4-5-20250929'],
    name: 'Claude Sonnet 4.5',
    lifecycle: retiring('2026-11-30', 'claude-sonnet-5-5'),
    released: '2025-09-29',
    prices: AT_3_15,
  },
  {
    ...claude4,
    id: 'claude-opus-4-5',
    aliases: ['claude-opus-4-5-20251101'],
    name: 'Claude Opus 4.5',
    lifecycle: LIVE,
    released: '2025-11-24',
    prices: AT_5_25,
  },
  { ...current, id: 'claude-sonnet-4-6', name: 'Claude Sonnet 4.6', released: '2026-02-17', prices: AT_3_15 },
  {
    ...current,
    id: 'claude-opus-4-6',
    aliases: ['claude-opus-4-6-20260205'],
    name: 'Claude Opus 4.6',
    released: '2026-02-05',
    prices: AT_5_25,
  },
  {
    ...current,
    id: 'claude-opus-4-7',
    aliases: ['claude-opus-4-7-20260416'],
    name: 'Claude Opus 4.7',
    released: '2026-04-16',
    prices: AT_5_25,
  },
  { ...current, id: 'claude-opus-4-8', name: 'Claude Opus 4.8', released: '2026-05-28', prices: AT_5_25 },
];

const CLAUDE_5: readonly Model[] = [
  { ...current, id: 'claude-sonnet-5', name: 'Claude Sonnet 5', released: '2026-06-30', prices: AT_2_10 },
  { ...current, id: 'claude-opus-5', name: 'Claude Opus 5', released: '2026-07-24', prices: AT_5_25 },
  {
    ...current,
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    prices: banded(
      { '<=': 100_000 },
      [price('0.1', '0.5', ['0.01', '0.125', '0.2']), price('0.5', '2.5', ['0.05', '0.625', '1'])],
      CLAUDE_CODE,
    ),
  },
  {
    ...current,
    id: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    released: '2026-09-29',
    prices: at('2', '10', ['0.1', '2.5', '4']),
  },
  {
    ...current,
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    released: '2026-09-22',
    prices: at('4', '20', ['0.2', '5', '8']),
  },
  { ...current, id: 'claude-fable-5', name: 'Claude Fable 5', released: '2026-06-09', prices: AT_10_50 },
  {
    ...current,
    id: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    released: '2026-09-01',
    prices: AT_10_50_CHEAP_READ,
  },
  { ...current, id: 'claude-fable-5-2', name: 'Claude Fable 5.2', prices: AT_8_40 },
  // By invitation: https://platform.claude.com/docs/en/models/mythos-5/overview
  { ...current, id: 'claude-mythos-5', name: 'Claude Mythos 5', released: '2026-06-09', prices: AT_10_50 },
  { ...current, id: 'claude-mythos-5-1', name: 'Claude Mythos 5.1', prices: AT_10_50_CHEAP_READ },
  { ...current, id: 'claude-mythos-5-2', name: 'Claude Mythos 5.2', prices: AT_8_40 },
];

export const ANTHROPIC: readonly Model[] = [...RETIRED, ...CLAUDE_4, ...CLAUDE_5];
