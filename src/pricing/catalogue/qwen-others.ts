// Qwen models priced by the size of the prompt, the whole request at one price (https://www.alibabacloud.com/help/en/model-studio/models,
// international prices): for code, with eyes, and the generations before the present one. Where Alibaba states no price of cached input, a hit
// costs what it would without a cache.
import type { ModelPrices, Rates } from '../price-list.js';
import {
  LITELLM,
  LIVE,
  MODELS_DEV,
  TEXT_ONLY,
  UNDOCUMENTED_IMAGE_TOKENS,
  type ListPrices,
  type Model,
  type Provenance,
} from './model.js';

const THOUSAND = 1_000;

/** Prices up to so many thousand prompt tokens each, the last one beyond. */
function tiers(limits: readonly number[], rates: readonly Rates[], provenance: Provenance = LITELLM): ListPrices {
  const bands = rates.map((price, index): ModelPrices['bands'][number] => {
    const limit = limits[index];
    return { ...(limit !== undefined && { promptTokens: { '<=': limit * THOUSAND } }), price };
  });
  return { bands, ...provenance };
}

const qwen = { maker: 'qwen', tokenLimitField: 'max_tokens', lifecycle: LIVE } as const;
const text = { ...qwen, ...TEXT_ONLY, contextWindow: 1_000_000 } as const;
const coder = { ...text, maxOutputTokens: 65_536 } as const;
const vision = {
  ...qwen,
  input: ['text', 'image', 'video'],
  kind: 'chat',
  output: ['text'],
  imageTokens: UNDOCUMENTED_IMAGE_TOKENS,
  contextWindow: 1_000_000,
  maxOutputTokens: 65_536,
} as const;

export const QWEN_OTHERS: readonly Model[] = [
  {
    ...text,
    id: 'qwen-plus-latest',
    aliases: ['qwen-plus-2025-07-28', 'qwen-plus-2025-09-11'],
    name: 'Qwen-Plus (latest)',
    maxOutputTokens: 32_768,
    released: '2025-07-28',
    prices: tiers(
      [256],
      [
        { input: '0.4', output: '1.2', reasoning: '4' },
        { input: '1.2', output: '3.6', reasoning: '12' },
      ],
    ),
  },
  {
    ...text,
    id: 'qwen-flash',
    aliases: ['qwen-flash-2025-07-28'],
    name: 'Qwen-Flash',
    maxOutputTokens: 32_768,
    released: '2025-07-28',
    prices: tiers(
      [256],
      [
        { input: '0.05', output: '0.4' },
        { input: '0.25', output: '2' },
      ],
    ),
  },
  {
    ...text,
    id: 'qwen3-max',
    aliases: ['qwen3-max-2026-01-23', 'qwen3-max-preview'],
    name: 'Qwen3-Max',
    contextWindow: 262_144,
    maxOutputTokens: 65_536,
    released: '2025-09-23',
    prices: tiers(
      [32, 128],
      [
        { input: '1.2', output: '6' },
        { input: '2.4', output: '12' },
        { input: '3', output: '15' },
      ],
    ),
  },
  {
    ...coder,
    id: 'qwen3-coder-plus',
    name: 'Qwen3-Coder-Plus',
    released: '2025-07-23',
    prices: tiers(
      [32, 128, 256],
      [
        { input: '1', cachedInput: '0.1', output: '5' },
        { input: '1.8', cachedInput: '0.18', output: '9' },
        { input: '3', cachedInput: '0.3', output: '15' },
        { input: '6', cachedInput: '0.6', output: '60' },
      ],
    ),
  },
  {
    ...coder,
    id: 'qwen3-coder-flash',
    name: 'Qwen3-Coder-Flash',
    released: '2025-07-28',
    prices: tiers(
      [32, 128, 256],
      [
        { input: '0.3', cachedInput: '0.08', output: '1.5' },
        { input: '0.5', cachedInput: '0.12', output: '2.5' },
        { input: '0.8', cachedInput: '0.2', output: '4' },
        { input: '1.6', cachedInput: '0.4', output: '9.6' },
      ],
    ),
  },
  {
    ...vision,
    id: 'qwen3.5-plus',
    name: 'Qwen3.5-Plus',
    released: '2026-02-16',
    prices: tiers(
      [256],
      [
        { input: '0.4', output: '2.4' },
        { input: '0.5', output: '3' },
      ],
    ),
  },
  {
    ...vision,
    id: 'qwen3.6-plus',
    name: 'Qwen3.6-Plus',
    released: '2026-04-02',
    prices: tiers(
      [256],
      [
        { input: '0.5', cachedInput: '0.05', cacheWrite: '0.625', output: '3' },
        { input: '2', cachedInput: '0.2', cacheWrite: '2.5', output: '6' },
      ],
      MODELS_DEV,
    ),
  },
  {
    ...vision,
    id: 'qwen3.7-plus',
    name: 'Qwen3.7-Plus',
    released: '2026-06-02',
    prices: tiers(
      [256],
      [
        { input: '0.4', cachedInput: '0.08', output: '1.6' },
        { input: '1.2', cachedInput: '0.24', output: '4.8' },
      ],
    ),
  },
  {
    ...vision,
    id: 'qwen3-vl-plus',
    name: 'Qwen3-VL-Plus',
    contextWindow: 262_144,
    maxOutputTokens: 32_768,
    released: '2025-09-23',
    prices: tiers(
      [32, 128],
      [
        { input: '0.2', output: '1.6' },
        { input: '0.3', output: '2.4' },
        { input: '0.6', output: '4.8' },
      ],
    ),
  },
];
