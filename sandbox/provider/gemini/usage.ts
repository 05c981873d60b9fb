import type { Usage } from '../usage.js';

/**
 * Google's usageMetadata: cached content within the prompt, thoughts beside the candidates, counts of 0 left out.
 * https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function usageMetadata(usage: Usage): object {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  const thoughts = usage.completion_tokens_details.reasoning_tokens;
  return {
    promptTokenCount: prompt,
    ...counted('cachedContentTokenCount', usage.prompt_tokens_details.cached_tokens),
    ...counted('candidatesTokenCount', completion - thoughts),
    ...counted('thoughtsTokenCount', thoughts),
    totalTokenCount: total,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
  };
}

const counted = (field: string, tokens: number): object => (tokens === 0 ? {} : { [field]: tokens });
