// OpenAI's models for images, speech, transcription and moderation.
import { LIVE, LITELLM, flat, retired, retiring, type Model } from './model.js';

const openai = { maker: 'openai', tokenLimitField: 'max_tokens', imageTokens: 0 } as const;

// Images by the token. The dearest image of the first two costs $0.25 at $40 per million: 1024 × 1536 at high quality (LiteLLM). For the later
// ones no formula is given: a square of 1,024 pixels at high quality costs $0.211 at $30 per million, and the largest image has 8,294,400
// pixels, 7.91 times as many (https://yingtu.ai/en/blog/gpt-image-2-cost-per-image, https://xairouter.com/en/models/gpt-image-2).
// What became of DALL·E 3: https://developers.openai.com/api/docs/models/dall-e-3
const image = { ...openai, kind: 'image', input: ['text'], output: ['image'], contextWindow: 65_536 } as const;
const FIRST_IMAGES = 6_250;
const LARGE_IMAGES = 56_000;
const IMAGE_SUCCESSOR = 'gpt-image-2.6-sunburst';

const IMAGES: readonly Model[] = [
  {
    ...image,
    id: 'dall-e-3',
    released: '2023-11-06',
    name: 'DALL·E 3',
    maxOutputTokens: 0,
    soldBy: 'perImage',
    pricedOnly: { size: '1024x1024', quality: 'standard' },
    lifecycle: retired('2026-05-12', IMAGE_SUCCESSOR),
    prices: flat(
      { input: '0', output: '0', perImage: '0.04' },
      { source: 'openai.com/pricing of 2023-12-25 in https://github.com/kevinhermawan/Canvas', asOf: '2026-11-23' },
    ),
  },
  {
    ...image,
    id: 'gpt-image-1',
    released: '2025-04-24',
    name: 'GPT Image 1',
    maxOutputTokens: FIRST_IMAGES,
    lifecycle: retired('2026-10-23', IMAGE_SUCCESSOR),
    prices: flat({ input: '5', cachedInput: '1.25', inputImage: '10', output: '40' }, LITELLM),
  },
  {
    ...image,
    id: 'gpt-image-1-mini',
    released: '2025-10-06',
    name: 'GPT Image 1 mini',
    maxOutputTokens: FIRST_IMAGES,
    lifecycle: retiring('2026-12-01', IMAGE_SUCCESSOR),
    prices: flat({ input: '2', cachedInput: '0.2', inputImage: '2.5', output: '8' }, LITELLM),
  },
  {
    ...image,
    id: 'gpt-image-1.5',
    aliases: ['gpt-image-1.5-2025-12-16'],
    released: '2025-12-16',
    name: 'GPT Image 1.5',
    maxOutputTokens: FIRST_IMAGES,
    lifecycle: retiring('2026-12-01', IMAGE_SUCCESSOR),
    // Text that it writes costs 10; here a completion has one price, and what it makes is images.
    prices: flat({ input: '5', cachedInput: '1.25', inputImage: '8', output: '32' }, LITELLM),
  },
  ...[
    { id: 'gpt-image-2', name: 'GPT Image 2', released: '2026-04-21' },
    { id: 'gpt-image-2.5-flare', name: 'GPT Image 2.5 Flare', released: '2026-09-08' },
    { id: 'gpt-image-2.5-sunburst', name: 'GPT Image 2.5 Sunburst', released: '2026-09-08' },
    { id: 'gpt-image-2.6-flare', name: 'GPT Image 2.6 Flare' },
    { id: 'gpt-image-2.6-sunburst', name: 'GPT Image 2.6 Sunburst' },
  ].map(({ id, name, released }) => ({
    ...image,
    id,
    ...(released !== undefined && { released, aliases: [`${id}-${released}`] }),
    name,
    maxOutputTokens: LARGE_IMAGES,
    lifecycle: LIVE,
    prices: flat({ input: '5', cachedInput: '1.25', inputImage: '8', output: '30' }, LITELLM),
  })),
];

