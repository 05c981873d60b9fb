// Not expressed: Gemini 2.x bills cached audio above cached text; here a cached token has one price whatever it holds.
import { LITELLM, LIVE, banded, flat, retired, retiring, type Model } from './model.js';

// https://ai.google.dev/gemini-api/docs/tokens: at most 16 tiles of 258 tokens (3072 × 3072 pixels in tiles of 768);
// Gemini 3 takes a fixed number per image, 2,240 at the highest media_resolution.
const TILED_IMAGE = 16 * 258;
const GEMINI_3_IMAGE = 2_240;

const gemini = {
  maker: 'google',
  contextWindow: 1_048_576,
  maxOutputTokens: 65_536,
  input: ['text', 'image', 'audio', 'video'],
  kind: 'chat',
  output: ['text'],
  tokenLimitField: 'max_tokens',
} as const;
const gemini2 = { ...gemini, imageTokens: TILED_IMAGE } as const;
const gemini3 = { ...gemini, imageTokens: GEMINI_3_IMAGE, lifecycle: LIVE } as const;

// Only texts: images and audio are embedded at prices of their own.
const embedding = {
  maker: 'google',
  kind: 'embedding',
  input: ['text'],
  output: ['embedding'],
  imageTokens: 0,
  maxOutputTokens: 0,
  tokenLimitField: 'max_tokens',
} as const;

// An introductory price until 2026-12-31; from 2027-01-01 it is 1.50, 0.15 and 7.50.
const FLASH_2026 = flat({ input: '0.75', cachedInput: '0.075', output: '3.75' });

export const GOOGLE: readonly Model[] = [
  {
    ...gemini2,
    id: 'gemini-2.0-flash',
    name: 'Gemini 2.0 Flash',
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-06-01', 'gemini-3.5-flash'),
    prices: flat({ input: '0.1', cachedInput: '0.025', inputAudio: '0.7', output: '0.4' }),
  },
  {
    ...gemini2,
    id: 'gemini-2.0-flash-lite',
    name: 'Gemini 2.0 Flash-Lite',
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-06-01', 'gemini-3.1-flash-lite'),
    prices: flat({ input: '0.075', output: '0.3' }),
  },
  {
    ...gemini2,
    id: 'gemini-2.5-pro',
    name: 'Gemini 2.5 Pro',
    lifecycle: retiring('2026-12-01', 'gemini-3.8-flash'),
    prices: banded({ '<=': 200_000 }, [
      { input: '1.25', cachedInput: '0.125', output: '10' },
      { input: '2.5', cachedInput: '0.25', output: '15' },
    ]),
  },
  {
    ...gemini2,
    id: 'gemini-2.5-flash',
    name: 'Gemini 2.5 Flash',
    lifecycle: retiring('2026-12-01', 'gemini-3.5-flash-lite'),
    prices: flat({ input: '0.3', cachedInput: '0.03', inputAudio: '1', output: '2.5' }),
  },
  {
    ...gemini2,
    id: 'gemini-2.5-flash-lite',
    name: 'Gemini 2.5 Flash-Lite',
    lifecycle: LIVE,
    prices: flat({ input: '0.1', cachedInput: '0.01', inputAudio: '0.3', output: '0.4' }),
  },
  {
    ...gemini3,
    id: 'gemini-3.1-pro-preview',
    name: 'Gemini 3.1 Pro Preview',
    prices: banded({ '<=': 200_000 }, [
      { input: '2', cachedInput: '0.2', output: '12' },
      { input: '4', cachedInput: '0.4', output: '18' },
    ]),
  },
  {
    ...gemini3,
    id: 'gemini-3.1-flash-lite',
    name: 'Gemini 3.1 Flash Lite',
    prices: flat({ input: '0.25', cachedInput: '0.025', inputAudio: '0.5', output: '1.5' }),
  },
  {
    ...gemini3,
    id: 'gemini-3.5-flash',
    name: 'Gemini 3.5 Flash',
    prices: flat({ input: '1.5', cachedInput: '0.15', output: '9' }),
  },
  {
    ...gemini3,
    id: 'gemini-3.5-flash-lite',
    name: 'Gemini 3.5 Flash-Lite',
    prices: flat({ input: '0.3', cachedInput: '0.03', output: '2.5' }),
  },
  { ...gemini3, id: 'gemini-3.6-flash', name: 'Gemini 3.6 Flash', prices: FLASH_2026 },
  { ...gemini3, id: 'gemini-3.7-flash', name: 'Gemini 3.7 Flash', prices: FLASH_2026 },
  { ...gemini3, id: 'gemini-3.8-flash', name: 'Gemini 3.8 Flash', prices: FLASH_2026 },
  {
    ...embedding,
    id: 'gemini-embedding-001',
    name: 'Gemini Embedding 001',
    contextWindow: 2_048,
    lifecycle: retiring('2028-05-14', 'gemini-embedding-2'),
    prices: flat({ input: '0.15', output: '0' }, LITELLM),
  },
  {
    ...embedding,
    id: 'gemini-embedding-2',
    name: 'Gemini Embedding 2',
    contextWindow: 8_192,
    lifecycle: LIVE,
    prices: flat({ input: '0.2', output: '0' }, LITELLM),
  },
];
