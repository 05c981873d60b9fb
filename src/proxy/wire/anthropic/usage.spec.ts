import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { readAnthropicUsage, type Usage, UsageFault } from '../../../pricing/index.js';
import { chatUsage, mergeUsage } from './usage.js';

const faultOf = (raw: JsonValue): string => {
  const outcome = readAnthropicUsage(raw);
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
  ])('%s', (_, raw, usage) => expect(readAnthropicUsage(raw)).toMatchObject(usage));

  it.each<[string, JsonValue, RegExp]>([
    ['null', null, /not an object/],
    ['no input', { output_tokens: 1 }, /input_tokens is missing/],
    ['no output', { input_tokens: 1 }, /output_tokens is missing/],
    ['a fraction', { ...CACHED, output_tokens: 1.5 }, /output_tokens is 1.5/],
    ['a string', { ...CACHED, input_tokens: '100' }, /input_tokens is "100"/],
    ['an absurd sum', { input_tokens: 1e8, output_tokens: 1, cache_read_input_tokens: 1 }, /promptTokens is 100000001/],
  ])('is refused for %s', (_, raw, fault) => expect(faultOf(raw)).toMatch(fault));

  it.each<[string, JsonObject, Partial<Usage>]>([
    [
      'a count of the cache that makes no sense',
      { ...CACHED, cache_read_input_tokens: -1 },
      { promptTokens: 800, cachedTokens: 0 },
    ],
    [
      'lives that make less than what was written',
      { ...CACHED, cache_creation_input_tokens: 701 },
      { promptTokens: 2_801, cacheWriteTokens: 301, cacheWrite1hTokens: 400 },
    ],
    [
      'lives of the first of several rounds', // recorded in Mirascope/mirascope, test_web_search_tool
      {
        input_tokens: 10,
        cache_creation_input_tokens: 12_174,
        cache_read_input_tokens: 39_695,
        cache_creation: { ephemeral_5m_input_tokens: 291, ephemeral_1h_input_tokens: 0 },
        output_tokens: 437,
      },
      { promptTokens: 51_879, cachedTokens: 39_695, cacheWriteTokens: 12_174, cacheWrite1hTokens: 0 },
    ],
    [
      'lives of an hour alone, where more was written',
      { ...CACHED, cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 400 } },
      { promptTokens: 2_800, cacheWriteTokens: 300, cacheWrite1hTokens: 400 },
    ],
    [
      'lives that make more than what was written',
      {
        input_tokens: 1,
        output_tokens: 1,
        cache_creation_input_tokens: 1,
        cache_creation: { ephemeral_1h_input_tokens: 2 },
      },
      { promptTokens: 2, cacheWriteTokens: 0, cacheWrite1hTokens: 1 },
    ],
    ['lives that are a number', { ...CACHED, cache_creation: 7 }, { cacheWriteTokens: 700, cacheWrite1hTokens: 0 }],
    ['more thought than said', { ...CACHED, output_tokens_details: { thinking_tokens: 51 } }, { reasoningTokens: 0 }],
    ['web searches', { ...CACHED, server_tool_use: { web_search_requests: 2 } }, { promptTokens: 2_800 }],
    ['fast mode', { ...CACHED, speed: 'fast' }, { completionTokens: 50 }],
    ['a compaction', { ...CACHED, iterations: [{ type: 'message' }, { type: 'compaction' }] }, { promptTokens: 2_800 }],
  ])('is as much as is certain for %s', (_, raw, usage) =>
    expect(readAnthropicUsage(raw)).toMatchObject({ ...usage, reading: ['certain'] }),
  );

  it('is exact where tools ran at Anthropic that cost tokens alone', () => {
    const tools = { web_search_requests: 0, web_fetch_requests: 3, tool_search_requests: 2 };
    const usage = readAnthropicUsage({ ...CACHED, server_tool_use: tools });
    expect(usage).toMatchObject({ promptTokens: 2_800, completionTokens: 50 });
    expect(usage).not.toHaveProperty('reading');
  });

  it('was written for five minutes where the lives tell nothing', () => {
    // https://github.com/anthropics/anthropic-sdk-java/issues/353
    const lives = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 };
    const usage = readAnthropicUsage({
      input_tokens: 1,
      output_tokens: 1,
      cache_creation_input_tokens: 9,
      cache_creation: lives,
    });
    expect(usage).toMatchObject({ promptTokens: 10, cacheWriteTokens: 9 });
    expect(usage).not.toHaveProperty('reading');
  });
});

