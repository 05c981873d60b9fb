// Cache prices: writes are 1.25 × (5 min) and 2 × (1 h) the input price; hits have their own price per model.
import { LIVE, banded, flat, retired, type Model } from './model.js';

// Copies the figures of https://platform.claude.com/docs/en/about-claude/pricing.
const SYNAPS = { source: 'https://docs.rs/synaps/0.10.2/synaps_cli/pricing', asOf: '2026-10-10' };

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
const current = {
  ...claude,
  contextWindow: 1_000_000,
  maxOutputTokens: 128_000,
  imageTokens: HIGH_RESOLUTION_IMAGE,
  lifecycle: LIVE,
} as const;

export const ANTHROPIC: readonly Model[] = [
  {
    ...earlier,
    id: 'claude-3-5-sonnet-20241022',
    name: 'Claude Sonnet 3.5',
    maxOutputTokens: 8_192,
    lifecycle: retired('2025-10-28', 'claude-sonnet-5-5'),
    prices: flat({ input: '3', cachedInput: '0.3', cacheWrite: '3.75', cacheWrite1h: '6', output: '15' }),
  },
  {
    ...earlier,
    id: 'claude-3-5-haiku-20241022',
    name: 'Claude Haiku 3.5',
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-02-19', 'claude-haiku-4-5'),
    prices: flat({ input: '0.8', cachedInput: '0.08', cacheWrite: '1', cacheWrite1h: '1.6', output: '4' }),
  },
  {
    ...earlier,
    id: 'claude-haiku-4-5',
    aliases: ['claude-haiku-4-5-20251001'],
    released: '2025-10-15',
    name: 'Claude Haiku 4.5',
    maxOutputTokens: 64_000,
    lifecycle: LIVE,
    prices: flat({ input: '1', cachedInput: '0.1', cacheWrite: '1.25', cacheWrite1h: '2', output: '5' }),
  },
  {
    ...current,
    id: 'claude-sonnet-4-6',
    name: 'Claude Sonnet 4.6',
    prices: flat({ input: '3', cachedInput: '0.3', cacheWrite: '3.75', cacheWrite1h: '6', output: '15' }),
  },
  {
    ...current,
    id: 'claude-opus-4-8',
    name: 'Claude Opus 4.8',
    prices: flat({ input: '5', cachedInput: '0.5', cacheWrite: '6.25', cacheWrite1h: '10', output: '25' }),
  },
  {
    ...current,
    id: 'claude-sonnet-5',
    name: 'Claude Sonnet 5',
    prices: flat({ input: '2', cachedInput: '0.2', cacheWrite: '2.5', cacheWrite1h: '4', output: '10' }),
  },
  {
    ...current,
    id: 'claude-opus-5',
    name: 'Claude Opus 5',
    prices: flat({ input: '5', cachedInput: '0.5', cacheWrite: '6.25', cacheWrite1h: '10', output: '25' }),
  },
  {
    ...current,
    id: 'claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    prices: banded(
      { '<=': 100_000 },
      [
        { input: '0.1', cachedInput: '0.01', cacheWrite: '0.125', cacheWrite1h: '0.2', output: '0.5' },
        { input: '0.5', cachedInput: '0.05', cacheWrite: '0.625', cacheWrite1h: '1', output: '2.5' },
      ],
      SYNAPS,
    ),
  },
  {
    ...current,
    id: 'claude-sonnet-5-5',
    name: 'Claude Sonnet 5.5',
    prices: flat({ input: '2', cachedInput: '0.1', cacheWrite: '2.5', cacheWrite1h: '4', output: '10' }, SYNAPS),
  },
  {
    ...current,
    id: 'claude-opus-5-5',
    name: 'Claude Opus 5.5',
    prices: flat({ input: '4', cachedInput: '0.2', cacheWrite: '5', cacheWrite1h: '8', output: '20' }),
  },
  {
    ...current,
    id: 'claude-fable-5-1',
    name: 'Claude Fable 5.1',
    prices: flat({ input: '10', cachedInput: '0.25', cacheWrite: '12.5', cacheWrite1h: '20', output: '50' }),
  },
];
