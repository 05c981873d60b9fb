// Channels: where a model's requests go. Chosen by configuration, tried in order; among channels of the same order, by weight.
import { createHash } from 'node:crypto';
import { type Catalogue, isRetired, type Model, SHIPPED } from '../../pricing/index.js';
import type { OnDisconnect } from './provider-behaviour.js';

/** OpenAI's, which most providers speak, or the maker's own. */
export type ChannelFormat = 'openai' | 'anthropic' | 'gemini';

export interface Channel {
  readonly name: string;
  /** Without a trailing slash. `/chat/completions`, or the path of its format, is appended. */
  readonly baseUrl: string;
  /** The wire format it speaks. */
  readonly format: ChannelFormat;
  readonly apiKey: string;
  /** The models it serves: our name → its own name. */
  readonly models: Readonly<Record<string, string>>;
  /** Serves every model of these makers under its own name. */
  readonly makers: readonly string[];
  /** Lower is tried first. */
  readonly order: number;
  /** Its share among channels of the same order. */
  readonly weight: number;
  /** The models that its `/responses` answers, by our names; `true` for all. Others are sent to it as chat completions. */
  readonly responses?: boolean | readonly string[];
  /** Whether it still answers for models their vendor has retired. */
  readonly servesRetired: boolean;
  /** What it does when a stream is left; undefined where its host decides (`provider-behaviour.ts`). */
  readonly onDisconnect?: OnDisconnect | undefined;
  /** Response headers that say who answers, such as a sandbox. */
  readonly responseHeaders: Readonly<Record<string, string>>;
}

export interface Route {
  readonly channel: Channel;
  readonly upstreamModel: string;
}

/** The response headers that say who answers. */
export const answererOf = ({ channel }: Route): Record<string, string> => ({
  ...channel.responseHeaders,
  'x-tokenhub-provider': channel.name,
});

/** Says that a sandbox made up the answer. */
export const SANDBOX_HEADER = 'x-tokenhub-sandbox';

/** Whether the provider takes OpenAI's Responses API for the model, so that it need not be translated. */
export const hasResponses = ({ responses = false }: Pick<Channel, 'responses'>, model: string): boolean =>
  typeof responses === 'boolean' ? responses : responses.includes(model);

/** Serves every model of the catalogue. */
export const ANY_MAKER = '*';

/** The channels of this gateway. */
export class Channels {
  constructor(
    readonly all: readonly Channel[],
    private readonly catalogue: Catalogue = SHIPPED,
  ) {}

  /**
   * The routes of a model, by any of its names, in the order to try them; empty when no channel serves it. Among channels of the same order
   * each account has a favourite, so that it finds its own prompts in the provider's cache (weighted rendezvous hashing).
   */
  routes(name: string, accountId: string, atMs: number): Route[] {
    const model = this.catalogue.find(name);
    if (model === undefined) return [];
    const routes: Route[] = [];
    for (const channel of this.all) {
      const upstreamModel = upstreamName(channel, model, name, atMs);
      if (upstreamModel !== undefined) routes.push({ channel, upstreamModel });
    }
    return routes.length < 2 ? routes : inOrder(routes, accountId);
  }

  /** The models that a channel serves, each by its id. */
  routesOf(channel: Channel, atMs: number): (Route & { readonly model: Model })[] {
    return this.catalogue.models.flatMap((model) => {
      const upstreamModel = upstreamName(channel, model, model.id, atMs);
      return upstreamModel === undefined ? [] : [{ model, channel, upstreamModel }];
    });
  }

  serves(name: string, atMs: number): boolean {
    const model = this.catalogue.find(name);
    return model !== undefined && this.all.some((channel) => upstreamName(channel, model, name, atMs) !== undefined);
  }
}

function inOrder(routes: readonly Route[], accountId: string): Route[] {
  const draws = new Map(
    routes.map(({ channel }) => [channel, uniform(accountId, channel.name) ** (1 / channel.weight)]),
  );
  const drawOf = ({ channel }: Route) => draws.get(channel) ?? 0;
  return routes.toSorted((a, b) => a.channel.order - b.channel.order || drawOf(b) - drawOf(a));
}

/** A number between 0 and 1 that is always the same for these two, and spread evenly over others. */
const uniform = (accountId: string, channel: string): number =>
  (createHash('sha256').update(`${accountId} ${channel}`).digest().readUInt32BE() + 0.5) / 2 ** 32;

/**
 * A channel's own name of a model that was requested by `name`: what the channel maps that name or the model to, or the name itself if it
 * serves the maker. A request for the model may go to any snapshot that the channel names; a request for a snapshot goes to no other one.
 */
function upstreamName(channel: Channel, model: Model, name: string, atMs: number): string | undefined {
  const { models } = channel;
  if (Object.hasOwn(models, name)) return models[name];
  if (Object.hasOwn(models, model.id)) return models[model.id];
  const isOffered = !isRetired(model, atMs) || channel.servesRetired;
  if (isOffered && (channel.makers.includes(model.maker) || channel.makers.includes(ANY_MAKER))) return name;
  const snapshot = name === model.id ? model.aliases?.find((alias) => Object.hasOwn(models, alias)) : undefined;
  return snapshot === undefined ? undefined : models[snapshot];
}
