// US dollar prices of Z.AI, Zhipu's international platform.
import { LIVE, TEXT_ONLY, UNDOCUMENTED_IMAGE_TOKENS, flat, type Model } from './model.js';

const PI_CATALOG = { source: '@oh-my-pi/pi-catalog 18.2.11, zai', asOf: '2026-09-23' };

const glm = { maker: 'zhipu', tokenLimitField: 'max_tokens', ...TEXT_ONLY, lifecycle: LIVE } as const;
const glm45 = { ...glm, contextWindow: 131_072, maxOutputTokens: 98_304 } as const;
const glm46 = { ...glm, contextWindow: 204_800, maxOutputTokens: 131_072 } as const;
const glm52 = { ...glm, contextWindow: 1_000_000, maxOutputTokens: 131_072 } as const;

export const ZHIPU: readonly Model[] = [
  {
    ...glm45,
    id: 'glm-4.5',
    name: 'GLM-4.5',
    prices: flat({ input: '0.6', cachedInput: '0.11', output: '2.2' }, PI_CATALOG),
  },
  {
    ...glm45,
    id: 'glm-4.5-air',
    name: 'GLM-4.5-Air',
    prices: flat({ input: '0.2', cachedInput: '0.03', output: '1.1' }, PI_CATALOG),
  },
  {
    ...glm46,
    id: 'glm-4.6',
    name: 'GLM-4.6',
    prices: flat({ input: '0.6', cachedInput: '0.11', output: '2.2' }, PI_CATALOG),
  },
  {
    ...glm46,
    id: 'glm-4.7',
    name: 'GLM-4.7',
    prices: flat({ input: '0.6', cachedInput: '0.11', output: '2.2' }, PI_CATALOG),
  },
  {
    ...glm46,
    id: 'glm-5',
    name: 'GLM-5',
    prices: flat({ input: '1', cachedInput: '0.2', output: '3.2' }, PI_CATALOG),
  },
  {
    ...glm52,
    id: 'glm-5.2',
    name: 'GLM-5.2',
    prices: flat({ input: '1.4', cachedInput: '0.26', output: '4.4' }),
  },
  {
    ...glm52,
    id: 'glm-5.3',
    name: 'GLM-5.3',
    prices: flat({ input: '1.4', cachedInput: '0.26', output: '4.4' }),
  },
  {
    ...glm52,
    id: 'glm-5.3-flash',
    name: 'GLM-5.3-Flash',
    input: ['text', 'image'],
    imageTokens: UNDOCUMENTED_IMAGE_TOKENS,
    prices: flat({ input: '0.15', cachedInput: '0.03', output: '0.5' }, PI_CATALOG),
  },
];
