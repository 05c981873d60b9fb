import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import { type Usage, UsageFault } from '../../pricing/index.js';
import { chatUsage, mergeUsage, readUsage } from './usage.js';

const faultOf = (raw: JsonValue): string => {
  const outcome = readUsage(raw);
  return outcome instanceof UsageFault ? outcome.message : `no fault: ${JSON.stringify(outcome)}`;
};

const CACHED = {
  input_tokens: 100,
  cache_read_input_tokens: 2_000,
  cache_creation_input_tokens: 700,
  cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 400 },
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 20 },
  service_tier: 'standard',
  inference_geo: 'not_available',
  server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
};

describe('Anthropic’s usage in normal form', () => {
  it.each<[string, JsonObject, Partial<Usage>]>([
    ['plain', { input_tokens: 12, output_tokens: 6 }, { promptTokens: 12, completionTokens: 6, totalTokens: 18 }],
    [
      'has the cache within the prompt, by how long it lives',
      CACHED,
      {
        promptTokens: 2_800,
        cachedTokens: 2_000,
        cacheWriteTokens: 300,
        cacheWrite1hTokens: 400,
        completionTokens: 50,
        reasoningTokens: 20,
        totalTokens: 2_850,
      },
    ],
    [
      'without a breakdown was cached for five minutes',
      { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 7 },
      { promptTokens: 8, cacheWriteTokens: 7, cacheWrite1hTokens: 0 },
    ],
    [
      'without a sum has that of the breakdown',
      { input_tokens: 1, output_tokens: 1, cache_creation: { ephemeral_1h_input_tokens: 7 } },
      { promptTokens: 8, cacheWriteTokens: 0, cacheWrite1hTokens: 7 },
    ],
    [
      'with nulls',
      {
        input_tokens: 1,
        output_tokens: 1,
        cache_read_input_tokens: null,
        cache_creation: null,
        output_tokens_details: null,
      },
      { promptTokens: 1, cachedTokens: 0, reasoningTokens: 0 },
    ],
    [
      'of iterations of its own',
      { input_tokens: 1, output_tokens: 1, iterations: [{ type: 'message', input_tokens: 1, output_tokens: 1 }] },
      { promptTokens: 1 },
    ],
  ])('%s', (_, raw, usage) => expect(readUsage(raw)).toMatchObject(usage));

  it.each<[string, JsonValue, RegExp]>([
    ['null', null, /not an object/],
    ['no input', { output_tokens: 1 }, /input_tokens is missing/],
    ['no output', { input_tokens: 1 }, /output_tokens is missing/],
    ['a negative count', { ...CACHED, cache_read_input_tokens: -1 }, /cache_read_input_tokens is -1/],
    ['a fraction', { ...CACHED, output_tokens: 1.5 }, /output_tokens is 1.5/],
    ['a string', { ...CACHED, input_tokens: '100' }, /input_tokens is "100"/],
    ['an absurd sum', { input_tokens: 1e8, output_tokens: 1, cache_read_input_tokens: 1 }, /promptTokens is 100000001/],
    [
      'a breakdown that does not add up',
      { ...CACHED, cache_creation_input_tokens: 701 },
      /300 .* and 400 .* do not make the 701/,
    ],
    [
      'more for an hour than in all',
      {
        input_tokens: 1,
        output_tokens: 1,
        cache_creation_input_tokens: 1,
        cache_creation: { ephemeral_1h_input_tokens: 2 },
      },
      /do not make the 1/,
    ],
    ['a breakdown that is a number', { ...CACHED, cache_creation: 7 }, /cache_creation is not an object/],
    ['more thought than said', { ...CACHED, output_tokens_details: { thinking_tokens: 51 } }, /51 reasoning/],
    ['web searches', { ...CACHED, server_tool_use: { web_search_requests: 2 } }, /2 web searches are billed apart/],
    ['fast mode', { ...CACHED, speed: 'fast' }, /Fast mode/],
    [
      'a compaction',
      { ...CACHED, iterations: [{ type: 'message' }, { type: 'compaction' }] },
      /type "compaction" are not in/,
    ],
  ])('is refused for %s', (_, raw, fault) => expect(faultOf(raw)).toMatch(fault));
});

it('later counts stand for earlier ones, unless they are null', () => {
  expect(mergeUsage(undefined, { input_tokens: 5, output_tokens: 1 })).toEqual({ input_tokens: 5, output_tokens: 1 });
  const start = { input_tokens: 5, cache_creation: { ephemeral_5m_input_tokens: 0 }, output_tokens: 1 };
  expect(mergeUsage(start, { input_tokens: null, output_tokens: 9 })).toEqual({ ...start, output_tokens: 9 });
  expect(mergeUsage(start, undefined)).toBe(start);
});

it('in OpenAI’s shape it counts the same', () => {
  expect(chatUsage(CACHED)).toEqual({
    prompt_tokens: 2_800,
    completion_tokens: 50,
    total_tokens: 2_850,
    prompt_tokens_details: { cached_tokens: 2_000, cache_write_tokens: 700, cache_write_1h_tokens: 400 },
    completion_tokens_details: { reasoning_tokens: 20 },
  });
  expect(chatUsage({ input_tokens: 1, output_tokens: -1 })).toBeUndefined();
});