describe('Anthropic’s usage told in several events', () => {
  const start = { input_tokens: 1_220, cache_creation_input_tokens: 800, output_tokens: 1 };

  it.each<[string, JsonValue | undefined, JsonValue | undefined, JsonValue]>([
    ['is the first as long as there is no other', undefined, start, start],
    ['is not taken back by nothing', start, undefined, start],
    [
      'goes by the last, unless it is null',
      start,
      { input_tokens: null, output_tokens: 9 },
      { ...start, output_tokens: 9 },
    ],
    [
      'keeps an input that is repeated as 0',
      start,
      { input_tokens: 0, output_tokens: 50 },
      { ...start, output_tokens: 50 },
    ],
    [
      'keeps what was written that is repeated as 0',
      { ...start, cache_creation: { ephemeral_5m_input_tokens: 800 } },
      { input_tokens: 1_220, cache_creation_input_tokens: 0, cache_creation: null, output_tokens: 50 },
      { ...start, cache_creation: { ephemeral_5m_input_tokens: 800 }, output_tokens: 50 },
    ],
    [
      'keeps an output that goes down',
      { ...start, output_tokens: 60 },
      { output_tokens: 50 },
      { ...start, output_tokens: 60 },
    ],
    [
      'takes a first guess split anew for what it is, not for more',
      { input_tokens: 1_220, output_tokens: 1 },
      { input_tokens: 20, cache_read_input_tokens: 1_200, output_tokens: 5 },
      { input_tokens: 20, cache_read_input_tokens: 1_200, output_tokens: 5 },
    ],
    [
      // Alibaba: https://github.com/jeremychone/rust-genai/pull/258
      'takes no prompt for uncached of which the end tells only what was cached',
      { input_tokens: 3_602, output_tokens: 0 },
      { cache_creation_input_tokens: 0, cache_read_input_tokens: 3_604, output_tokens: 878 },
      { input_tokens: 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 3_604, output_tokens: 878 },
    ],
    [
      // Alibaba and Kimi: https://github.com/maximhq/bifrost/pull/5355
      'takes the split of the end for that of the prompt, to the token',
      { input_tokens: 8_834, output_tokens: 0 },
      { input_tokens: 18, cache_creation_input_tokens: 0, cache_read_input_tokens: 8_831, output_tokens: 426 },
      { input_tokens: 18, cache_creation_input_tokens: 0, cache_read_input_tokens: 8_831, output_tokens: 426 },
    ],
    [
      'takes it also where the start said a few tokens more',
      { input_tokens: 8_834, cache_read_input_tokens: 0, output_tokens: 0 },
      { input_tokens: 18, cache_creation_input_tokens: null, cache_read_input_tokens: 8_800, output_tokens: 426 },
      { input_tokens: 18, cache_read_input_tokens: 8_800, output_tokens: 426 },
    ],
    [
      'leaves the rest of such a prompt uncached',
      { input_tokens: 3_602, output_tokens: 0 },
      { cache_read_input_tokens: 3_000, output_tokens: 878 },
      { input_tokens: 602, cache_read_input_tokens: 3_000, output_tokens: 878 },
    ],
    [
      'adds what was read to an input that excludes it from the start',
      { input_tokens: 20, cache_read_input_tokens: 0, output_tokens: 0 },
      { cache_read_input_tokens: 3_000, output_tokens: 878 },
      { input_tokens: 20, cache_read_input_tokens: 3_000, output_tokens: 878 },
    ],
    ['takes an input that comes last', { input_tokens: 0, output_tokens: 0 }, start, start],
    ['does not hide a count that is none', start, { output_tokens: -1 }, { ...start, output_tokens: -1 }],
    ['keeps a block where something else follows', start, 'many', start],
  ])('%s', (_, earlier, later, merged) => expect(mergeUsage(earlier, later)).toEqual(merged));
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
