import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/index.js';
import { type KeySettings, modelRefusal } from '../../ledger/index.js';
import { modelNotFound } from '../../platform/http/index.js';
import { Catalogue, isPriced, isRetired, type Model, type ModelKind, namesOf, PriceBook } from '../../pricing/index.js';
import { Channels } from '../providers/channels.js';
import { modelObject } from './model-object.js';
import { nearNames } from './near-names.js';

/** The endpoint for each kind of model. */
const ENDPOINTS: Readonly<Record<ModelKind, string>> = {
  chat: '/v1/chat/completions',
  embedding: '/v1/embeddings',
  image: '/v1/images/generations',
  transcription: '/v1/audio/transcriptions',
  speech: '/v1/audio/speech',
  moderation: '/v1/moderations',
  rerank: '/v1/rerank',
};

/** `"a", "b" or "c"`; empty for none. */
const orOf = (names: readonly string[]): string =>
  names
    .map((name) => JSON.stringify(name))
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');

/** The models that can be called here now: known, priced, and served by a channel. */
@Injectable()
export class ModelDirectory {
  constructor(
    private readonly catalogue: Catalogue,
    private readonly channels: Channels,
    private readonly priceBook: PriceBook,
    private readonly clock: Clock,
  ) {}

  /**
   * The model of an id or alias, for a key with these settings.
   * @throws ApiError 404 that names the successor of a retired model, the endpoint for a model of another kind, or what may have been meant.
   */
  require(name: string, settings: KeySettings, kind?: ModelKind): Model {
    const model = this.catalogue.find(name);
    const now = this.clock.now();
    if (model === undefined) {
      const meant = orOf(nearNames(name, this.#names(settings, kind)));
      throw modelNotFound(
        `The model "${name}" does not exist.${meant && ` Did you mean ${meant}?`} GET /v1/models lists those that can be called.`,
      );
    }
    if (kind !== undefined && model.kind !== kind)
      throw modelNotFound(`The model "${name}" does not answer here. Use POST ${ENDPOINTS[model.kind]} for it.`);
    if (this.#isServed(model, name, now)) return model;
    if (isRetired(model, now) && model.lifecycle.status !== 'live') {
      const { on, successor } = model.lifecycle;
      const instead = successor === undefined ? 'It has no successor here.' : `Use "${successor}" instead.`;
      throw modelNotFound(`The model "${name}" was retired by its maker on ${on}. ${instead}`);
    }
    throw modelNotFound(`The model "${name}" is not available on this gateway. GET /v1/models lists those that are.`);
  }

  /** The models that a key with these settings can call; without settings, all that can be called. */
  list(settings?: KeySettings): Model[] {
    const now = this.clock.now();
    return this.catalogue.models.filter(
      (model) => this.#isServed(model, model.id, now) && modelRefusal(settings, model) === undefined,
    );
  }

  /** The object that clients get for a model under one of its names, with today's prices. @throws ApiError 404 when it has no price. */
  show(model: Model, name = model.id): object {
    const now = this.clock.now();
    const prices = this.priceBook.inForce(now);
    if (prices === undefined) throw modelNotFound(`The model "${model.id}" has no price here, so it can’t be called.`);
    return modelObject(model, { name, prices, atMs: now });
  }

  /** All names of the models that a key can call, of one kind or of all. */
  #names(settings: KeySettings, kind: ModelKind | undefined): readonly string[] {
    const now = this.clock.now();
    return this.list(settings)
      .filter((model) => kind === undefined || model.kind === kind)
      .flatMap((model) => namesOf(model).filter((name) => this.#isServed(model, name, now)));
  }

  #isServed({ id }: Model, name: string, now: number): boolean {
    const prices = this.priceBook.inForce(now);
    return prices !== undefined && isPriced(prices, id) && this.channels.serves(name, now);
  }
}
