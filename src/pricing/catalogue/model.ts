import type { ModelPrices, Rates } from '../price-list.js';

/** Those of the shipped models. An operator's own may be of others. */
export const MAKERS = ['openai', 'anthropic', 'google', 'deepseek', 'qwen', 'moonshot', 'zhipu', 'jina'] as const;
export type Maker = (typeof MAKERS)[number] | (string & {});
export const MODALITIES = ['text', 'image', 'audio', 'video', 'embedding'] as const;
export type Modality = (typeof MODALITIES)[number];

/** What a model is asked for, and so which endpoints it answers. */
export const MODEL_KINDS = ['chat', 'embedding', 'image', 'transcription', 'speech', 'moderation', 'rerank'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** The price that a model is charged by when it is not by the token. */
export const SOLD_BY = ['perImage', 'perSecond', 'perCharacter'] as const;
export type SoldBy = (typeof SOLD_BY)[number];

export const LIFECYCLES = ['live', 'retiring', 'retired'] as const;
/** Where a model stands with its maker; dates are ISO days. A retired name answers no more under that name. */
export type Lifecycle =
  | { readonly status: 'live' }
  | { readonly status: 'retiring' | 'retired'; readonly on: string; readonly successor?: string | undefined };

/** A model as the catalogue knows it. Token counts are upper bounds: holds are placed by them. */
export interface Model {
  readonly id: string;
  /** Its maker's other names for it at the same price: dated snapshots, `…-latest`, `…-preview`. All of them are the same model here. */
  readonly aliases?: readonly string[];
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
  /** Whether that field leaves out its thinking, which `enable_thinking` turns on and `thinking_budget` caps. */
  readonly capsAnswerOnly?: boolean;
  /** The most prompt tokens one image can count as; 0 when the model takes none. */
  readonly imageTokens: number;
  /** What it is sold by, if not by the token; its price list must name that price. */
  readonly soldBy?: SoldBy;
  /** Fields of a request, and the only value of each that the price is for. */
  readonly pricedOnly?: Readonly<Record<string, string>>;
  readonly lifecycle: Lifecycle;
  /** The ISO day on which its maker released it to everybody; undefined when that is not known. */
  readonly released?: string;
  readonly prices: ListPrices;
}

/** The maker's list price, and where and when it was read. */
export interface ListPrices {
  readonly bands: ModelPrices['bands'];
  /** A price its maker has announced for later, from an ISO day (UTC) on. */
  readonly later?: { readonly from: string; readonly bands: ModelPrices['bands'] };
  readonly source: string;
  /** An ISO day. */
  readonly asOf: string;
}

/** Where a price was read, and on which day. */
export type Provenance = Pick<ListPrices, 'source' | 'asOf'>;

/** `@pydantic/genai-prices` (MIT), by the day of that release. */
const GENAI_PRICES: Provenance = { source: 'genai-prices 0.1.8', asOf: '2026-09-23' };

/** What LiteLLM 1.110.2 states with the makers' own pages as its source. */
export const LITELLM: Provenance = { source: 'LiteLLM model_prices_and_context_window.json', asOf: '2026-11-28' };

/** Newer than the other two. Where it has a model of theirs, it agrees. */
export const PI_AI: Provenance = { source: '@earendil-works/pi-ai 1.6.0', asOf: '2026-11-20' };

/** models.dev as opencode 1.18.33 carries it. */
export const MODELS_DEV: Provenance = { source: 'models.dev, in opencode 1.18.33', asOf: '2026-09-28' };

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

/** Another price from a day on. */
export const until = (from: string, prices: ListPrices, then: Rates): ListPrices => ({
  ...prices,
  later: { from, bands: [{ price: then }] },
});

export const TEXT_ONLY = { input: ['text'], kind: 'chat', output: ['text'], imageTokens: 0 } as const;

/** For makers that publish no bound: the largest that any maker documents for one image (Qwen-VL, 16,384). */
export const UNDOCUMENTED_IMAGE_TOKENS = 16_384;
