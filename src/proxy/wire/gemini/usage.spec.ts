import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { normaliseUsage, readGeminiUsage, type Usage, UsageFault } from '../../../pricing/index.js';
import { mergeUsage, openAiUsage } from './usage.js';

const faultOf = (raw: JsonValue): string => {
  const outcome = readGeminiUsage(raw);
  return outcome instanceof UsageFault ? outcome.message : `no fault: ${JSON.stringify(outcome)}`;
};

const modality = (kind: string, tokenCount: number): JsonObject => ({ modality: kind, tokenCount });

describe('Gemini’s usage block', () => {
  it.each<[string, JsonObject, Partial<Usage>]>([
    [
      'of a plain answer',
      {
        promptTokenCount: 9,
        candidatesTokenCount: 20,
        totalTokenCount: 29,
        promptTokensDetails: [modality('TEXT', 9)],
        trafficType: 'ON_DEMAND',
      },
      { promptTokens: 9, completionTokens: 20, totalTokens: 29, reasoningTokens: 0 },
    ],
    [
      'counts thoughts beside the candidates',
      { promptTokenCount: 15, candidatesTokenCount: 359, totalTokenCount: 1_035, thoughtsTokenCount: 661 },
      { promptTokens: 15, completionTokens: 1_020, reasoningTokens: 661, totalTokens: 1_035 },
    ],
    [
      'may count thoughts among the candidates, when the total says so',
      { promptTokenCount: 10, candidatesTokenCount: 50, totalTokenCount: 60, thoughtsTokenCount: 40 },
      { promptTokens: 10, completionTokens: 50, reasoningTokens: 40 },
    ],
    [
      'counts the results of tools beside the prompt',
      { promptTokenCount: 500, candidatesTokenCount: 120, toolUsePromptTokenCount: 300, totalTokenCount: 920 },
      { promptTokens: 800, completionTokens: 120 },
    ],
    [
      'counts cached content within the prompt',
      { promptTokenCount: 100, cachedContentTokenCount: 60, candidatesTokenCount: 1, totalTokenCount: 101 },
      { promptTokens: 100, cachedTokens: 60 },
    ],
    [
      'tells modalities, of which video and documents are text',
      {
        promptTokenCount: 100,
        promptTokensDetails: [
          modality('TEXT', 40),
          modality('AUDIO', 30),
          modality('IMAGE', 20),
          modality('VIDEO', 10),
        ],
        candidatesTokenCount: 12,
        candidatesTokensDetails: [modality('AUDIO', 8), modality('TEXT', 4)],
        totalTokenCount: 112,
      },
      { promptAudioTokens: 30, promptImageTokens: 20, completionAudioTokens: 8 },
    ],
    [
      'of a prompt that was blocked',
      { promptTokenCount: 7, totalTokenCount: 7 },
      { promptTokens: 7, completionTokens: 0, totalTokens: 7 },
    ],
  ])('%s', (_case, raw, expected) => expect(readGeminiUsage(raw)).toMatchObject(expected));

  it.each<[string, JsonValue, string]>([
    ['that is no object', 'many', 'not an object'],
    ['without any count', { trafficType: 'ON_DEMAND' }, 'promptTokenCount is missing'],
    ['with a negative count', { promptTokenCount: 1, candidatesTokenCount: -1 }, 'candidatesTokenCount is -1'],
    ['with a fraction', { promptTokenCount: 1.5 }, 'promptTokenCount is 1.5'],
    ['with a count as text', { promptTokenCount: '9' }, 'promptTokenCount is "9"'],
    ['beyond all measure', { promptTokenCount: 1e15 }, 'promptTokenCount is'],
  ])('%s is not billed', (_case, raw, reason) => {
    expect(faultOf(raw)).toContain(reason);
    expect(openAiUsage(raw)).toBeUndefined();
  });

  it.each<[string, JsonObject, Partial<Usage>]>([
    [
      'more cached than prompt',
      { promptTokenCount: 1, cachedContentTokenCount: 2 },
      { promptTokens: 1, cachedTokens: 0 },
    ],
    [
      'a total that is less than its parts',
      { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 16, thoughtsTokenCount: 2 },
      { promptTokens: 10, completionTokens: 6, reasoningTokens: 2 },
    ],
    [
      'an image, which has no price',
      { promptTokenCount: 1, candidatesTokenCount: 1_290, candidatesTokensDetails: [modality('IMAGE', 1_290)] },
      { completionTokens: 1_290 },
    ],
    ['details that make no sense', { promptTokenCount: 1, promptTokensDetails: 'TEXT' }, { promptTokens: 1 }],
    // Google on an image by its public URL: https://github.com/Arize-ai/openinference (google-genai, test_generate_content_with_file_uri_image)
    [
      'no prompt and no total',
      { candidatesTokenCount: 18, thoughtsTokenCount: 58 },
      { promptTokens: 0, completionTokens: 76, reasoningTokens: 58, totalTokens: 76 },
    ],
  ])('is as much as is certain for %s', (_, raw, usage) =>
    expect(readGeminiUsage(raw)).toMatchObject({ ...usage, reading: ['certain'] }),
  );

  it('counts thoughts that are in the total alone', () => {
    const raw = { promptTokenCount: 20, candidatesTokenCount: 198, totalTokenCount: 623 };
    const usage = {
      completionTokens: 603,
      reasoningTokens: 405,
      totalTokens: 623,
      reading: ['reasoning_in_total_alone'],
    };
    expect(readGeminiUsage(raw)).toMatchObject(usage);
  });

  it('takes the prompt from the total where it is not told', () => {
    const raw = { candidatesTokenCount: 18, thoughtsTokenCount: 58, totalTokenCount: 340 };
    expect(readGeminiUsage(raw)).toMatchObject({ promptTokens: 264, completionTokens: 76, totalTokens: 340 });
    expect(readGeminiUsage(raw)).not.toHaveProperty('reading');
  });

  // Whole answers to the same prompts count as the last events do, not as the first: https://github.com/simonw/research-llm-apis
  // (responses/gemini/text.json, text_streaming.txt), https://github.com/pydantic/pydantic-ai (test_google_model_iter_stream).
  it.each([
    [13, 12, 13],
    [169, 79, 12],
  ])('has %i prompt tokens at first, as an estimate, and %i in the end', (estimate, prompt, completion) => {
    const details = (tokens: number): JsonObject => ({ promptTokensDetails: [modality('TEXT', tokens)] });
    const first = { promptTokenCount: estimate, totalTokenCount: estimate, ...details(estimate) };
    const total = prompt + completion;
    const last = {
      promptTokenCount: prompt,
      candidatesTokenCount: completion,
      totalTokenCount: total,
      ...details(prompt),
    };
    expect(mergeUsage(first, last)).toEqual(last);
    // What was cached of the estimate says nothing about the prompt.
    expect(mergeUsage({ ...first, cachedContentTokenCount: 10 }, last)).toEqual(last);
    // A prompt of 0, or none, corrects nothing.
    for (const nothing of [{ ...last, promptTokenCount: 0 }, { candidatesTokenCount: completion }])
      expect(mergeUsage(first, nothing)).toMatchObject({ promptTokenCount: estimate, ...details(estimate) });
  });

  it('is not taken back by a later event of a stream', () => {
    const earlier = { promptTokenCount: 20, candidatesTokenCount: 9, thoughtsTokenCount: 5, totalTokenCount: 34 };
    expect(readGeminiUsage(mergeUsage(earlier, { promptTokenCount: 20, totalTokenCount: 20 }) ?? null)).toMatchObject({
      promptTokens: 20,
      completionTokens: 14,
      reasoningTokens: 5,
    });
    const longer = { ...earlier, candidatesTokenCount: 10, totalTokenCount: 35 };
    expect(mergeUsage(earlier, longer)).toEqual(longer);
  });

  it('reaches the client in OpenAI’s shape, and is billed the same by it', () => {
    const count = fc.nat(1_000);
    const details = fc.array(
      fc.record({ modality: fc.constantFrom('TEXT', 'AUDIO', 'IMAGE', 'VIDEO', 'DOCUMENT'), tokenCount: fc.nat(300) }),
      { maxLength: 4 },
    );
    const block = fc.record(
      {
        promptTokenCount: count,
        cachedContentTokenCount: fc.nat(200),
        toolUsePromptTokenCount: fc.nat(100),
        candidatesTokenCount: count,
        thoughtsTokenCount: count,
        promptTokensDetails: details,
        candidatesTokensDetails: fc.constantFrom([], [modality('AUDIO', 3)]),
      },
      { requiredKeys: ['promptTokenCount'] },
    );
    const property = fc.property(block, fc.constantFrom(0, 1), (raw, wrong) => {
      const { promptTokenCount, toolUsePromptTokenCount = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = raw;
      const sum = promptTokenCount + toolUsePromptTokenCount + candidatesTokenCount + thoughtsTokenCount;
      const usage: JsonObject = { ...raw, totalTokenCount: sum + wrong };
      const shown = openAiUsage(usage);
      const billed = readGeminiUsage(usage);
      expect(shown === undefined).toBe(billed instanceof UsageFault);
      if (shown === undefined || billed instanceof UsageFault) return;
      const { reading: _, ...counts } = billed;
      expect(normaliseUsage(shown)).toEqual(counts);
    });
    fc.assert(property);
  });

  it('is read or refused, whatever it holds', () => {
    const property = fc.property(fc.jsonValue(), (raw) => {
      expect(readGeminiUsage(raw as JsonValue)).toBeDefined();
      expect(
        readGeminiUsage({ promptTokenCount: raw as JsonValue, promptTokensDetails: [raw as JsonValue] }),
      ).toBeDefined();
    });
    fc.assert(property);
  });
});