// OpenAI names no successor of these for the same endpoint.
const speech = {
  ...openai,
  kind: 'speech',
  input: ['text'],
  output: ['audio'],
  lifecycle: retiring('2027-01-06'),
} as const;
const byCharacter = { ...speech, contextWindow: 4_096, maxOutputTokens: 0, soldBy: 'perCharacter' } as const;

const SPEECH: readonly Model[] = [
  {
    ...byCharacter,
    id: 'tts-1',
    aliases: ['tts-1-1106'],
    released: '2023-11-06',
    name: 'TTS-1',
    prices: flat({ input: '0', output: '0', perCharacter: '0.000015' }, LITELLM),
  },
  {
    ...byCharacter,
    id: 'tts-1-hd',
    aliases: ['tts-1-hd-1106'],
    released: '2023-11-06',
    name: 'TTS-1 HD',
    prices: flat({ input: '0', output: '0', perCharacter: '0.00003' }, LITELLM),
  },
  {
    ...speech,
    id: 'gpt-4o-mini-tts',
    aliases: ['gpt-4o-mini-tts-2025-03-20', 'gpt-4o-mini-tts-2025-12-15'],
    released: '2025-03-20',
    name: 'GPT-4o mini TTS',
    // By its price per minute a second is 21 tokens; that 2,000 tokens of text are spoken for a quarter of an hour is beyond any.
    contextWindow: 22_000,
    maxOutputTokens: 20_000,
    prices: flat({ input: '0.6', output: '12' }, LITELLM),
  },
];

const transcription = {
  ...openai,
  kind: 'transcription',
  input: ['audio', 'text'],
  output: ['text'],
  contextWindow: 18_000,
} as const;
const goingIn2027 = { ...transcription, lifecycle: retiring('2027-02-26', 'gpt-transcribe') } as const;

const TRANSCRIPTION: readonly Model[] = [
  {
    ...goingIn2027,
    id: 'whisper-1',
    released: '2023-03-01',
    name: 'Whisper',
    maxOutputTokens: 0,
    soldBy: 'perSecond',
    prices: flat({ input: '0', output: '0', perSecond: '0.0001' }, LITELLM),
  },
  {
    ...goingIn2027,
    id: 'gpt-4o-transcribe',
    released: '2025-03-20',
    name: 'GPT-4o Transcribe',
    maxOutputTokens: 2_000,
    prices: flat({ input: '2.5', output: '10' }, LITELLM),
  },
  {
    ...goingIn2027,
    id: 'gpt-4o-transcribe-diarize',
    name: 'GPT-4o Transcribe Diarize',
    maxOutputTokens: 2_000,
    prices: flat({ input: '2.5', output: '10' }, LITELLM),
  },
  {
    ...goingIn2027,
    id: 'gpt-4o-mini-transcribe',
    aliases: ['gpt-4o-mini-transcribe-2025-03-20', 'gpt-4o-mini-transcribe-2025-12-15'],
    released: '2025-03-20',
    name: 'GPT-4o mini Transcribe',
    maxOutputTokens: 2_000,
    prices: flat({ input: '1.25', output: '5' }, LITELLM),
  },
  {
    ...transcription,
    id: 'gpt-transcribe',
    name: 'GPT Transcribe',
    maxOutputTokens: 0,
    soldBy: 'perSecond',
    lifecycle: LIVE,
    prices: flat({ input: '0', output: '0', perSecond: '0.000075' }, LITELLM),
  },
];

/** Free at OpenAI, and so here: the prices are zero on purpose. */
const MODERATION: readonly Model[] = [
  {
    ...openai,
    id: 'omni-moderation-latest',
    aliases: ['omni-moderation-2024-09-26'],
    released: '2024-09-26',
    name: 'Omni Moderation',
    kind: 'moderation',
    input: ['text', 'image'],
    output: ['text'],
    // Nothing is counted, so nothing bounds it.
    imageTokens: 1,
    contextWindow: 32_768,
    maxOutputTokens: 0,
    lifecycle: LIVE,
    prices: flat({ input: '0', output: '0' }, LITELLM),
  },
];

export const OPENAI_MEDIA: readonly Model[] = [...IMAGES, ...SPEECH, ...TRANSCRIPTION, ...MODERATION];
