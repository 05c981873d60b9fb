// Usage blocks of OpenAI-shaped answers as providers and the gateways before them have sent them, and what each is billed by.
import type { JsonObject } from '../../../../src/kernel/index.js';
import type { Usage } from '../../../../src/pricing/index.js';
import { BESIDE } from './usage-beside.js';

export interface Dialect {
  readonly name: string;
  readonly block: JsonObject;
  readonly billed: Partial<Usage>;
}

export const DIALECTS: readonly Dialect[] = [
  {
    name: 'OpenAI, with what was written to the cache', // https://developers.openai.com/api/docs/guides/prompt-caching
    block: {
      prompt_tokens: 2600,
      completion_tokens: 300,
      total_tokens: 2900,
      prompt_tokens_details: { cached_tokens: 2000, cache_write_tokens: 400 },
    },
    billed: { promptTokens: 2600, cachedTokens: 2000, cacheWriteTokens: 400, completionTokens: 300 },
  },
  {
    name: 'OpenAI, whose writes contain what was read',
    block: {
      prompt_tokens: 2100,
      completion_tokens: 10,
      total_tokens: 2110,
      prompt_tokens_details: { cached_tokens: 2090, cache_write_tokens: 2090 },
    },
    billed: { promptTokens: 2100, cachedTokens: 2090, cacheWriteTokens: 0, completionTokens: 10, reading: ['certain'] },
  },
  {
    name: 'DeepSeek', // https://api-docs.deepseek.com/guides/kv_cache
    block: {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_cache_hit_tokens: 64,
      prompt_cache_miss_tokens: 36,
    },
    billed: { promptTokens: 100, cachedTokens: 64, completionTokens: 20 },
  },
  {
    name: 'DeepSeek behind a reseller that tells 0 elsewhere', // https://github.com/ithtelab/workbuddy-manager/issues/39
    block: {
      prompt_tokens: 1204,
      completion_tokens: 9,
      total_tokens: 1213,
      prompt_cache_hit_tokens: 1024,
      cached_tokens: 0,
      cache_read_input_tokens: 0,
    },
    billed: { promptTokens: 1204, cachedTokens: 1024 },
  },
  {
    name: 'OpenAI’s responses, in a chat',
    block: {
      input_tokens: 120,
      input_tokens_details: { cached_tokens: 100 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 20 },
      total_tokens: 150,
    },
    billed: { promptTokens: 120, cachedTokens: 100, completionTokens: 30, reasoningTokens: 20 },
  },
  {
    name: 'Anthropic, in a chat',
    block: { input_tokens: 20, cache_read_input_tokens: 100, cache_creation_input_tokens: 0, output_tokens: 30 },
    billed: { promptTokens: 120, cachedTokens: 100, completionTokens: 30 },
  },
  {
    name: 'Moonshot',
    block: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, cached_tokens: 4 },
    billed: { promptTokens: 9, cachedTokens: 4 },
  },
  {
    name: 'Mistral, with a field of its own for what was cached', // mistralai/client-python, UsageInfo
    block: { prompt_tokens: 400, completion_tokens: 6, total_tokens: 406, num_cached_tokens: 384 },
    billed: { promptTokens: 400, cachedTokens: 384, completionTokens: 6 },
  },
  {
    name: 'Writer', // recorded in traceloop/openllmetry, where all of these are 0
    block: {
      prompt_tokens: 244,
      completion_tokens: 19,
      total_tokens: 263,
      prompt_tokens_details: null,
      prompt_token_details: { cached_tokens: 192 },
      completion_token_details: { reasoning_tokens: 8 },
    },
    billed: { promptTokens: 244, cachedTokens: 192, completionTokens: 19, reasoningTokens: 8 },
  },
  {
    name: 'Inception, with reasoning beside the completion', // recorded in cognesy/instructor-php
    block: {
      prompt_tokens: 324,
      reasoning_tokens: 219,
      completion_tokens: 51,
      total_tokens: 594,
      cached_input_tokens: 245,
    },
    billed: {
      promptTokens: 324,
      cachedTokens: 245,
      completionTokens: 270,
      reasoningTokens: 219,
      reading: ['reasoning_beside_completion'],
    },
  },
  {
    name: 'xAI, with reasoning beside the completion', // https://docs.x.ai/developers/advanced-api-usage/prompt-caching/usage-and-pricing
    block: {
      prompt_tokens: 12,
      completion_tokens: 2,
      total_tokens: 104,
      prompt_tokens_details: { text_tokens: 12, cached_tokens: 5 },
      completion_tokens_details: { reasoning_tokens: 90 },
    },
    billed: {
      promptTokens: 12,
      cachedTokens: 5,
      completionTokens: 92,
      reasoningTokens: 90,
      reading: ['reasoning_beside_completion'],
    },
  },
  {
    name: 'Grok behind OpenRouter, with what was cached beside the prompt', // https://github.com/earendil-works/pi/issues/2048
    block: {
      prompt_tokens: 1200,
      completion_tokens: 435,
      total_tokens: 9287,
      prompt_tokens_details: { cached_tokens: 7652 },
    },
    billed: { promptTokens: 8852, cachedTokens: 7652, completionTokens: 435, reading: ['cached_beside_prompt'] },
  },
  {
    name: 'cached tokens that are in no sum',
    block: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, prompt_tokens_details: { cached_tokens: 150 } },
    billed: { promptTokens: 9, cachedTokens: 0, completionTokens: 3, reading: ['certain'] },
  },
  {
    name: 'Gemini behind a gateway, with thoughts and no answer', // https://github.com/router-for-me/CLIProxyAPI/issues/5733
    block: {
      prompt_tokens: 21,
      completion_tokens: 0,
      total_tokens: 81,
      completion_tokens_details: { reasoning_tokens: 60 },
    },
    billed: { completionTokens: 60, reasoningTokens: 60, reading: ['reasoning_beside_completion'] },
  },
  {
    name: 'Gemini behind a gateway, with thoughts in the total alone', // https://github.com/QuantumNous/new-api/issues/1358
    block: { prompt_tokens: 11, completion_tokens: 9, total_tokens: 88 },
    billed: { promptTokens: 11, completionTokens: 9, totalTokens: 20, reading: ['certain'] },
  },
  {
    name: 'audio beside the prompt',
    block: { prompt_tokens: 9, completion_tokens: 20, total_tokens: 404, prompt_tokens_details: { audio_tokens: 375 } },
    billed: { promptTokens: 384, promptAudioTokens: 375, completionTokens: 20, reading: ['audio_beside_prompt'] },
  },
  {
    name: 'Qwen, writing a cache that the request marked', // https://www.alibabacloud.com/help/en/model-studio/context-cache
    block: {
      prompt_tokens: 2010,
      completion_tokens: 10,
      total_tokens: 2020,
      prompt_tokens_details: {
        cached_tokens: 0,
        cache_creation_input_tokens: 2000,
        cache_creation: { ephemeral_5m_input_tokens: 2000 },
        cache_type: 'ephemeral',
      },
    },
    billed: { promptTokens: 2010, cachedTokens: 0, cacheWriteTokens: 2000, completionTokens: 10 },
  },
  {
    name: 'Qwen, reading it', // https://github.com/BerriAI/litellm/issues/40090
    block: {
      prompt_tokens: 1900,
      completion_tokens: 10,
      total_tokens: 1910,
      prompt_tokens_details: { cached_tokens: 1889, cache_creation_input_tokens: 0, cache_type: 'ephemeral' },
    },
    billed: { promptTokens: 1900, cachedTokens: 1889, explicitCachedTokens: 1889 },
  },
  {
    name: 'Qwen, reading what it cached by itself',
    block: {
      prompt_tokens: 3019,
      completion_tokens: 104,
      total_tokens: 3123,
      prompt_tokens_details: { cached_tokens: 2048 },
    },
    billed: { promptTokens: 3019, cachedTokens: 2048 },
  },
  {
    name: 'Claude behind LiteLLM', // https://github.com/BerriAI/litellm/issues/11364
    block: {
      prompt_tokens: 98805,
      completion_tokens: 5120,
      total_tokens: 103925,
      prompt_tokens_details: {
        text_tokens: null,
        audio_tokens: null,
        image_tokens: null,
        cached_tokens: 66360,
        cache_creation_tokens: 32435,
      },
      completion_tokens_details: { text_tokens: null, reasoning_tokens: 1710 },
      cache_read_input_tokens: 66360,
      cache_creation_input_tokens: 32435,
    },
    billed: {
      promptTokens: 98805,
      cachedTokens: 66360,
      cacheWriteTokens: 32435,
      completionTokens: 5120,
      reasoningTokens: 1710,
    },
  },
  {
    name: 'Claude behind LiteLLM, by both lives of the cache',
    block: {
      prompt_tokens: 130,
      completion_tokens: 25,
      total_tokens: 155,
      prompt_tokens_details: {
        text_tokens: 100,
        cached_tokens: 20,
        cache_creation_tokens: 10,
        cache_creation_token_details: { ephemeral_5m_input_tokens: 7, ephemeral_1h_input_tokens: 3 },
      },
    },
    billed: { promptTokens: 130, cachedTokens: 20, cacheWriteTokens: 7, cacheWrite1hTokens: 3 },
  },
  {
    name: 'Claude behind an older LiteLLM, with what was written in no sum', // https://github.com/BerriAI/litellm/issues/15056
    block: {
      prompt_tokens: 31,
      completion_tokens: 467,
      total_tokens: 498,
      prompt_tokens_details: { cached_tokens: 0 },
      cache_creation_input_tokens: 1253,
      cache_read_input_tokens: 0,
    },
    billed: { promptTokens: 31, cacheWriteTokens: 0, completionTokens: 467, reading: ['certain'] },
  },
  {
    name: 'Claude behind OpenRouter', // https://openrouter.ai/docs/use-cases/usage-accounting
    block: {
      prompt_tokens: 10339,
      completion_tokens: 60,
      total_tokens: 10399,
      cost: 0.0012,
      cost_details: { upstream_inference_cost: null },
      prompt_tokens_details: { cached_tokens: 10318, cache_write_tokens: 12 },
    },
    billed: { promptTokens: 10339, cachedTokens: 10318, cacheWriteTokens: 12 },
  },
  {
    name: 'Claude behind new-api, by both lives of the cache',
    block: {
      prompt_tokens: 100,
      completion_tokens: 2,
      total_tokens: 102,
      input_tokens: 0,
      output_tokens: 0,
      prompt_tokens_details: { cached_tokens: 10, cached_creation_tokens: 80 },
      claude_cache_creation_5_m_tokens: 50,
      claude_cache_creation_1_h_tokens: 30,
    },
    billed: { promptTokens: 100, cachedTokens: 10, cacheWriteTokens: 50, cacheWrite1hTokens: 30 },
  },
  ...BESIDE,
  {
    name: 'details that PHP made a list of',
    block: {
      prompt_tokens: 5,
      completion_tokens: 2,
      total_tokens: 7,
      prompt_tokens_details: [],
      completion_tokens_details: [],
    },
    billed: { promptTokens: 5, completionTokens: 2 },
  },
  {
    name: 'a completion that is not told',
    block: { prompt_tokens: 3, completion_tokens: null, total_tokens: 4 },
    billed: { promptTokens: 3, completionTokens: 1 },
  },
];
