// The models on offer at the start, by maker, with the list prices of their makers.
import { ANTHROPIC } from './catalogue/anthropic.js';
import { DEEPSEEK } from './catalogue/deepseek.js';
import { GOOGLE } from './catalogue/google.js';
import { JINA } from './catalogue/jina.js';
import type { Model } from './catalogue/model.js';
import { MOONSHOT } from './catalogue/moonshot.js';
import { OPENAI } from './catalogue/openai.js';
import { OPENAI_MEDIA } from './catalogue/openai-media.js';
import { QWEN } from './catalogue/qwen.js';
import { ZHIPU } from './catalogue/zhipu.js';
import type { ModelPrices } from './price-list.js';

export type { Lifecycle, ListPrices, Maker, Modality, Model, ModelKind, SoldBy } from './catalogue/model.js';

export const MODELS: readonly Model[] = [
  ...OPENAI,
  ...OPENAI_MEDIA,
  ...ANTHROPIC,
  ...GOOGLE,
  ...DEEPSEEK,
  ...QWEN,
  ...MOONSHOT,
  ...ZHIPU,
  ...JINA,
];

const BY_ID: ReadonlyMap<string, Model> = new Map(MODELS.map((model) => [model.id, model]));

/** The model of that exact id; undefined when the catalogue has none. */
export const findModel = (id: string): Model | undefined => BY_ID.get(id);

/** Whether a model's maker has withdrawn it at an instant (ms since the epoch): from its date on, also if listed as retiring. */
export const isRetired = ({ lifecycle }: Model, atMs: number): boolean =>
  lifecycle.status !== 'live' && Date.parse(lifecycle.on) <= atMs;

/** The prices to publish first: each model at its maker's list price, which is also what it costs us. */
export const startingPriceList = (): ModelPrices[] =>
  MODELS.map(({ id, prices }) => ({ model: id, bands: prices.bands }));
