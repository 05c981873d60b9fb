import { LITELLM, LIVE, PI_AI, TEXT_ONLY, UNDOCUMENTED_IMAGE_TOKENS, flat, retired, type Model } from './model.js';

// A reseller that states Moonshot's own prices.
const APIYI = { source: 'https://docs.apiyi.com/en/api-capabilities/kimi-k3-1/overview', asOf: '2026-10-25' };
// The price of an hour's cache, which catalogues lack; the others are the same there.
const KIMI_CODE = { source: 'https://github.com/MoonshotAI/kimi-code/issues/3942', asOf: '2026-09-19' };

const moonshot = { maker: 'moonshot', tokenLimitField: 'max_tokens' } as const;
// Withdrawn: LiteLLM of 2026-11-28; the newer catalogues no longer list it.
const v1 = { ...moonshot, ...TEXT_ONLY, lifecycle: retired('2026-08-31', 'kimi-k2.6') } as const;
const kimi = {
  ...moonshot,
  input: ['text', 'image', 'video'],
  kind: 'chat',
  output: ['text'],
  imageTokens: UNDOCUMENTED_IMAGE_TOKENS,
  lifecycle: LIVE,
} as const;
const k2 = { ...kimi, contextWindow: 262_144, maxOutputTokens: 262_144 } as const;
// It can be asked for up to 1,048,576 tokens; 131,072 is what it gives by itself, and so what is asked for when the client names no number.
const k3 = { ...kimi, contextWindow: 1_048_576, maxOutputTokens: 131_072 } as const;

export const MOONSHOT: readonly Model[] = [
  {
    ...v1,
    id: 'moonshot-v1-8k',
    name: 'Moonshot V1 8K',
    contextWindow: 8_192,
    maxOutputTokens: 8_192,
    prices: flat({ input: '0.2', output: '2' }),
  },
  {
    ...v1,
    id: 'moonshot-v1-32k',
    name: 'Moonshot V1 32K',
    contextWindow: 32_768,
    maxOutputTokens: 32_768,
    prices: flat({ input: '1', output: '3' }),
  },
  {
    ...v1,
    id: 'moonshot-v1-128k',
    name: 'Moonshot V1 128K',
    contextWindow: 131_072,
    maxOutputTokens: 131_072,
    prices: flat({ input: '2', output: '5' }),
  },
  {
    ...moonshot,
    ...TEXT_ONLY,
    id: 'kimi-k2',
    name: 'Kimi K2',
    contextWindow: 131_072,
    maxOutputTokens: 16_384,
    lifecycle: retired('2026-05-25', 'kimi-k2.6'),
    prices: flat({ input: '0.6', cachedInput: '0.15', output: '2.5' }),
  },
  {
    ...k2,
    id: 'kimi-k2.6',
    released: '2026-04-21',
    name: 'Kimi K2.6',
    prices: flat({ input: '0.95', cachedInput: '0.16', output: '4' }),
  },
  {
    ...k2,
    id: 'kimi-k2.5',
    released: '2026-01-27',
    name: 'Kimi K2.5',
    lifecycle: retired('2026-08-31', 'kimi-k2.6'),
    prices: flat({ input: '0.6', cachedInput: '0.1', output: '3' }, LITELLM),
  },
  {
    ...k2,
    id: 'kimi-k2.7-code-highspeed',
    released: '2026-06-12',
    name: 'Kimi K2.7 Code Highspeed',
    prices: flat({ input: '1.9', cachedInput: '0.38', output: '8' }, PI_AI),
  },
  {
    ...k2,
    id: 'kimi-k2.7-code',
    released: '2026-06-12',
    name: 'Kimi K2.7 Code',
    prices: flat({ input: '0.95', cachedInput: '0.19', output: '4' }),
  },
  {
    ...k3,
    id: 'kimi-k3',
    released: '2026-07-16',
    name: 'Kimi K3',
    prices: flat({ input: '3', cachedInput: '0.3', cacheWrite: '3', cacheWrite1h: '6', output: '15' }, KIMI_CODE),
  },
  {
    ...k3,
    id: 'kimi-k3.1-pro',
    released: '2026-10-24',
    name: 'Kimi K3.1 Pro',
    prices: flat({ input: '2', cachedInput: '0.2', cacheWrite: '2', cacheWrite1h: '4', output: '10' }, APIYI),
  },
  {
    ...k3,
    id: 'kimi-k3.1-pro-highspeed',
    released: '2026-10-24',
    name: 'Kimi K3.1 Pro Highspeed',
    prices: flat({ input: '4', cachedInput: '0.2', cacheWrite: '4', cacheWrite1h: '8', output: '20' }, LITELLM),
  },
];
