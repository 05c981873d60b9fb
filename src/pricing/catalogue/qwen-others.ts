// Qwen models priced by the size of the prompt, the whole request at one price (https://www.alibabacloud.com/help/en/model-studio/models,
// international prices): for code, with eyes, and the generations before the present one. What is cached unasked is read at 20 % of the price
// of input; a cache that the request marks is written at 125 % and read at 10 % (https://www.alibabacloud.com/help/en/model-studio/context-cache).
import { formatUsd, picoUsd, usd } from '../../kernel/index.js';
import type { Rates } from '../price-list.js';
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

/** Up to so many thousand prompt tokens (the last tier goes beyond), what input and output cost, and reasoning, where it costs more. */
type Tier = readonly [thousandTokens: number, input: string, output: string, reasoning?: string];

/** Exact: the prices have two decimals. */
const percentOf = (price: string, percent: bigint): string => formatUsd(picoUsd((usd(price) * percent) / 100n));

const ratesOf = ([, input, output, reasoning]: Tier): Rates => ({
  input,
  cachedInput: percentOf(input, 20n),
  explicitCachedInput: percentOf(input, 10n),
  cacheWrite: percentOf(input, 125n),
  output,
  ...(reasoning !== undefined && { reasoning }),
});

const tiers = (all: readonly Tier[], provenance: Provenance = LITELLM): ListPrices => ({
  bands: all.map((tier, index) => ({
    ...(index < all.length - 1 && { promptTokens: { '<=': tier[0] * THOUSAND } }),
    price: ratesOf(tier),
  })),
  ...provenance,
});

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
    prices: tiers([
      [256, '0.4', '1.2', '4'],
      [Infinity, '1.2', '3.6', '12'],
    ]),
  },
  {
    ...text,
    id: 'qwen-flash',
    aliases: ['qwen-flash-2025-07-28'],
    name: 'Qwen-Flash',
    maxOutputTokens: 32_768,
    released: '2025-07-28',
    prices: tiers([
      [256, '0.05', '0.4'],
      [Infinity, '0.25', '2'],
    ]),
  },
  {
    ...text,
    id: 'qwen3-max',
    aliases: ['qwen3-max-2026-01-23', 'qwen3-max-preview'],
    name: 'Qwen3-Max',
    contextWindow: 262_144,
    maxOutputTokens: 65_536,
    released: '2025-09-23',
    prices: tiers([
      [32, '1.2', '6'],
      [128, '2.4', '12'],
      [Infinity, '3', '15'],
    ]),
  },
  {
    ...coder,
    id: 'qwen3-coder-plus',
    name: 'Qwen3-Coder-Plus',
    released: '2025-07-23',
    prices: tiers([
      [32, '1', '5'],
      [128, '1.8', '9'],
      [256, '3', '15'],
      [Infinity, '6', '60'],
    ]),
  },
  {
    ...coder,
    id: 'qwen3-coder-flash',
    name: 'Qwen3-Coder-Flash',
    released: '2025-07-28',
    prices: tiers([
      [32, '0.3', '1.5'],
      [128, '0.5', '2.5'],
      [256, '0.8', '4'],
      [Infinity, '1.6', '9.6'],
    ]),
  },
  {
    ...vision,
    id: 'qwen3.5-plus',
    name: 'Qwen3.5-Plus',
    released: '2026-02-16',
    prices: tiers([
      [256, '0.4', '2.4'],
      [Infinity, '0.5', '3'],
    ]),
  },
  {
    ...vision,
    id: 'qwen3.6-plus',
    name: 'Qwen3.6-Plus',
    released: '2026-04-02',
    prices: tiers(
      [
        [256, '0.5', '3'],
        [Infinity, '2', '6'],
      ],
      MODELS_DEV,
    ),
  },
  {
    ...vision,
    id: 'qwen3.7-plus',
    name: 'Qwen3.7-Plus',
    released: '2026-06-02',
    prices: tiers([
      [256, '0.4', '1.6'],
      [Infinity, '1.2', '4.8'],
    ]),
  },
  {
    ...vision,
    id: 'qwen3-vl-plus',
    name: 'Qwen3-VL-Plus',
    contextWindow: 262_144,
    maxOutputTokens: 32_768,
    released: '2025-09-23',
    prices: tiers([
      [32, '0.2', '1.6'],
      [128, '0.3', '2.4'],
      [Infinity, '0.6', '4.8'],
    ]),
  },
];
