import type { ModelPrices, Rates } from '../price-list.js';

export type Maker = 'openai' | 'anthropic' | 'google' | 'deepseek' | 'qwen' | 'moonshot' | 'zhipu' | 'jina';
export type Modality = 'text' | 'image' | 'audio' | 'video' | 'embedding';

/** What a model is asked for, and so which endpoints it answers. */
export type ModelKind = 'chat' | 'embedding' | 'image' | 'transcription' | 'speech' | 'moderation' | 'rerank';

/** The price that a model is charged by when it is not by the token. */
export type SoldBy = 'perImage' | 'perSecond' | 'perCharacter';

/** Where a model stands with its maker; dates are ISO days. A retired name answers no more under that name. */
export type Lifecycle =
  | { readonly status: 'live' }
  | { readonly status: 'retiring' | 'retired'; readonly on: string; readonly successor?: string | undefined };

/** A model as the catalogue knows it. Token counts are upper bounds: holds are placed by them. */
export interface Model {
  readonly id: string;
  readonly maker: Maker;
  readonly name: string;
  readonly kind: ModelKind;
  /** Prompt and completion together, in tokens. */
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
  readonly input: readonly Modality[];
  readonly output: readonly Modality[];
  /** The field of a chat request that caps the completion for this model. */
  readonly tokenLimitField: 'max_tokens' | 'max_completion_tokens';
  /** The most prompt tokens one image can count as; 0 when the model takes none. */
  readonly imageTokens: number;
  /** What it is sold by, if not by the token; its price list must name that price. */
  readonly soldBy?: SoldBy;
  /** Fields of a request, and the only value of each that the price is for. */
  readonly pricedOnly?: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  readonly prices: ListPrices;
}

/** The maker's list price, and where and when it was read. */
export interface ListPrices {
  readonly bands: ModelPrices['bands'];
  readonly source: string;
  /** An ISO day. */
  readonly asOf: string;
}

/** Where a price was read, and on which day. */
export type Provenance = Pick<ListPrices, 'source' | 'asOf'>;

/** `@pydantic/genai-prices` (MIT), by the day of that release. */
export const GENAI_PRICES: Provenance = { source: 'genai-prices 0.1.8', asOf: '2026-09-23' };

/** What LiteLLM 1.109.1 states with OpenAI's, Google's or Jina's own pages as its source. */
export const LITELLM: Provenance = { source: 'LiteLLM model_prices_and_context_window.json', asOf: '2026-11-23' };

export const LIVE: Lifecycle = { status: 'live' };
export const retiring = (on: string, successor?: string): Lifecycle => ({ status: 'retiring', on, successor });
export const retired = (on: string, successor?: string): Lifecycle => ({ status: 'retired', on, successor });

/** One price whatever the size of the prompt. */
export const flat = (price: Rates, provenance: Provenance = GENAI_PRICES): ListPrices => ({
  bands: [{ price }],
  ...provenance,
});

/** One price up to a limit on the prompt, another for the whole request beyond it. */
export const banded = (
  promptTokens: NonNullable<ModelPrices['bands'][number]['promptTokens']>,
  [short, long]: readonly [Rates, Rates],
  provenance: Provenance = GENAI_PRICES,
): ListPrices => ({ bands: [{ promptTokens, price: short }, { price: long }], ...provenance });

export const TEXT_ONLY = { input: ['text'], kind: 'chat', output: ['text'], imageTokens: 0 } as const;

/** For makers that publish no bound: the largest that any maker documents for one image (Qwen-VL, 16,384). */
export const UNDOCUMENTED_IMAGE_TOKENS = 16_384;
