// A model as `GET /v1/models` shows it: OpenAI's object, with the fields that clients of Anthropic, OpenRouter and LiteLLM read.
import { formatUsd, picoUsd } from '../../kernel/index.js';
import { type Model, type PriceList, type UnitPrices, unitPrices } from '../../pricing/index.js';

/** OpenRouter's names, where it has one: https://openrouter.ai/docs/guides/overview/models */
const PRICES = {
  input_cache_read: ['cachedInput', 'input'],
  input_cache_read_explicit: ['explicitCachedInput', 'cachedInput'],
  input_cache_write: ['cacheWrite', 'input'],
  input_cache_write_1h: ['cacheWrite1h', 'cacheWrite'],
  internal_reasoning: ['reasoning', 'output'],
  audio: ['inputAudio', 'input'],
  audio_output: ['outputAudio', 'output'],
  image_token: ['inputImage', 'input'],
} as const;
const PIECES = {
  perImage: ['per_image', 'images'],
  perSecond: ['per_second', 'seconds'],
  perCharacter: ['per_character', 'characters'],
} as const;

/** A model under one of its names, at the prices of an instant. */
export interface Listing {
  readonly name: string;
  readonly prices: PriceList;
  readonly atMs: number;
}

/** Anthropic's word for a day that is not known: https://platform.claude.com/docs/en/api/models/list */
const UNKNOWN_DAY = '1970-01-01';

/** `created` is the day its maker released it, in Unix seconds; 0 where that is not known. */
export function modelObject(model: Model, { name: requested, prices, atMs }: Listing): object {
  const { id, aliases = [], maker, name, kind, contextWindow, maxOutputTokens, input, output, lifecycle } = model;
  const { released = UNKNOWN_DAY } = model;
  const [shortest, ...longer] = unitPrices(prices, id, atMs);
  return {
    id: requested,
    object: 'model',
    type: 'model',
    created: Date.parse(released) / 1_000,
    created_at: `${released}T00:00:00Z`,
    owned_by: maker,
    name,
    display_name: name,
    canonical_slug: id,
    aliases,
    kind,
    context_length: contextWindow,
    architecture: {
      modality: `${input.join('+')}->${output.join('+')}`,
      input_modalities: input,
      output_modalities: output,
    },
    pricing: shortest && pricing(model, shortest),
    ...(longer.length > 0 && {
      long_context_pricing: longer.map((band) => ({ min_prompt_tokens: band.from, ...pricing(model, band) })),
    }),
    top_provider: {
      context_length: contextWindow,
      max_completion_tokens: maxOutputTokens === 0 ? null : maxOutputTokens,
      is_moderated: false,
    },
    lifecycle: lifecycle.status,
    shutdown_date: lifecycle.status === 'live' ? null : lifecycle.on,
    successor: lifecycle.status === 'live' ? null : (lifecycle.successor ?? null),
  };
}

/** US dollars per token, and per request or piece. A price equal to that of other tokens is left out. */
function pricing({ soldBy }: Model, { price }: UnitPrices): Record<string, string> {
  const usd = (pico: bigint): string => formatUsd(picoUsd(pico));
  const [piece, unit] = soldBy === undefined ? [] : PIECES[soldBy];
  const own = Object.entries(PRICES).filter(([, [kind, otherwise]]) => price[kind] !== price[otherwise]);
  return {
    prompt: usd(price.input),
    completion: usd(price.output),
    request: usd(price.perRequest),
    ...Object.fromEntries(own.map(([field, [kind]]) => [field, usd(price[kind])])),
    ...(piece !== undefined && { [piece]: usd(price[unit]) }),
  };
}
