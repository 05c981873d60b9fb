// Peak hours are 01:00 to 04:00 and 06:00 to 10:00 UTC from Monday to Friday, at twice the off-peak price. Not expressed:
// Chinese public holidays, which DeepSeek bills off-peak; on those days the prices here are above its own.
import type { Rates } from '../price-list.js';
import { LIVE, TEXT_ONLY, UNDOCUMENTED_IMAGE_TOKENS, flat, retired, type ListPrices, type Model } from './model.js';

const PRICING_PAGE = 'https://api-docs.deepseek.com/quick_start/pricing';

const deepseek = {
  maker: 'deepseek',
  contextWindow: 1_000_000,
  maxOutputTokens: 393_216,
  tokenLimitField: 'max_tokens',
} as const;

const WORKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

const peakAndOffPeak = (offPeak: Rates, peak: Rates): ListPrices => ({
  bands: [
    {
      price: offPeak,
      windows: [
        { days: [...WORKDAYS], from: '01:00', to: '04:00', price: peak },
        { days: [...WORKDAYS], from: '06:00', to: '10:00', price: peak },
      ],
    },
  ],
  source: PRICING_PAGE,
  asOf: '2026-10-27',
});

// The names of V2 to V4: in the end both meant V4 Flash (without and with thinking), at its price of then.
const legacy = {
  ...deepseek,
  ...TEXT_ONLY,
  lifecycle: retired('2026-07-24', 'deepseek-flash'),
  prices: flat({ input: '0.14', cachedInput: '0.0028', output: '0.28' }, { source: PRICING_PAGE, asOf: '2026-07-24' }),
} as const;

// The names of V4 Flash go on as names of its successor, at its price (LiteLLM of 2026-11-28, DeepSeek's pricing page).
export const DEEPSEEK: readonly Model[] = [
  { ...legacy, id: 'deepseek-chat', name: 'DeepSeek Chat' },
  { ...legacy, id: 'deepseek-reasoner', name: 'DeepSeek Reasoner' },
  {
    ...deepseek,
    id: 'deepseek-flash',
    aliases: ['deepseek-v4-flash', 'deepseek-v4-flash-vision-exp'],
    released: '2026-09-10',
    name: 'DeepSeek V4.1 Flash',
    input: ['text', 'image'],
    kind: 'chat',
    output: ['text'],
    imageTokens: UNDOCUMENTED_IMAGE_TOKENS,
    lifecycle: LIVE,
    prices: peakAndOffPeak(
      { input: '0.15', cachedInput: '0.003', output: '0.6' },
      { input: '0.3', cachedInput: '0.006', output: '1.2' },
    ),
  },
  {
    ...deepseek,
    ...TEXT_ONLY,
    id: 'deepseek-v4-pro',
    released: '2026-08-12',
    name: 'DeepSeek V4 Pro',
    lifecycle: LIVE,
    prices: peakAndOffPeak(
      { input: '0.66', cachedInput: '0.022', output: '1.98' },
      { input: '1.32', cachedInput: '0.044', output: '3.96' },
    ),
  },
];
