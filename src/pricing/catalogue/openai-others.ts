// OpenAI's models that are not for everybody's next program: for code, for the Responses API alone (codex, pro), with audio, and those that
// have been shut down, whose names lead to their successors. Shutdowns: https://developers.openai.com/api/docs/deprecations. Not listed:
// models that search or research by themselves, since what they do is billed by the call, and those by invitation (cyber, rosalind, daybreak).
import type { Rates } from '../price-list.js';
import { LITELLM, LIVE, banded, flat, retired, retiring, type Model } from './model.js';

const gpt = { maker: 'openai', input: ['text', 'image'], kind: 'chat', output: ['text'] } as const;
const text = { ...gpt, input: ['text'], imageTokens: 0 } as const;
const reasoning = {
  ...gpt,
  tokenLimitField: 'max_completion_tokens',
  contextWindow: 400_000,
  maxOutputTokens: 128_000,
} as const;
// As in openai.ts: tiles of 512 pixels, or at most 1,536 patches times a factor.
const IMAGE = 1_445;
const SMALL_IMAGE = 2_642;
const SMALLEST_IMAGE = 3_779;
const ORIGINAL_DETAIL = 12_000;

const priced = (input: string, output: string, cachedInput?: string) =>
  flat({ input, ...(cachedInput !== undefined && { cachedInput }), output }, LITELLM);
const pro = (short: Rates, long: Rates) => banded({ '<=': 272_000 }, [short, long], LITELLM);

const GPT_5: readonly Model[] = [
  {
    ...reasoning,
    id: 'gpt-5.1',
    aliases: ['gpt-5.1-2025-11-13'],
    name: 'GPT-5.1',
    imageTokens: IMAGE,
    lifecycle: retiring('2027-04-01', 'gpt-6-sol'),
    released: '2025-11-13',
    prices: priced('1.25', '10', '0.125'),
  },
  {
    ...reasoning,
    id: 'gpt-5.2',
    aliases: ['gpt-5.2-2025-12-11'],
    name: 'GPT-5.2',
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: LIVE,
    released: '2025-12-11',
    prices: priced('1.75', '14', '0.175'),
  },
  {
    ...reasoning,
    id: 'gpt-5.3-codex',
    name: 'GPT-5.3-Codex',
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: retiring('2027-04-01', 'gpt-6-sol'),
    released: '2026-02-05',
    prices: priced('1.75', '14', '0.175'),
  },
  {
    ...reasoning,
    id: 'gpt-5.4-nano',
    aliases: ['gpt-5.4-nano-2026-03-17'],
    name: 'GPT-5.4 nano',
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: retiring('2027-04-01', 'gpt-6-luna'),
    released: '2026-03-17',
    prices: priced('0.2', '1.25', '0.02'),
  },
  {
    ...reasoning,
    id: 'chat-latest',
    name: 'ChatGPT',
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: LIVE,
    prices: priced('5', '30', '0.5'),
  },
];

const PRO: readonly Model[] = [
  {
    ...reasoning,
    id: 'o3-pro',
    aliases: ['o3-pro-2025-06-10'],
    name: 'o3-pro',
    contextWindow: 200_000,
    maxOutputTokens: 100_000,
    imageTokens: IMAGE,
    lifecycle: retiring('2026-12-11', 'gpt-6.1-sol'),
    released: '2025-06-10',
    prices: priced('20', '80'),
  },
  {
    ...reasoning,
    id: 'gpt-5-pro',
    aliases: ['gpt-5-pro-2025-10-06'],
    name: 'GPT-5 pro',
    maxOutputTokens: 272_000,
    imageTokens: IMAGE,
    lifecycle: retiring('2026-12-11', 'gpt-6.1-sol'),
    released: '2025-10-06',
    prices: priced('15', '120'),
  },
  {
    ...reasoning,
    id: 'gpt-5.2-pro',
    aliases: ['gpt-5.2-pro-2025-12-11'],
    name: 'GPT-5.2 pro',
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: LIVE,
    released: '2025-12-11',
    prices: priced('21', '168'),
  },
  ...(
    [
      ['gpt-5.4-pro', 'GPT-5.4 pro', '2026-03-05'],
      ['gpt-5.5-pro', 'GPT-5.5 pro', '2026-04-23'],
    ] as const
  ).map(([id, name, released]): Model => ({
    ...reasoning,
    id,
    aliases: [`${id}-${released}`],
    name,
    contextWindow: 1_050_000,
    imageTokens: ORIGINAL_DETAIL,
    lifecycle: LIVE,
    released,
    prices: pro({ input: '30', output: '180' }, { input: '60', output: '270' }),
  })),
];

const audio = {
  ...gpt,
  input: ['text', 'audio'],
  output: ['text', 'audio'],
  imageTokens: 0,
  tokenLimitField: 'max_completion_tokens',
  contextWindow: 128_000,
  maxOutputTokens: 16_384,
} as const;
const GPT_AUDIO = flat({ input: '2.5', inputAudio: '32', output: '10', outputAudio: '64' }, LITELLM);

const AUDIO: readonly Model[] = [
  { ...audio, id: 'gpt-audio-1.5', name: 'GPT Audio 1.5', lifecycle: LIVE, prices: GPT_AUDIO },
  {
    ...audio,
    id: 'gpt-audio',
    aliases: ['gpt-audio-2025-08-28'],
    name: 'GPT Audio',
    lifecycle: retiring('2027-01-20', 'gpt-audio-1.5'),
    released: '2025-08-28',
    prices: GPT_AUDIO,
  },
  {
    ...audio,
    id: 'gpt-audio-mini',
    aliases: ['gpt-audio-mini-2025-10-06', 'gpt-audio-mini-2025-12-15'],
    name: 'GPT Audio mini',
    lifecycle: retiring('2027-01-20', 'gpt-audio-1.5'),
    released: '2025-10-06',
    prices: flat({ input: '0.6', inputAudio: '10', output: '2.4', outputAudio: '20' }, LITELLM),
  },
];

