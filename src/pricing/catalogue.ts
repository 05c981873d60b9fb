// The models on offer, by maker, with the list prices of their makers: those that ship, and those an operator adds (MODELS_FILE).
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
export { MAKERS, MODALITIES, MODEL_KINDS, SOLD_BY } from './catalogue/model.js';

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

/** Every model of a gateway. A model is priced, held for and charged under its id, whichever of its names was asked for. */
export class Catalogue {
  readonly #byName: ReadonlyMap<string, Model>;

  constructor(readonly models: readonly Model[]) {
    // An id is never somebody else's alias: ids come last and so win.
    this.#byName = new Map([
      ...models.flatMap((model) => (model.aliases ?? []).map((alias) => [alias, model] as const)),
      ...models.map((model) => [model.id, model] as const),
    ]);
  }

  /** The shipped models and an operator's own. Theirs win: one takes the place of a shipped model of its id, and its names are no other's alias. */
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

  /** The prices to publish at an instant (ms since the epoch) where there are none: each model at its maker's list price, which is also what it costs us. */
  startingPriceList(atMs: number): ModelPrices[] {
    return this.models.map(({ id, prices: { bands, later } }) => ({
      model: id,
      bands: later !== undefined && Date.parse(later.from) <= atMs ? later.bands : bands,
    }));
  }
}

/** What ships. */
export const SHIPPED = new Catalogue(MODELS);

/** The shipped model of that exact id or alias; undefined when there is none. */
export const findModel = (name: string): Model | undefined => SHIPPED.find(name);

/** The prices that a gateway without models of its own publishes at its first start. */
export const startingPriceList = (atMs = Date.now()): ModelPrices[] => SHIPPED.startingPriceList(atMs);

/** Every name of a model, its id first. */
export const namesOf = ({ id, aliases = [] }: Model): readonly string[] => [id, ...aliases];

/** Whether a model's maker has withdrawn it at an instant (ms since the epoch): from its date on, also if listed as retiring. */
export const isRetired = ({ lifecycle }: Model, atMs: number): boolean =>
  lifecycle.status !== 'live' && Date.parse(lifecycle.on) <= atMs;
