import { Injectable } from '@nestjs/common';
import { Clock, refuse } from '../kernel/index.js';
import type { KeySettings } from '../ledger/index.js';
import { findModel, isPriced, isRetired, type Model, MODELS, PriceBook } from '../pricing/index.js';
import { errorOf, modelNotFound } from './api-error.js';
import { Channels } from './channels.js';

/** The models that can be called here now: known, priced, and served by a channel. */
@Injectable()
export class ModelDirectory {
  constructor(
    private readonly channels: Channels,
    private readonly priceBook: PriceBook,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 404 that names the successor of a retired model, or 403 for one the key may not call. */
  require(id: string, settings: KeySettings): Model {
    const model = findModel(id);
    const now = this.clock.now();
    if (model === undefined) {
      throw modelNotFound(`The model "${id}" does not exist. GET /v1/models lists those that can be called.`);
    }
    if (settings.allowedModels !== undefined && !settings.allowedModels.includes(id)) {
      const message = `This API key may not call "${id}". It may call: ${settings.allowedModels.join(', ') || 'no model'}.`;
      throw errorOf(refuse('model_not_allowed', message));
    }
    if (this.#isServed(model, now)) return model;
    if (isRetired(model, now) && model.lifecycle.status !== 'live') {
      const { on, successor } = model.lifecycle;
      throw modelNotFound(`The model "${id}" was retired by its maker on ${on}. Use "${successor}" instead.`);
    }
    throw modelNotFound(`The model "${id}" is not available on this gateway. GET /v1/models lists those that are.`);
  }

  /** The same for a chat completion. @throws ApiError 404 also for a model that does not chat. */
  requireChat(id: string, settings: KeySettings): Model {
    const model = this.require(id, settings);
    if (model.output.includes('text')) return model;
    throw modelNotFound(`The model "${id}" does not answer chat completions.`);
  }

  list(settings: KeySettings): Model[] {
    const now = this.clock.now();
    const allowed = settings.allowedModels;
    return MODELS.filter(
      (model) => this.#isServed(model, now) && (allowed === undefined || allowed.includes(model.id)),
    );
  }

  #isServed({ id }: Model, now: number): boolean {
    const prices = this.priceBook.inForce(now);
    return prices !== undefined && isPriced(prices, id) && this.channels.serves(id, now);
  }
}
