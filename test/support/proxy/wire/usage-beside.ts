// Usage blocks of Mistral and Bedrock, whose prompts leave out what their totals count, and what each is billed by.
import type { Dialect } from './usage-dialects.js';

export const BESIDE: readonly Dialect[] = [
  {
    name: 'Mistral, of audio that is told beside the prompt', // https://github.com/pydantic/genai-prices/pull/591
    block: {
      prompt_audio_seconds: 12,
      prompt_tokens: 3,
      completion_tokens: 41,
      total_tokens: 419,
      prompt_tokens_details: { cached_tokens: 0, audio_tokens: 375 },
    },
    billed: { promptTokens: 378, promptAudioTokens: 375, completionTokens: 41, reading: ['audio_beside_prompt'] },
  },
  {
    name: 'Mistral, of audio that only the total has', // https://github.com/0xPlaygrounds/rig, mistral/transcription.rs
    block: {
      prompt_audio_seconds: 5,
      prompt_tokens: 5,
      completion_tokens: 24,
      total_tokens: 404,
      prompt_tokens_details: { cached_tokens: 368 },
    },
    billed: {
      promptTokens: 380,
      cachedTokens: 368,
      promptAudioTokens: 12,
      completionTokens: 24,
      reading: ['audio_beside_prompt'],
    },
  },
  {
    name: 'Mistral, of audio that is shorter than a second', // https://github.com/maruel/genai, providers/mistral/testdata, voxtral-small
    block: { prompt_audio_seconds: 0, prompt_tokens: 16, completion_tokens: 2, total_tokens: 393 },
    billed: { promptTokens: 391, promptAudioTokens: 375, completionTokens: 2, reading: ['audio_beside_prompt'] },
  },
  {
    name: 'Mistral, of audio that may be in the answer or in the prompt',
    block: { prompt_audio_seconds: 5, prompt_tokens: 5, total_tokens: 404 },
    billed: { promptTokens: 5, completionTokens: 0, reading: ['certain'] },
  },
  {
    name: 'Bedrock, from the cache', // https://github.com/Portkey-AI/gateway/pull/1211
    block: {
      cacheReadInputTokenCount: 10_536,
      cacheReadInputTokens: 10_536,
      cacheWriteInputTokenCount: 0,
      cacheWriteInputTokens: 0,
      inputTokens: 368,
      outputTokens: 19,
      totalTokens: 10_923,
    },
    billed: {
      promptTokens: 10_904,
      cachedTokens: 10_536,
      completionTokens: 19,
      reading: ['cached_beside_prompt'],
    },
  },
  {
    name: 'Bedrock, to the cache', // https://github.com/strands-agents/sdk-python, test_streaming.py
    block: {
      inputTokens: 12,
      outputTokens: 1,
      totalTokens: 5_857,
      cacheWriteInputTokens: 5_844,
      cacheDetails: [{ ttl: '5m', inputTokens: 5_844 }],
    },
    billed: {
      promptTokens: 5_856,
      cacheWriteTokens: 5_844,
      completionTokens: 1,
      reading: ['cache_writes_beside_prompt'],
    },
  },
  {
    name: 'Bedrock, by both lives of the cache',
    block: {
      inputTokens: 100,
      outputTokens: 5,
      totalTokens: 1_105,
      cacheReadInputTokens: 0,
      cacheWriteInputTokens: 1_000,
      cacheDetails: [
        { ttl: '1h', inputTokens: 400 },
        { ttl: '5m', inputTokens: 600 },
      ],
    },
    billed: {
      promptTokens: 1_100,
      cacheWriteTokens: 600,
      cacheWrite1hTokens: 400,
      reading: ['cache_writes_beside_prompt'],
    },
  },
  {
    name: 'Bedrock, of a model of OpenAI’s, whose prompt has the cache', // https://github.com/anomalyco/opencode/pull/47354
    block: {
      inputTokens: 100,
      outputTokens: 50,
      totalTokens: 150,
      cacheReadInputTokens: 80,
      cacheWriteInputTokens: 20,
    },
    billed: { promptTokens: 100, cachedTokens: 80, cacheWriteTokens: 20, completionTokens: 50 },
  },
  {
    name: 'Bedrock, without a total that says where the cache is',
    block: { inputTokens: 100, outputTokens: 50, cacheReadInputTokens: 80 },
    billed: { promptTokens: 100, cachedTokens: 80, completionTokens: 50, reading: ['certain'] },
  },
];
