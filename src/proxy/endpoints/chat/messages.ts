import type { Model } from '../../../pricing/index.js';
import type { Demand } from '../../billing/demand.js';
import type { Endpoint, Exchange, ModelCall } from '../../call/endpoint.js';
import type { Route } from '../../providers/channels.js';
import { jsonRequest } from '../../providers/upstream.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { MessagesMeter } from '../../relay/messages-meter.js';
import {
  anthropicClient,
  anthropicUpstream,
  isUnbilledAnswer,
  type MessagesRequest,
  PDF_PAGE_TEXT_TOKENS,
  readMessagesRequest,
  Untranslatable,
  withoutAttribution,
  withoutSearching,
  withoutToolSearch,
  withTwoRoles,
} from '../../wire/index.js';
import { parseBody, sizeOf, thinkingTokensOf } from '../body/request-body.js';
import { chatCallIn } from './chat.js';

/** `POST /v1/messages`, Anthropic's own API: passed on untouched to channels that speak it, translated for the others. */
export const MESSAGES: Endpoint = {
  read: (raw, headers) => {
    const received = parseBody(raw, '"model", "max_tokens" and "messages"');
    const bytes = sizeOf(raw, received);
    const { fallbacks, ...others } = received;
    const body = fallbacks === USUAL_FALLBACKS ? others : received;
    return new MessagesCall(readMessagesRequest(body, bytes), {
      headers: betasOf(headers['anthropic-beta']),
      leftOut: body === received ? [] : ['fallbacks'],
      asChat: () => chatCallIn(anthropicClient, withoutToolSearch(body), bytes),
    });
  },
};

/**
 * Many programs ask for it whatever they call, so that another model of Anthropic's choice answers what the first one refuses. That has a price of its
 * own, so such a request goes without, and a refusal is one. https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback
 */
const USUAL_FALLBACKS = 'default';

interface MessagesOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly leftOut: readonly string[];
  readonly asChat: () => ModelCall;
}

class MessagesCall implements ModelCall {
  readonly kind = 'chat';

  constructor(
    private readonly request: MessagesRequest,
    private readonly options: MessagesOptions,
  ) {}

  get model(): string {
    return this.request.model;
  }

  get stream(): boolean {
    return this.request.stream;
  }

  demand(model: Model): Demand {
    const { maxTokens, body } = this.request;
    const rounds = model.maker === 'anthropic' ? this.request.rounds : withoutSearching(this.request.rounds);
    if (rounds.most > 1 && model.prices.bands.length > 1)
      throw new Untranslatable(
        `"tools" of the provider can’t be used with ${model.id}: its price depends on the size of each prompt, and their usage is reported as a sum.`,
        'tools',
      );
    return {
      input: inputOf({ ...this.request, rounds }, model),
      maxTokens,
      thinkingTokens: thinkingTokensOf(body),
      choices: rounds.most,
      capField: 'max_tokens',
    };
  }

  exchange(model: Model, route: Route): Exchange {
    const { headers, leftOut, asChat } = this.options;
    const isNative = route.channel.format === 'anthropic';
    if (isNative && model.maker === 'anthropic')
      return { ...passedOn(this.request, headers, route.upstreamModel), leftOut };
    const body = withoutToolSearch(this.request.body);
    const told = { leftOut: body === this.request.body ? leftOut : [...leftOut, 'tool_search'] };
    if (!isNative) return { ...asChat().exchange(model, route), ...told };
    const request = { ...this.request, body: withTwoRoles(withoutAttribution(body)) };
    return { ...passedOn(request, headers, route.upstreamModel), ...told };
  }
}

function inputOf(request: MessagesRequest, model: Model): Demand['input'] {
  const { rounds, cacheWrites } = request;
  return {
    promptTokens: promptBound(request, model),
    without: [
      'inputAudio',
      // Anthropic caches between rounds even if not asked to.
      ...(cacheWrites === 'none' && rounds.most === 1 ? (['cacheWrite'] as const) : []),
      ...(cacheWrites === '1h' ? [] : (['cacheWrite1h'] as const)),
    ],
  };
}

/** The most prompt tokens that a request can have: those of each round, which may read everything that earlier rounds wrote and found. */
function promptBound(request: MessagesRequest, { imageTokens, contextWindow }: Model): number {
  const { textBytes, overheadTokens, images, pdfPages, unbounded, rounds, maxTokens } = request;
  const media = images * imageTokens + pdfPages * (imageTokens + PDF_PAGE_TEXT_TOKENS);
  const first = unbounded || (images > 0 && imageTokens === 0) ? Infinity : textBytes + overheadTokens + media;
  if (rounds.most === 1) return Math.min(contextWindow, first);
  const further = rounds.most - 1;
  const last = Math.min(contextWindow, first + further * (maxTokens + rounds.foundTokens));
  return Math.min(contextWindow, first) + further * last;
}

/** A larger context window has a higher price, which the price list does not have. */
const UNPRICED_BETA = /^context-1m-/;

/** Anthropic's beta features that the client asks for, without those that have no price here. */
export function betasOf(header: string | string[] | undefined): Record<string, string> {
  const requested = [header ?? []].flat().join(',').split(',');
  const betas = requested.map((beta) => beta.trim()).filter((beta) => beta !== '' && !UNPRICED_BETA.test(beta));
  return betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') };
}

const passedOn = (
  { body, stream, maxTokens }: MessagesRequest,
  headers: Readonly<Record<string, string>>,
  upstreamModel: string,
): Exchange => ({
  send: (cap = maxTokens) => ({
    ...jsonRequest('/messages', stream, { ...body, model: upstreamModel, max_tokens: cap }),
    headers,
  }),
  read: (bytes) =>
    readJsonAnswer(bytes, (message) => ({
      usage: message['usage'] ?? undefined,
      ...(isUnbilledAnswer(message) && { unbilled: true }),
    })),
  meter: () => new MessagesMeter(),
  readUsage: (raw) => anthropicUpstream.readUsage(raw),
});
