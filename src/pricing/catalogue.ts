// The models on offer with their makers' list prices: those that ship with token-hub and those an operator adds (MODELS_FILE).
import { ANTHROPIC } from './catalogue/anthropic.js';
import { DEEPSEEK } from './catalogue/deepseek.js';
import { GOOGLE } from './catalogue/google.js';
import { JINA } from './catalogue/jina.js';
import type { Model } from './catalogue/model.js';
import { MOONSHOT } from './catalogue/moonshot.js';
import { OPENAI } from './catalogue/openai.js';
import { OPENAI_MEDIA } from './catalogue/openai-media.js';
import { OPENAI_OTHERS } from './catalogue/openai-others.js';
import { QWEN } from './catalogue/qwen.js';
import { QWEN_OTHERS } from './catalogue/qwen-others.js';
import { ZHIPU } from './catalogue/zhipu.js';
import type { ModelPrices } from './price-list.js';

export type { Lifecycle, ListPrices, Maker, Modality, Model, ModelKind, SoldBy } from './catalogue/model.js';
export { LIFECYCLES, MAKERS, MODALITIES, MODEL_KINDS, SOLD_BY } from './catalogue/model.js';

export const MODELS: readonly Model[] = [
  ...OPENAI,
  ...OPENAI_OTHERS,
  ...OPENAI_MEDIA,
  ...ANTHROPIC,
  ...GOOGLE,
  ...DEEPSEEK,
  ...QWEN,
  ...QWEN_OTHERS,
  ...MOONSHOT,
  ...ZHIPU,
  ...JINA,
];

/** Every model of a gateway. A model is priced, held for and charged under its id, whichever of its names a request uses. */
export class Catalogue {
  readonly #byName: ReadonlyMap<string, Model>;

  constructor(readonly models: readonly Model[]) {
    // Ids are set last, so that an id wins over another model's alias.
    this.#byName = new Map([
      ...models.flatMap((model) => (model.aliases ?? []).map((alias) => [alias, model] as const)),
      ...models.map((model) => [model.id, model] as const),
    ]);
  }

  /** The shipped models and an operator's own. An own model replaces a shipped one of the same id and takes its aliases from others. */
  static with(own: readonly Model[]): Catalogue {
    const taken = new Set(own.flatMap(namesOf));
    const shipped = MODELS.filter(({ id }) => !taken.has(id)).map(({ aliases, ...model }): Model => {
      const left = aliases?.filter((alias) => !taken.has(alias));
      return { ...model, ...(left !== undefined && { aliases: left }) };
    });
    return new Catalogue([...shipped, ...own]);
  }

  /** The model of that exact id or alias; undefined when there is none. */
  find(name: string): Model | undefined {
    return this.#byName.get(name);
  }

  /** The first prices to publish at an instant (epoch milliseconds): each model at its maker's list price, which is also our cost. */
  startingPriceList(atMs: number): ModelPrices[] {
    return this.models.map(({ id, prices: { bands, later } }) => ({
      model: id,
      bands: later !== undefined && Date.parse(later.from) <= atMs ? later.bands : bands,
    }));
  }
}

/** The shipped models. */
export const SHIPPED = new Catalogue(MODELS);

/** The shipped model of that exact id or alias; undefined when there is none. */
export const findModel = (name: string): Model | undefined => SHIPPED.find(name);

/** The prices that a gateway without models of its own publishes at its first start. */
export const startingPriceList = (atMs = Date.now()): ModelPrices[] => SHIPPED.startingPriceList(atMs);

/** Every name of a model, its id first. */
export const namesOf = ({ id, aliases = [] }: Model): readonly string[] => [id, ...aliases];

/** Whether a model's maker has withdrawn it at an instant (epoch milliseconds), even if it is listed as retiring. */
export const isRetired = ({ lifecycle }: Model, atMs: number): boolean =>
  lifecycle.status !== 'live' && Date.parse(lifecycle.on) <= atMs;
