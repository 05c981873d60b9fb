// International prices (Singapore). Qwen-Plus and Qwen-Turbo think on request; their reasoning has its own price. Qwen-Plus
// costs more beyond 256,000 tokens, which the window given here keeps out of reach.
// A cache that the request marks is written at 125 % of the price of input and read at 10 % of it; what is cached unasked is read at the price
// that the list states for the model (https://www.alibabacloud.com/help/en/model-studio/context-cache).
import { LIVE, TEXT_ONLY, UNDOCUMENTED_IMAGE_TOKENS, flat, retired, type Model } from './model.js';

const LITELLM = { source: 'LiteLLM model_prices_and_context_window.json, dashscope/*', asOf: '2026-11-23' };

// "max_tokens does not limit the length of the chain-of-thought"; from Qwen3.5-Plus and Qwen3.7-Max on, max_completion_tokens limits both
// (https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-openai-chat-completions).
const qwen = { maker: 'qwen', tokenLimitField: 'max_tokens', capsAnswerOnly: true } as const;
const qwen3 = {
  maker: 'qwen',
  tokenLimitField: 'max_completion_tokens',
  contextWindow: 1_000_000,
  maxOutputTokens: 131_072,
  input: ['text', 'image', 'video'],
  kind: 'chat',
  output: ['text'],
  imageTokens: UNDOCUMENTED_IMAGE_TOKENS,
  lifecycle: LIVE,
} as const;

export const QWEN: readonly Model[] = [
  {
    ...qwen,
    ...TEXT_ONLY,
    id: 'qwen-plus',
    aliases: ['qwen-plus-2025-01-25', 'qwen-plus-2025-04-28', 'qwen-plus-2025-07-14'],
    released: '2024-01-25',
    name: 'Qwen-Plus',
    contextWindow: 131_072,
    maxOutputTokens: 16_384,
    lifecycle: LIVE,
    prices: flat(
      {
        input: '0.4',
        cachedInput: '0.16',
        explicitCachedInput: '0.04',
        cacheWrite: '0.5',
        output: '1.2',
        reasoning: '4',
      },
      LITELLM,
    ),
  },
  {
    ...qwen,
    ...TEXT_ONLY,
    id: 'qwen-turbo',
    name: 'Qwen-Turbo',
    contextWindow: 131_072,
    maxOutputTokens: 16_384,
    lifecycle: retired('2026-07-13', 'qwen3.8-flash'),
    prices: flat({ input: '0.05', output: '0.2', reasoning: '0.5' }, LITELLM),
  },
  {
    ...qwen,
    ...TEXT_ONLY,
    id: 'qwen-max',
    name: 'Qwen-Max',
    contextWindow: 32_768,
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-07-13', 'qwen3.8-max'),
    prices: flat({ input: '1.6', output: '6.4' }, LITELLM),
  },
  {
    ...qwen3,
    id: 'qwen3.7-max',
    released: '2026-05-21',
    name: 'Qwen3.7-Max',
    input: ['text'],
    imageTokens: 0,
    maxOutputTokens: 65_536,
    prices: flat(
      { input: '2.5', cachedInput: '0.5', explicitCachedInput: '0.25', cacheWrite: '3.125', output: '7.5' },
      LITELLM,
    ),
  },
  {
    ...qwen3,
    id: 'qwen3.8-max',
    released: '2026-08-03',
    name: 'Qwen3.8-Max',
    prices: flat(
      { input: '2', cachedInput: '0.25', explicitCachedInput: '0.2', cacheWrite: '2.5', output: '6' },
      LITELLM,
    ),
  },
  {
    ...qwen3,
    id: 'qwen3.8-flash',
    released: '2026-08-26',
    name: 'Qwen3.8-Flash',
    prices: flat(
      { input: '0.15', cachedInput: '0.016', explicitCachedInput: '0.015', cacheWrite: '0.2', output: '0.47' },
      LITELLM,
    ),
  },
];
