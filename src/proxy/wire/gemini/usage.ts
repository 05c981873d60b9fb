// Gemini's usageMetadata in a stream, and in OpenAI's shape. How it is read: src/pricing/usage-blocks/gemini-usage.ts.
import type { JsonObject, JsonValue } from '../../../kernel/index.js';
import { readGeminiUsage } from '../../../pricing/index.js';
import { chatUsageOf } from '../chat-usage.js';
import { cumulative, type CumulativeBlock } from '../cumulative.js';

/** Google's usage block in OpenAI's shape; undefined when it can't be billed. */
export const openAiUsage = (raw: JsonValue | undefined): JsonObject | undefined => chatUsageOf(raw, readGeminiUsage);

/** Until their last event, streams of some models tell an estimate of the prompt: 169 where the last one says 79. */
const BLOCK: CumulativeBlock = {
  sides: [
    {
      whole: ['promptTokenCount', 'toolUsePromptTokenCount'],
      estimated: 'promptTokenCount',
      parts: ['cachedContentTokenCount', 'promptTokensDetails', 'toolUsePromptTokensDetails', 'cacheTokensDetails'],
    },
    { whole: ['candidatesTokenCount', 'thoughtsTokenCount'], parts: ['candidatesTokensDetails'] },
  ],
  total: 'totalTokenCount',
};

/** The usage of a stream, which reports it in every event. */
export const mergeUsage = (earlier: JsonValue | undefined, later: JsonValue | undefined): JsonValue | undefined =>
  cumulative(BLOCK, earlier, later);
