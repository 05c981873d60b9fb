// A price list as a document: what is published, stored in the event and shown to people. Two numbers stand everywhere:
// `price` is what the customer pays, `cost` what the provider charges us. Without a `cost`, it is taken to be the price
// beside it (no margin). How a list is checked: price-list.check.ts; how it is applied: rate.ts.
import { z } from 'zod';
import type { EventOf } from '../event-store/fields/index.js';

const MAX_MODELS = 5_000;
const MAX_BANDS = 16;
const MAX_WINDOWS = 32;

/** At most six decimals, so that a price per million tokens is a whole number of pico-dollars per token. */
const PER_MILLION = /^\d{1,9}(?:\.\d{1,6})?$/;
/** At most twelve decimals: a whole number of pico-dollars. */
const PER_PIECE = /^\d{1,9}(?:\.\d{1,12})?$/;

/** Says what is wrong with a decimal string that may have up to `decimals` decimals. */
function decimalFault(value: unknown, decimals: number): string {
  const text = String(value).slice(0, 40);
  if (!/^-?\d+(?:\.\d+)?$/.test(text)) return `"${text}" is not a decimal number such as "2.50".`;
  if (text.startsWith('-')) return `"${text}" is negative.`;
  const fraction = text.split('.')[1] ?? '';
  if (fraction.length > decimals) return `"${text}" has ${fraction.length} decimals; at most ${decimals} are exact.`;
  return `"${text}" is too large.`;
}

const decimal = (pattern: RegExp, decimals: number) =>
  z
    .string({ error: 'A price is a decimal string such as "2.50".' })
    .regex(pattern, { error: (issue) => decimalFault(issue.input, decimals) });

const usdPerMillion = (what: string) =>
  decimal(PER_MILLION, 6).describe(`${what}: US dollars per million tokens, up to six decimals`);

const perPiece = (what: string) =>
  decimal(PER_PIECE, 12).describe(`${what}, in US dollars, up to twelve decimals; when absent, 0`).optional();

const ratesSchema = z.strictObject({
  input: usdPerMillion('Input tokens'),
  cachedInput: usdPerMillion('Input tokens read from the cache; when absent, the price of input').optional(),
  explicitCachedInput: usdPerMillion(
    'Input tokens read from a cache that the request itself marked; when absent, as cachedInput',
  ).optional(),
  cacheWrite: usdPerMillion('Input tokens written to the cache for 5 minutes; when absent, as input').optional(),
  cacheWrite1h: usdPerMillion('Input tokens written to the cache for 1 hour; when absent, as cacheWrite').optional(),
  output: usdPerMillion('Output tokens'),
  reasoning: usdPerMillion('Output tokens of reasoning; when absent, the price of output').optional(),
  inputAudio: usdPerMillion('Audio input tokens; when absent, the price of input').optional(),
  outputAudio: usdPerMillion('Audio output tokens; when absent, the price of output').optional(),
  inputImage: usdPerMillion('Image input tokens; when absent, the price of input').optional(),
  perRequest: perPiece('Each request'),
  perImage: perPiece('Each image made'),
  perSecond: perPiece('Each second of audio'),
  perCharacter: perPiece('Each character that is spoken'),
});

const priced = {
  price: ratesSchema.describe('What the customer pays'),
  cost: ratesSchema.describe('What the provider charges us; when absent, the same as the price beside it').optional(),
};

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** When a window is open. */
export const windowTimesSchema = z.object({
  days: z
    .array(z.enum(WEEKDAYS), { error: `Days are a list of ${WEEKDAYS.join(', ')}.` })
    .min(1, 'A window needs at least one day; leave days out for every day.')
    .max(WEEKDAYS.length, 'A window names a day twice.')
    .describe('The UTC weekdays on which the window opens; when absent, every day')
    .optional(),
  from: z
    .string('A window needs the time it opens at.')
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'A window opens at a UTC time from "00:00" to "23:59".')
    .describe('UTC time at which the window opens, inclusive'),
  to: z
    .string('A window needs the time it closes at.')
    .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A window closes at a UTC time from "00:00" to "24:00".')
    .describe('UTC time at which the window closes, exclusive; before `from` when it closes on the next day'),
});

export const contextLimitSchema = z
  .union([z.strictObject({ '<': z.int().min(1) }), z.strictObject({ '<=': z.int().min(0) })], {
    error: 'A context limit is {"<": tokens} or {"<=": tokens} with a whole number of tokens.',
  })
  .describe('The prompt tokens up to which this band applies to the whole request; the last band has no limit');

const windowSchema = z.strictObject({ ...windowTimesSchema.shape, ...priced });

const bandSchema = z.strictObject({
  promptTokens: contextLimitSchema.optional(),
  ...priced,
  windows: z
    .array(windowSchema)
    .max(MAX_WINDOWS)
    .describe('Times of the week with other prices; no two overlap')
    .optional(),
});

export const modelPricesSchema = z.strictObject({
  model: z.string().min(1).max(200).describe('The id of the model in the catalogue'),
  bands: z
    .array(bandSchema)
    .min(1)
    .max(MAX_BANDS)
    .describe('Whole-request context bands by ascending limit; each applies to the prompts that those before it leave'),
});

export const priceListSchema = z.strictObject({
  effectiveFrom: z.iso
    .datetime({ error: 'effectiveFrom is an ISO 8601 instant in UTC, such as "2026-11-23T00:00:00.000Z".' })
    .describe('The instant from which the list is in force'),
  models: z.array(modelPricesSchema).min(1).max(MAX_MODELS).describe('The prices of every model on sale'),
});

export const priceListPublishedSchema = z
  .strictObject({
    version: z.int().min(1).describe('Counts 1, 2, 3 … without gaps'),
    ...priceListSchema.shape,
    by: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe('Who of the staff published it: a user id; none where a start did'),
    reason: z.string().max(2_000).optional().describe('Why, as the staff says it'),
    at: z.iso.datetime().describe('When the list was published'),
  })
  .describe(
    'A version of the price list: in force from effectiveFrom until the next instant from which another version is, withdrawn ones aside; of two from the same instant, the later published',
  );

export const priceListWithdrawnSchema = z
  .strictObject({
    version: z.int().min(1).describe('The version that will not be in force'),
    by: z.string().min(1).max(200).describe('Who of the staff withdrew it: a user id'),
    reason: z.string().min(1).max(2_000).describe('Why, as the staff says it'),
    at: z.iso.datetime().describe('When it was withdrawn'),
  })
  .describe('A version was withdrawn before it was in force: no charge is priced by it');

export type Rates = Readonly<z.infer<typeof ratesSchema>>;
export type Weekday = (typeof WEEKDAYS)[number];
export type ContextLimit = Readonly<z.infer<typeof contextLimitSchema>>;
export type WindowTimes = Readonly<z.infer<typeof windowTimesSchema>>;
export type ModelPrices = Readonly<z.infer<typeof modelPricesSchema>>;
export type PriceListDocument = Readonly<z.infer<typeof priceListSchema>>;
/** The data of the event `PriceListPublished`. */
export type PriceListPublished = Readonly<z.infer<typeof priceListPublishedSchema>>;
/** The data of the event `PriceListWithdrawn`. */
export type PriceListWithdrawn = Readonly<z.infer<typeof priceListWithdrawnSchema>>;
export type PriceListEvent = EventOf<{
  PriceListPublished: typeof priceListPublishedSchema;
  PriceListWithdrawn: typeof priceListWithdrawnSchema;
}>;
