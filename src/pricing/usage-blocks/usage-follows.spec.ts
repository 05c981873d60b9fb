import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DIALECTS } from '../../../test/support/proxy/wire/usage-dialects.js';
import type { JsonObject } from '../../kernel/index.js';
import { type Usage, UsageFault, usageOf } from '../usage.js';
import { readAnthropicUsage } from './anthropic-usage.js';
import { normaliseInputOutput, normaliseUsage } from './chat-usage.js';
import { readGeminiUsage } from './gemini-usage.js';
import { type CountedCall, usageFollows } from './usage-follows.js';

const billed = (usage: Usage | UsageFault): Usage => {
  if (usage instanceof UsageFault) throw new Error(usage.message);
  return usage;
};
const counted = (counts: Partial<Usage>): Usage => billed(usageOf({ promptTokens: 0, completionTokens: 0, ...counts }));

const PLAIN: JsonObject = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
const ANTHROPIC: JsonObject = { input_tokens: 10, cache_read_input_tokens: 40, output_tokens: 5 };
const RESPONSES: JsonObject = {
  input_tokens: 50,
  input_tokens_details: { cached_tokens: 40 },
  output_tokens: 5,
  total_tokens: 55,
};
const GEMINI: JsonObject = { promptTokenCount: 9, candidatesTokenCount: 4, thoughtsTokenCount: 3, totalTokenCount: 16 };
const COMPLETION_ALONE: JsonObject = { candidatesTokenCount: 18, thoughtsTokenCount: 58 };

describe('the usage of a charge', () => {
  it.each<[string, JsonObject, Usage]>([
    ...DIALECTS.map(({ name, block }): [string, JsonObject, Usage] => [name, block, billed(normaliseUsage(block))]),
    ['Anthropic', ANTHROPIC, billed(readAnthropicUsage(ANTHROPIC))],
    ['OpenAI’s responses', RESPONSES, billed(normaliseInputOutput(RESPONSES, 'input_tokens_details'))],
    ['Gemini', GEMINI, billed(readGeminiUsage(GEMINI))],
    ['Gemini, without its prompt', COMPLETION_ALONE, billed(readGeminiUsage(COMPLETION_ALONE))],
    ['a reranker', { total_tokens: 12 }, counted({ promptTokens: 12 })],
    ['images by the piece', { images: 2 }, counted({ images: 2 })],
    ['audio by the second', { type: 'duration', seconds: 11.2 }, counted({ seconds: 12 })],
    ['audio by the second, of Mistral', { prompt_audio_seconds: 32, total_tokens: 89 }, counted({ seconds: 32 })],
    ['speech by the character', { characters: 80 }, counted({ characters: 80 })],
    ['a moderation', { results: 1 }, counted({})],
  ])('follows from the block of %s, and from no other count', (_name, usageRaw, usage) => {
    expect(usageFollows({ usage, usageRaw })).toBe(true);
    const more = { ...usage, promptTokens: usage.promptTokens + 1, totalTokens: usage.totalTokens + 1 };
    expect(usageFollows({ usage: more, usageRaw })).toBe(false);
    expect(usageFollows({ usage, usageRaw: {} })).toBe(false);
  });

  it('of a call that a person charged follows from the counts given', () => {
    const call = {
      usage: counted({ promptTokens: 7, cachedTokens: 3 }),
      usageRaw: { promptTokens: 7, cachedTokens: 3 },
    };
    expect([usageFollows(call), usageFollows({ ...call, byHand: {} })]).toEqual([false, true]);
  });

  it.each<[boolean, string, JsonObject, Partial<Usage>]>([
    [true, 'a longer completion', PLAIN, { promptTokens: 10, completionTokens: 9 }],
    [
      false,
      'a shorter one, with the prompt of the block',
      PLAIN,
      { promptTokens: 10, completionTokens: 4, cachedTokens: 1 },
    ],
    [true, 'all of it, where the provider counted nothing', {}, { promptTokens: 8, completionTokens: 9 }],
    [true, 'speech', {}, { promptTokens: 8, completionTokens: 9, completionAudioTokens: 7 }],
    [
      false,
      'more speech than was added',
      { ...PLAIN, prompt_tokens_details: { cached_tokens: 4 } },
      { promptTokens: 10, cachedTokens: 4, completionTokens: 6, completionAudioTokens: 6 },
    ],
    [false, 'another prompt and its parts', PLAIN, { promptTokens: 20, cachedTokens: 4, completionTokens: 5 }],
  ])('of a cut-off answer: %s for %s', (follows, _what, usageRaw, counts) => {
    const call: CountedCall = { usage: counted(counts), usageRaw };
    expect(usageFollows({ ...call, estimated: 'client_left' })).toBe(follows);
    expect(usageFollows(call)).toBe(false);
  });

  it('never throws, whatever the block', () => {
    const fields = fc.constantFrom(...[PLAIN, ANTHROPIC, RESPONSES, GEMINI].flatMap(Object.keys), 'seconds', 'images');
    const block = fc.dictionary(fields, fc.jsonValue() as fc.Arbitrary<JsonObject>);
    fc.assert(fc.property(block, (usageRaw) => typeof usageFollows({ usage: counted({}), usageRaw }) === 'boolean'));
  });
});
