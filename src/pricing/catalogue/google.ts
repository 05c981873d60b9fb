// Not expressed: Gemini 2.x bills cached audio above cached text; here a cached token has one price whatever it holds.
import {
  LITELLM,
  LIVE,
  PI_AI,
  UNDOCUMENTED_IMAGE_TOKENS,
  banded,
  flat,
  retired,
  retiring,
  until,
  type Model,
  type Provenance,
} from './model.js';

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

// An introductory price of 2026.
const FLASH_2026 = until('2027-01-01', flat({ input: '0.75', cachedInput: '0.075', output: '3.75' }), {
  input: '1.5',
  cachedInput: '0.15',
  output: '7.5',
});

// https://ai.google.dev/gemini-api/docs/generate-content/latest-model: one limit for input and output together. An answer may take all of it
// ("long decode"), but has 65,536 tokens where nothing else is asked for, and 32,768 where it is not streamed: what we ask for when the client
// names no number.
const gemini4 = { ...gemini3, imageTokens: UNDOCUMENTED_IMAGE_TOKENS, maxOutputTokens: 32_768 } as const;
// An introductory price up to 2026-11-30.
const argonUntilDecember = (provenance: Provenance) =>
  until('2026-12-01', flat({ input: '2', cachedInput: '0.1', output: '10' }, provenance), {
    input: '4',
    cachedInput: '0.2',
    output: '20',
  });

export const GOOGLE: readonly Model[] = [
  {
    ...gemini2,
    id: 'gemini-2.0-flash',
    aliases: ['gemini-2.0-flash-001'],
    released: '2025-02-05',
    name: 'Gemini 2.0 Flash',
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-06-01', 'gemini-3.5-flash'),
    prices: flat({ input: '0.1', cachedInput: '0.025', inputAudio: '0.7', output: '0.4' }),
  },
  {
    ...gemini2,
    id: 'gemini-2.0-flash-lite',
    aliases: ['gemini-2.0-flash-lite-001'],
    released: '2025-02-25',
    name: 'Gemini 2.0 Flash-Lite',
    maxOutputTokens: 8_192,
    lifecycle: retired('2026-06-01', 'gemini-3.5-flash-lite'),
    prices: flat({ input: '0.075', output: '0.3' }),
  },
  {
    ...gemini2,
    id: 'gemini-2.5-pro',
    released: '2025-06-17',
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
    released: '2025-06-17',
    name: 'Gemini 2.5 Flash',
    lifecycle: retiring('2026-12-01', 'gemini-3.5-flash-lite'),
    prices: flat({ input: '0.3', cachedInput: '0.03', inputAudio: '1', output: '2.5' }),
  },
  {
    ...gemini2,
    id: 'gemini-2.5-flash-lite',
    released: '2025-07-22',
    name: 'Gemini 2.5 Flash-Lite',
    lifecycle: LIVE,
    prices: flat({ input: '0.1', cachedInput: '0.01', inputAudio: '0.3', output: '0.4' }),
  },
  {
    ...gemini3,
    id: 'gemini-3.1-pro-preview',
    aliases: ['gemini-3.1-pro-preview-customtools', 'gemini-pro-latest'],
    released: '2026-02-19',
    name: 'Gemini 3.1 Pro Preview',
    prices: banded({ '<=': 200_000 }, [
      { input: '2', cachedInput: '0.2', output: '12' },
      { input: '4', cachedInput: '0.4', output: '18' },
    ]),
  },
  {
    ...gemini3,
    id: 'gemini-3-flash-preview',
    released: '2025-12-17',
    name: 'Gemini 3 Flash Preview',
    prices: flat({ input: '0.5', cachedInput: '0.05', inputAudio: '1', output: '3' }, LITELLM),
  },
  {
    ...gemini3,
    id: 'gemini-3.1-flash-lite',
    lifecycle: retiring('2027-05-07', 'gemini-3.5-flash-lite'),
    released: '2026-05-07',
    name: 'Gemini 3.1 Flash Lite',
    prices: flat({ input: '0.25', cachedInput: '0.025', inputAudio: '0.5', output: '1.5' }),
  },
  {
    ...gemini3,
    id: 'gemini-3.5-flash',
    released: '2026-05-19',
    name: 'Gemini 3.5 Flash',
    prices: flat({ input: '1.5', cachedInput: '0.15', output: '9' }),
  },
  {
    ...gemini3,
    id: 'gemini-3.5-flash-lite',
    aliases: ['gemini-flash-lite-latest'],
    released: '2026-07-21',
    name: 'Gemini 3.5 Flash-Lite',
    prices: flat({ input: '0.3', cachedInput: '0.03', output: '2.5' }),
  },
  { ...gemini3, id: 'gemini-3.6-flash', released: '2026-07-21', name: 'Gemini 3.6 Flash', prices: FLASH_2026 },
  { ...gemini3, id: 'gemini-3.7-flash', released: '2026-08-13', name: 'Gemini 3.7 Flash', prices: FLASH_2026 },
  {
    ...gemini3,
    id: 'gemini-3.8-flash',
    aliases: ['gemini-flash-latest'],
    released: '2026-09-02',
    name: 'Gemini 3.8 Flash',
    prices: FLASH_2026,
  },
  { ...gemini4, id: 'gemini-4-argon', name: 'Gemini 4 Argon', prices: argonUntilDecember(LITELLM) },
  {
    ...gemini4,
    id: 'gemini-4-carbon',
    released: '2026-11-10',
    name: 'Gemini 4 Carbon',
    prices: argonUntilDecember(PI_AI),
  },
  {
    ...gemini4,
    id: 'gemini-4-neon',
    released: '2026-11-18',
    name: 'Gemini 4 Neon',
    prices: flat({ input: '3', cachedInput: '0.15', output: '15' }, PI_AI),
  },
  {
    ...gemini4,
    id: 'gemini-4-hydrogen',
    name: 'Gemini 4 Hydrogen',
    prices: flat({ input: '1.5', cachedInput: '0.075', output: '7.5' }, LITELLM),
  },
  {
    ...embedding,
    id: 'gemini-embedding-001',
    released: '2025-07-14',
    name: 'Gemini Embedding 001',
    contextWindow: 2_048,
    lifecycle: retiring('2028-05-14', 'gemini-embedding-2'),
    prices: flat({ input: '0.15', output: '0' }, LITELLM),
  },
  {
    ...embedding,
    id: 'gemini-embedding-2',
    released: '2026-04-22',
    name: 'Gemini Embedding 2',
    contextWindow: 8_192,
    lifecycle: LIVE,
    prices: flat({ input: '0.2', output: '0' }, LITELLM),
  },
];
