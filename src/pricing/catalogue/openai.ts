// Long prompts: from GPT-5.4 on, a prompt beyond 272,000 tokens is billed whole at 2 × input and cache and 1.5 × output.
// The pages of the models say "prompts with >272K input tokens" or "more than 272K" (https://developers.openai.com/api/docs/models/gpt-5.5,
// https://github.com/pydantic/genai-prices/issues/711); the "<272K" in the table of prices leaves 272,000 itself open.
// Cache writes are 1.25 × the input price from GPT-5.6 on.
import { LITELLM, LIVE, PI_AI, banded, flat, retiring, type Model } from './model.js';

const LITELLM_BLOG = { source: 'https://docs.litellm.ai/blog/gpt-6-1-terra', asOf: '2026-10-27' };
const CODEX_MANAGER = { source: 'https://github.com/amine123max/Codex-Manager/releases/tag/0.4.7', asOf: '2026-09-30' };

// Images: https://developers.openai.com/api/docs/guides/images-vision. Tiles: a base plus at most 8 tiles (2048 × 768 pixels
// in tiles of 512). Patches: at most 1,536, or 10,000 at original detail, times the model's factor. GPT-6 has been seen to
// go beyond 10,000; its bound here is 6,000 × 6,000 pixels in patches of 32, times 1.2.
const tiles = (base: number, tile: number): number => base + 8 * tile;
const SMALL_IMAGE = 2_489;
const SMALLEST_IMAGE = 3_779;
const ORIGINAL_DETAIL = 12_000;
const GPT_6_IMAGE = 42_413;

const gpt = { maker: 'openai', input: ['text', 'image'], kind: 'chat', output: ['text'] } as const;
const gpt4 = { ...gpt, tokenLimitField: 'max_tokens', lifecycle: retiring('2027-01-14', 'gpt-6-luna') } as const;
const gpt4o = { ...gpt4, contextWindow: 128_000, maxOutputTokens: 16_384 } as const;
const gpt41 = { ...gpt4, contextWindow: 1_047_576, maxOutputTokens: 32_768 } as const;
const gpt5 = { ...gpt, tokenLimitField: 'max_completion_tokens', maxOutputTokens: 128_000 } as const;
const short = { ...gpt5, contextWindow: 400_000 } as const;
const long = { ...gpt5, contextWindow: 1_050_000, lifecycle: LIVE } as const;
const embedding = {
  maker: 'openai',
  input: ['text'],
  kind: 'embedding',
  output: ['embedding'],
  imageTokens: 0,
  contextWindow: 8_192,
  maxOutputTokens: 0,
  tokenLimitField: 'max_tokens',
  lifecycle: LIVE,
} as const;

const UP_TO_272K = { '<=': 272_000 };

