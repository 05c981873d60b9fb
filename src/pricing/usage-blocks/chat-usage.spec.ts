import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { type Usage, UsageFault } from '../usage.js';
import { normaliseUsage } from './chat-usage.js';

const faultOf = (raw: JsonValue): string => {
  const outcome = normaliseUsage(raw);
  return outcome instanceof UsageFault ? outcome.message : `no fault: ${JSON.stringify(outcome)}`;
};

describe('a usage block in normal form', () => {
  it.each<[string, JsonObject, Partial<Usage>]>([
    [
      'of OpenAI with details',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 40, audio_tokens: 10, image_tokens: 20 },
        completion_tokens_details: { reasoning_tokens: 30, audio_tokens: 5, accepted_prediction_tokens: 0 },
      },
      {
        promptTokens: 100,
        cachedTokens: 40,
        promptAudioTokens: 10,
        promptImageTokens: 20,
        completionTokens: 50,
        reasoningTokens: 30,
        completionAudioTokens: 5,
        totalTokens: 150,
      },
    ],
    [
      'with cache writes',
      {
        prompt_tokens: 100,
        completion_tokens: 1,
        prompt_tokens_details: { cached_tokens: 40, cache_write_tokens: 60 },
      },
      { cachedTokens: 40, cacheWriteTokens: 60 },
    ],
    [
      'with null details',
      {
        prompt_tokens: 3,
        completion_tokens: 2,
        total_tokens: 5,
        prompt_tokens_details: null,
        completion_tokens_details: { reasoning_tokens: null },
      },
      { cachedTokens: 0, reasoningTokens: 0, totalTokens: 5 },
    ],
    ['without a total', { prompt_tokens: 3, completion_tokens: 2 }, { totalTokens: 5 }],
    ['of an embedding', { prompt_tokens: 8, total_tokens: 8 }, { promptTokens: 8, completionTokens: 0 }],
    [
      'of DeepSeek',
      {
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_tokens_details: { cached_tokens: 64 },
        prompt_cache_hit_tokens: 64,
        prompt_cache_miss_tokens: 36,
      },
      { promptTokens: 100, cachedTokens: 64, totalTokens: 120 },
    ],
    [
      'of Moonshot',
      { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, cached_tokens: 4 },
      { cachedTokens: 4 },
    ],
    [
      'that leaves reasoning out of the completion, explained by the total',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 115,
        completion_tokens_details: { reasoning_tokens: 100 },
      },
      { completionTokens: 105, reasoningTokens: 100, totalTokens: 115 },
    ],
    [
      'of Vercel, whose total leaves out the thoughts of Gemini', // charmbracelet/fantasy, TestVercelCommon: $0.30 and $2.50 per million
      {
        prompt_tokens: 61,
        completion_tokens: 10,
        total_tokens: 71,
        completion_tokens_details: { reasoning_tokens: 96 },
        market_cost: 0.0002833,
      },
      { completionTokens: 106, reasoningTokens: 96, totalTokens: 167, reading: ['reasoning_beside_completion'] },
    ],
    [
      'of Vercel, whose total has the thoughts of GPT',
      {
        prompt_tokens: 113,
        completion_tokens: 327,
        total_tokens: 440,
        completion_tokens_details: { reasoning_tokens: 256 },
        market_cost: 0.00597125,
      },
      { completionTokens: 327, reasoningTokens: 256, totalTokens: 440 },
    ],
    [
      'whose images are partly cached',
      { prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 64, image_tokens: 90 } },
      { cachedTokens: 64, promptImageTokens: 36 },
    ],
  ])('%s', (_, raw, usage) => expect(normaliseUsage(raw)).toMatchObject(usage));

  it.each<[string, JsonValue, RegExp]>([
    ['null', null, /not an object/],
    ['an empty object', {}, /prompt_tokens is missing/],
    ['a negative count', { prompt_tokens: 1, completion_tokens: -1 }, /completion_tokens is -1/],
    ['a fraction', { prompt_tokens: 1.5, completion_tokens: 1 }, /prompt_tokens is 1.5/],
    ['a string', { prompt_tokens: '12', completion_tokens: 1 }, /prompt_tokens is "12"/],
    ['an absurd count', { prompt_tokens: 100_000_001, completion_tokens: 0 }, /promptTokens is 100000001/],
    ['a more than absurd count', { prompt_tokens: 1e18, completion_tokens: 0 }, /prompt_tokens is 1000000000000000000/],
  ])('is refused for %s', (_, raw, fault) => expect(faultOf(raw)).toMatch(fault));
});
