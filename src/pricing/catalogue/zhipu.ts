// US dollar prices of Z.AI, Zhipu's international platform.
import { LITELLM, LIVE, MODELS_DEV, TEXT_ONLY, UNDOCUMENTED_IMAGE_TOKENS, flat, type Model } from './model.js';

const PRICING_PAGE = { source: 'https://docs.z.ai/guides/overview/pricing', asOf: '2026-11-28' };
const PI_CATALOG = { source: '@oh-my-pi/pi-catalog 18.2.11, zai', asOf: '2026-09-23' };

const glm = { maker: 'zhipu', tokenLimitField: 'max_tokens', ...TEXT_ONLY, lifecycle: LIVE } as const;
const glm45 = { ...glm, contextWindow: 131_072, maxOutputTokens: 98_304 } as const;
const glm46 = { ...glm, contextWindow: 204_800, maxOutputTokens: 131_072 } as const;
const vision = { input: ['text', 'image', 'video'], imageTokens: UNDOCUMENTED_IMAGE_TOKENS } as const;
const glm52 = { ...glm, contextWindow: 1_048_576, maxOutputTokens: 131_072 } as const;

export const ZHIPU: readonly Model[] = [
  {
    ...glm45,
    id: 'glm-4.5',
    released: '2025-07-28',
    name: 'GLM-4.5',
    prices: flat({ input: '0.6', cachedInput: '0.11', output: '2.2' }, PI_CATALOG),
  },
  {
    ...glm45,
    id: 'glm-4.5-air',
    released: '2025-07-28',
    name: 'GLM-4.5-Air',
    prices: flat({ input: '0.2', cachedInput: '0.03', output: '1.1' }, PI_CATALOG),
  },
  {
    ...glm46,
    id: 'glm-4.6',
    released: '2025-09-30',
    name: 'GLM-4.6',
    prices: flat({ input: '0.6', cachedInput: '0.11', output: '2.2' }, PI_CATALOG),
  },
  {
    ...glm46,
    id: 'glm-4.7',
    released: '2025-12-22',
    name: 'GLM-4.7',
    prices: flat({ input: '0.6', cachedInput: '0.11', output: '2.2' }, PI_CATALOG),
  },
  {
    ...glm46,
    id: 'glm-5',
    released: '2026-02-12',
    name: 'GLM-5',
    prices: flat({ input: '1', cachedInput: '0.2', output: '3.2' }, PI_CATALOG),
  },
  {
    ...glm52,
    id: 'glm-5.2',
    released: '2026-06-13',
    name: 'GLM-5.2',
    prices: flat({ input: '1.4', cachedInput: '0.26', output: '4.4' }),
  },
  {
    ...glm52,
    id: 'glm-5.3',
    released: '2026-08-14',
    name: 'GLM-5.3',
    prices: flat({ input: '1.4', cachedInput: '0.26', output: '4.4' }),
  },
  {
    ...glm52,
    id: 'glm-5.3-flash',
    released: '2026-08-26',
    name: 'GLM-5.3-Flash',
    input: ['text', 'image'],
    imageTokens: UNDOCUMENTED_IMAGE_TOKENS,
    prices: flat({ input: '0.15', cachedInput: '0.03', output: '0.5' }, PI_CATALOG),
  },
  {
    ...glm45,
    id: 'glm-4.5-x',
    name: 'GLM-4.5-X',
    prices: flat({ input: '2.2', cachedInput: '0.45', output: '8.9' }, PRICING_PAGE),
  },
  {
    ...glm45,
    id: 'glm-4.5-airx',
    name: 'GLM-4.5-AirX',
    prices: flat({ input: '1.1', cachedInput: '0.22', output: '4.5' }, PRICING_PAGE),
  },
  // Free at Z.AI, and so here: the prices are zero on purpose.
  {
    ...glm45,
    id: 'glm-4.5-flash',
    released: '2025-07-28',
    name: 'GLM-4.5-Flash',
    prices: flat({ input: '0', output: '0' }, PRICING_PAGE),
  },
  {
    ...glm46,
    id: 'glm-4.7-flash',
    released: '2026-01-19',
    name: 'GLM-4.7-Flash',
    prices: flat({ input: '0', output: '0' }, PRICING_PAGE),
  },
  {
    ...glm46,
    id: 'glm-4.7-flashx',
    released: '2026-01-19',
    name: 'GLM-4.7-FlashX',
    prices: flat({ input: '0.07', cachedInput: '0.01', output: '0.4' }, PRICING_PAGE),
  },
  {
    ...glm45,
    ...vision,
    id: 'glm-4.5v',
    released: '2025-08-11',
    name: 'GLM-4.5V',
    maxOutputTokens: 32_768,
    prices: flat({ input: '0.6', output: '1.8' }, LITELLM),
  },
  {
    ...glm45,
    ...vision,
    id: 'glm-4.6v',
    released: '2025-12-08',
    name: 'GLM-4.6V',
    maxOutputTokens: 32_768,
    prices: flat({ input: '0.3', output: '0.9' }, MODELS_DEV),
  },
  {
    ...glm46,
    id: 'glm-5-turbo',
    released: '2026-03-16',
    name: 'GLM-5-Turbo',
    prices: flat({ input: '1.2', cachedInput: '0.24', output: '4' }, PRICING_PAGE),
  },
  {
    ...glm46,
    id: 'glm-5-code',
    name: 'GLM-5-Code',
    prices: flat({ input: '1.2', cachedInput: '0.3', output: '5' }, PRICING_PAGE),
  },
  {
    ...glm46,
    ...vision,
    id: 'glm-5v-turbo',
    released: '2026-04-01',
    name: 'GLM-5V-Turbo',
    prices: flat({ input: '1.2', cachedInput: '0.24', output: '4' }, LITELLM),
  },
  {
    ...glm46,
    id: 'glm-5.1',
    released: '2026-04-07',
    name: 'GLM-5.1',
    prices: flat({ input: '1.4', cachedInput: '0.26', output: '4.4' }, LITELLM),
  },
  {
    ...glm52,
    ...vision,
    id: 'glm-5.3-flashx',
    released: '2026-09-18',
    name: 'GLM-5.3-FlashX',
    prices: flat({ input: '0.37', cachedInput: '0.075', output: '1.25' }, MODELS_DEV),
  },
];