export const OPENAI: readonly Model[] = [
  {
    ...gpt4o,
    id: 'gpt-4o',
    aliases: ['gpt-4o-2024-08-06', 'gpt-4o-2024-11-20'],
    released: '2024-05-13',
    name: 'GPT-4o',
    imageTokens: tiles(85, 170),
    prices: flat({ input: '2.5', cachedInput: '1.25', output: '10' }),
  },
  {
    ...gpt4o,
    id: 'gpt-4o-mini',
    aliases: ['gpt-4o-mini-2024-07-18'],
    released: '2024-07-18',
    name: 'GPT-4o mini',
    imageTokens: tiles(2_833, 5_667),
    prices: flat({ input: '0.15', cachedInput: '0.075', output: '0.6' }),
  },
  {
    ...gpt41,
    id: 'gpt-4.1',
    aliases: ['gpt-4.1-2025-04-14'],
    released: '2025-04-14',
    name: 'GPT-4.1',
    imageTokens: tiles(85, 170),
    prices: flat({ input: '2', cachedInput: '0.5', output: '8' }),
  },
  {
    ...gpt41,
    id: 'gpt-4.1-mini',
    aliases: ['gpt-4.1-mini-2025-04-14'],
    released: '2025-04-14',
    name: 'GPT-4.1 mini',
    imageTokens: SMALL_IMAGE,
    prices: flat({ input: '0.4', cachedInput: '0.1', output: '1.6' }),
  },
  {
    ...gpt5,
    id: 'o3',
    aliases: ['o3-2025-04-16'],
    released: '2025-04-16',
    name: 'o3',
    contextWindow: 200_000,
    maxOutputTokens: 100_000,
    imageTokens: tiles(75, 150),
    lifecycle: retiring('2026-12-11', 'gpt-6.1-sol'),
    prices: flat({ input: '2', cachedInput: '0.5', output: '8' }),
  },
  {
    ...short,
    id: 'gpt-5',
    aliases: ['gpt-5-2025-08-07'],
    released: '2025-08-07',
    name: 'GPT-5',
    imageTokens: tiles(70, 140),
    lifecycle: retiring('2026-12-11', 'gpt-6.1-sol'),
    prices: flat({ input: '1.25', cachedInput: '0.125', output: '10' }),
  },
  {
    ...short,
    id: 'gpt-5-mini',
    aliases: ['gpt-5-mini-2025-08-07'],
    released: '2025-08-07',
    name: 'GPT-5 mini',
    imageTokens: SMALL_IMAGE,
    lifecycle: retiring('2026-12-11', 'gpt-6.1-terra'),
    prices: flat({ input: '0.25', cachedInput: '0.025', output: '2' }),
  },
  {
    ...short,
    id: 'gpt-5-nano',
    aliases: ['gpt-5-nano-2025-08-07'],
    released: '2025-08-07',
    name: 'GPT-5 nano',
    imageTokens: SMALLEST_IMAGE,
    lifecycle: retiring('2026-12-11', 'gpt-6-luna'),
    prices: flat({ input: '0.05', cachedInput: '0.005', output: '0.4' }),
  },
  {
    ...long,
    id: 'gpt-5.4',
    aliases: ['gpt-5.4-2026-03-05'],
    released: '2026-03-05',
    name: 'GPT-5.4',
    imageTokens: ORIGINAL_DETAIL,
    prices: banded(UP_TO_272K, [
      { input: '2.5', cachedInput: '0.25', output: '15' },
      { input: '5', cachedInput: '0.5', output: '22.5' },
    ]),
  },
  {
    ...short,
    id: 'gpt-5.4-mini',
    aliases: ['gpt-5.4-mini-2026-03-17'],
    released: '2026-03-17',
    name: 'GPT-5.4 mini',
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: LIVE,
    prices: flat({ input: '0.75', cachedInput: '0.075', output: '4.5' }),
  },
  {
    ...long,
    id: 'gpt-5.5',
    aliases: ['gpt-5.5-2026-04-23'],
    released: '2026-04-23',
    name: 'GPT-5.5',
    imageTokens: ORIGINAL_DETAIL,
    prices: banded(UP_TO_272K, [
      { input: '5', cachedInput: '0.5', output: '30' },
      { input: '10', cachedInput: '1', output: '45' },
    ]),
  },
  {
    ...long,
    id: 'gpt-5.6-terra',
    released: '2026-07-09',
    name: 'GPT-5.6 Terra',
    imageTokens: ORIGINAL_DETAIL,
    prices: banded(UP_TO_272K, [
      { input: '2', cachedInput: '0.2', cacheWrite: '2.5', output: '12' },
      { input: '4', cachedInput: '0.4', cacheWrite: '5', output: '18' },
    ]),
  },
  {
    ...long,
    id: 'gpt-5.6-luna',
    released: '2026-07-09',
    name: 'GPT-5.6 Luna',
    imageTokens: ORIGINAL_DETAIL,
    prices: banded(UP_TO_272K, [
      { input: '0.2', cachedInput: '0.02', cacheWrite: '0.25', output: '1.2' },
      { input: '0.4', cachedInput: '0.04', cacheWrite: '0.5', output: '1.8' },
    ]),
  },
  {
    ...long,
    id: 'gpt-5.6-sol',
    aliases: ['gpt-5.6'],
    released: '2026-07-09',
    name: 'GPT-5.6 Sol',
    imageTokens: ORIGINAL_DETAIL,
    prices: banded(
      UP_TO_272K,
      [
        { input: '4', cachedInput: '0.4', cacheWrite: '5', output: '20' },
        { input: '8', cachedInput: '0.8', cacheWrite: '10', output: '30' },
      ],
      LITELLM,
    ),
  },
  {
    ...long,
    id: 'gpt-6-astra',
    released: '2026-09-04',
    name: 'GPT-6 Astra',
    imageTokens: GPT_6_IMAGE,
    prices: banded(UP_TO_272K, [
      { input: '10', cachedInput: '1', cacheWrite: '12.5', output: '50' },
      { input: '20', cachedInput: '2', cacheWrite: '25', output: '75' },
    ]),
  },
  {
    ...long,
    id: 'gpt-6-sol',
    released: '2026-09-22',
    name: 'GPT-6 Sol',
    imageTokens: GPT_6_IMAGE,
    prices: banded(UP_TO_272K, [
      { input: '2', cachedInput: '0.2', cacheWrite: '2.5', output: '10' },
      { input: '4', cachedInput: '0.4', cacheWrite: '5', output: '15' },
    ]),
  },
  {
    ...long,
    id: 'gpt-6-luna',
    released: '2026-09-22',
    name: 'GPT-6 Luna',
    imageTokens: GPT_6_IMAGE,
    prices: banded(UP_TO_272K, [
      { input: '0.1', cachedInput: '0.01', cacheWrite: '0.125', output: '0.5' },
      { input: '0.2', cachedInput: '0.02', cacheWrite: '0.25', output: '0.75' },
    ]),
  },
  {
    ...long,
    id: 'gpt-6.1-sol',
    released: '2026-09-29',
    name: 'GPT-6.1 Sol',
    imageTokens: GPT_6_IMAGE,
    prices: banded(
      UP_TO_272K,
      [
        { input: '2', cachedInput: '0.1', cacheWrite: '2.5', output: '10' },
        { input: '4', cachedInput: '0.2', cacheWrite: '5', output: '15' },
      ],
      CODEX_MANAGER,
    ),
  },
  {
    ...long,
    id: 'gpt-6.1-terra',
    name: 'GPT-6.1 Terra',
    imageTokens: GPT_6_IMAGE,
    prices: banded(
      UP_TO_272K,
      [
        { input: '1', cachedInput: '0.05', cacheWrite: '1.25', output: '5' },
        { input: '2', cachedInput: '0.1', cacheWrite: '2.5', output: '7.5' },
      ],
      LITELLM_BLOG,
    ),
  },
  {
    ...long,
    id: 'gpt-6.2-astra',
    released: '2026-11-17',
    name: 'GPT-6.2 Astra',
    imageTokens: GPT_6_IMAGE,
    prices: banded(
      UP_TO_272K,
      [
        { input: '8', cachedInput: '0.4', cacheWrite: '10', output: '40' },
        { input: '16', cachedInput: '0.8', cacheWrite: '20', output: '60' },
      ],
      PI_AI,
    ),
  },
  {
    ...long,
    id: 'gpt-6.2-sol',
    released: '2026-11-17',
    name: 'GPT-6.2 Sol',
    imageTokens: GPT_6_IMAGE,
    prices: banded(
      UP_TO_272K,
      [
        { input: '2', cachedInput: '0.1', cacheWrite: '2.5', output: '10' },
        { input: '4', cachedInput: '0.2', cacheWrite: '5', output: '15' },
      ],
      { source: 'https://developers.openai.com/api/docs/models/gpt-6.2-sol', asOf: '2026-11-28' },
    ),
  },
  {
    ...embedding,
    id: 'text-embedding-3-small',
    released: '2024-01-25',
    name: 'Text Embedding 3 Small',
    prices: flat({ input: '0.02', output: '0' }),
  },
  {
    ...embedding,
    id: 'text-embedding-3-large',
    released: '2024-01-25',
    name: 'Text Embedding 3 Large',
    prices: flat({ input: '0.13', output: '0' }),
  },
  {
    ...embedding,
    id: 'text-embedding-ada-002',
    aliases: ['text-embedding-ada-002-v2'],
    released: '2022-12-15',
    name: 'Text Embedding Ada 002',
    prices: flat({ input: '0.1', output: '0' }, LITELLM),
  },
];
