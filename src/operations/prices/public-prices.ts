// The price list in force, and the history of a model's prices, as anyone may see them. Kept until the versions or the minute change: many
// readers cost what one does.
import { Injectable } from '@nestjs/common';
import { Clock, formatUsd, fromInstant, usd, ZERO } from '../../kernel/index.js';
import { modelNotFound } from '../../platform/http/index.js';
import {
  Catalogue,
  changesOf,
  inForceAt,
  inForceUntil,
  isRetired,
  largestPrompt,
  type Model,
  type ModelPrices,
  nextAfter,
  percentOf,
  PriceBook,
  type PriceVersion,
  type Rates,
  stateOf,
  WEEKDAYS,
} from '../../pricing/index.js';
import { Channels } from '../../proxy/index.js';
import type * as dto from './public-prices.dto.js';
import { RATES } from './public-prices.dto.js';

const MINUTE_MS = 60_000;
const FREE = formatUsd(ZERO);

const RATE_NAMES = Object.keys(RATES) as (keyof Rates)[];

/** Answers, as of the versions and the minute that the key names. */
interface Kept {
  readonly key: string;
  list?: dto.PublicPriceList | undefined;
  readonly models: Map<string, dto.ModelPriceHistory>;
}

@Injectable()
export class PublicPrices {
  #kept: Kept = { key: '', models: new Map() };

  constructor(
    private readonly priceBook: PriceBook,
    private readonly catalogue: Catalogue,
    private readonly channels: Channels,
    private readonly clock: Clock,
  ) {}

  /** The list in force now; undefined before the first. */
  list(): dto.PublicPriceList | undefined {
    const kept = this.#now();
    kept.list ??= this.#list();
    return kept.list;
  }

  /** A model by any of its names. @throws ApiError 404 for one that is not in the catalogue */
  history(name: string): dto.ModelPriceHistory {
    const model = this.catalogue.find(name);
    if (model === undefined)
      throw modelNotFound(
        `The model "${name.slice(0, 200)}" does not exist. GET /api/prices lists those that have a price.`,
      );
    const { models } = this.#now();
    const kept = models.get(model.id) ?? this.#history(model);
    models.set(model.id, kept);
    return kept;
  }

  #now(): Kept {
    const { versions } = this.priceBook;
    const withdrawn = versions.filter((version) => version.withdrawn !== undefined).length;
    const key = `${versions.length} ${withdrawn} ${Math.floor(this.clock.now() / MINUTE_MS)}`;
    if (this.#kept.key !== key) this.#kept = { key, models: new Map() };
    return this.#kept;
  }

  #list(): dto.PublicPriceList | undefined {
    const now = this.clock.now();
    const { versions } = this.priceBook;
    const version = inForceAt(versions, now);
    if (version === undefined) return undefined;
    const prices = new Map(version.models.map((each) => [each.model, each]));
    const data = this.catalogue.models.flatMap((model) => this.#priced(model, prices.get(model.id)) ?? []);
    return {
      object: 'prices',
      version: version.version,
      effective_from: version.effectiveFrom,
      currency: 'USD',
      next_from: nextAfter(versions, now)?.effectiveFrom ?? null,
      providers: [...new Set(data.map(({ provider }) => provider))],
      data,
    };
  }

  #priced(model: Model, prices: ModelPrices | undefined): dto.PricedModel | undefined {
    if (prices === undefined) return undefined;
    const {
      id,
      name,
      maker,
      kind,
      aliases = [],
      contextWindow,
      maxOutputTokens,
      input,
      output,
      lifecycle,
      released,
    } = model;
    const now = this.clock.now();
    const isOver = isRetired(model, now);
    return {
      object: 'model_price',
      model: id,
      name,
      provider: maker,
      kind,
      aliases,
      available: this.channels.serves(id, now),
      context_window: contextWindow,
      max_output_tokens: maxOutputTokens === 0 ? null : maxOutputTokens,
      input_modalities: input,
      output_modalities: output,
      lifecycle: isOver ? 'retired' : lifecycle.status,
      shutdown_date: lifecycle.status === 'live' ? null : lifecycle.on,
      successor: lifecycle.status === 'live' ? null : (lifecycle.successor ?? null),
      released: released ?? null,
      bands: bandsOf(prices),
    };
  }

  #history(model: Model): dto.ModelPriceHistory {
    const now = this.clock.now();
    const { versions } = this.priceBook;
    const current = inForceAt(versions, now);
    const inTime = versions
      .filter(({ withdrawn }) => withdrawn === undefined)
      .toSorted((a, b) => fromInstant(a.effectiveFrom) - fromInstant(b.effectiveFrom) || a.version - b.version);
    return {
      object: 'model_price_history',
      model: model.id,
      now: this.#priced(model, current && pricesIn(current, model)) ?? null,
      version: current?.version ?? null,
      history: inTime
        .map((version, index) => ({
          version: version.version,
          state: stateOf(versions, version, now),
          effective_from: version.effectiveFrom,
          until: inForceUntil(versions, version) ?? null,
          bands: bandsOf(pricesIn(version, model)),
          changes: index === 0 ? [] : changes(pricesIn(inTime[index - 1], model), pricesIn(version, model)),
        }))
        .toReversed(),
    };
  }
}

const pricesIn = (version: PriceVersion | undefined, { id }: Model): ModelPrices | undefined =>
  version?.models.find(({ model }) => model === id);

/** The customer's side of what changes. */
const changes = (from: ModelPrices | undefined, to: ModelPrices | undefined): dto.PriceStepChange[] =>
  changesOf(from, to)
    .filter(({ of }) => of === 'price')
    .map((change) => {
      const [kind, per] = RATES[change.kind];
      const { prompt, when } = change;
      return { kind, per, prompt, when, from: change.from, to: change.to, percent: percentOf(change) };
    });

function bandsOf(prices: ModelPrices | undefined): dto.PriceBand[] {
  let from = 0;
  return (prices?.bands ?? []).map(({ promptTokens, price, windows = [] }) => {
    const to = promptTokens === undefined ? null : largestPrompt(promptTokens);
    const band = {
      min_prompt_tokens: from,
      max_prompt_tokens: to,
      rates: ratesOf(price),
      windows: windows.map((window) => ({
        days: window.days ?? WEEKDAYS,
        from: window.from,
        to: window.to,
        rates: ratesOf(window.price),
      })),
    };
    from = (to ?? 0) + 1;
    return band;
  });
}

/** Tokens that are free beside pieces that cost are left out: such a model is not sold by the token. */
function ratesOf(rates: Rates): dto.RateShown[] {
  const isByPiece = [rates.perImage, rates.perSecond, rates.perCharacter].some((rate) => rate !== undefined);
  return RATE_NAMES.flatMap((name) => {
    const rate = rates[name];
    if (rate === undefined) return [];
    const [kind, per] = RATES[name];
    const exact = formatUsd(usd(rate));
    return isByPiece && per === 'million_tokens' && exact === FREE ? [] : [{ kind, usd: exact, per }];
  });
}