const gone = {
  ...gpt,
  tokenLimitField: 'max_tokens',
  contextWindow: 128_000,
  maxOutputTokens: 4_096,
  imageTokens: IMAGE,
  lifecycle: retired('2026-10-23', 'gpt-5.6-sol'),
} as const;
const o = { ...reasoning, contextWindow: 200_000, maxOutputTokens: 100_000, imageTokens: IMAGE } as const;
const codex = { ...reasoning, imageTokens: IMAGE, lifecycle: retired('2026-07-23', 'gpt-5.6-sol') } as const;
const chat = { ...codex, contextWindow: 128_000, maxOutputTokens: 16_384 } as const;
const inAugust = retired('2026-08-10', 'gpt-5.6-sol');
const toTerra = retired('2026-10-23', 'gpt-5.6-terra');

const SHUT_DOWN: readonly Model[] = [
  {
    ...gone,
    ...text,
    id: 'gpt-3.5-turbo',
    aliases: ['gpt-3.5-turbo-0125'],
    name: 'GPT-3.5 Turbo',
    contextWindow: 16_385,
    lifecycle: toTerra,
    released: '2023-03-01',
    prices: priced('0.5', '1.5'),
  },
  {
    ...gone,
    ...text,
    id: 'gpt-4',
    aliases: ['gpt-4-0613'],
    name: 'GPT-4',
    contextWindow: 8_192,
    released: '2023-03-14',
    prices: priced('30', '60'),
  },
  {
    ...gone,
    id: 'gpt-4-turbo',
    aliases: ['gpt-4-turbo-2024-04-09', 'gpt-4-1106-preview'],
    name: 'GPT-4 Turbo',
    released: '2024-04-09',
    prices: priced('10', '30'),
  },
  { ...gone, id: 'gpt-4o-2024-05-13', name: 'GPT-4o (May 2024)', released: '2024-05-13', prices: priced('5', '15') },
  {
    ...gone,
    id: 'gpt-4.1-nano',
    aliases: ['gpt-4.1-nano-2025-04-14'],
    name: 'GPT-4.1 nano',
    contextWindow: 1_047_576,
    maxOutputTokens: 32_768,
    imageTokens: SMALLEST_IMAGE,
    lifecycle: retired('2026-10-23', 'gpt-5.6-luna'),
    released: '2025-04-14',
    prices: priced('0.1', '0.4', '0.025'),
  },
  {
    ...o,
    id: 'o1',
    aliases: ['o1-2024-12-17'],
    name: 'o1',
    lifecycle: gone.lifecycle,
    released: '2024-12-17',
    prices: priced('15', '60', '7.5'),
  },
  {
    ...o,
    id: 'o1-pro',
    aliases: ['o1-pro-2025-03-19'],
    name: 'o1-pro',
    lifecycle: gone.lifecycle,
    released: '2025-03-19',
    prices: priced('150', '600'),
  },
  {
    ...o,
    ...text,
    id: 'o3-mini',
    aliases: ['o3-mini-2025-01-31'],
    name: 'o3-mini',
    lifecycle: gone.lifecycle,
    released: '2025-01-31',
    prices: priced('1.1', '4.4', '0.55'),
  },
  {
    ...o,
    id: 'o4-mini',
    aliases: ['o4-mini-2025-04-16'],
    name: 'o4-mini',
    imageTokens: SMALL_IMAGE,
    lifecycle: toTerra,
    released: '2025-04-16',
    prices: priced('1.1', '4.4', '0.275'),
  },
  { ...chat, id: 'gpt-5-chat-latest', name: 'GPT-5 Chat', prices: priced('1.25', '10', '0.125') },
  { ...chat, id: 'gpt-5.1-chat-latest', name: 'GPT-5.1 Chat', prices: priced('1.25', '10', '0.125') },
  {
    ...chat,
    id: 'gpt-5.2-chat-latest',
    name: 'GPT-5.2 Chat',
    lifecycle: inAugust,
    prices: priced('1.75', '14', '0.175'),
  },
  {
    ...chat,
    id: 'gpt-5.3-chat-latest',
    name: 'GPT-5.3 Chat',
    lifecycle: inAugust,
    prices: priced('1.75', '14', '0.175'),
  },
  { ...codex, id: 'gpt-5-codex', name: 'GPT-5-Codex', prices: priced('1.25', '10', '0.125') },
  { ...codex, id: 'gpt-5.1-codex', name: 'GPT-5.1-Codex', prices: priced('1.25', '10', '0.125') },
  { ...codex, id: 'gpt-5.1-codex-max', name: 'GPT-5.1-Codex-Max', prices: priced('1.25', '10', '0.125') },
  {
    ...codex,
    id: 'gpt-5.1-codex-mini',
    name: 'GPT-5.1-Codex-Mini',
    imageTokens: SMALL_IMAGE,
    lifecycle: retired('2026-07-23', 'gpt-5.6-terra'),
    prices: priced('0.25', '2', '0.025'),
  },
  { ...codex, id: 'gpt-5.2-codex', name: 'GPT-5.2-Codex', prices: priced('1.75', '14', '0.175') },
];

export const OPENAI_OTHERS: readonly Model[] = [...GPT_5, ...PRO, ...AUDIO, ...SHUT_DOWN];
