import type { JsonObject } from '../../../kernel/index.js';
import type { Model } from '../../../pricing/index.js';
import type { Demand } from '../../billing/demand.js';
import type { Endpoint, Exchange, ModelCall } from '../../call/endpoint.js';
import type { Route } from '../../providers/channels.js';
import { type ClientFormat, completionsClient } from '../../wire/index.js';
import { parseBody, sizeOf } from '../body/request-body.js';
import { chatExchange, forClientOf } from './chat-exchange.js';
import { fitted } from './fitted.js';
import { apiFor } from './openai-api.js';
import {
  type ChatRequest,
  chatRequestOf,
  promptBound,
  readChatRequest,
  refuseOtherModalities,
  ruledOut,
  thinksBesideCap,
  upstreamBody,
} from './chat-request.js';

/** `POST /v1/chat/completions`. */
export const CHAT: Endpoint = {
  read: (body) => new ChatCall(readChatRequest(body)),
};

/** A request of another API that is translated to a chat completion; `bytes` is its size. @throws Untranslatable */
export const chatCallIn = (format: ClientFormat, body: JsonObject, bytes: number): ModelCall =>
  new ChatCall({ ...chatRequestOf(format.request(body), bytes), includeUsage: true }, { format, body });

const chatInFormat = (format: ClientFormat, example: string): Endpoint => ({
  read: (raw) => {
    const body = parseBody(raw, example);
    return chatCallIn(format, body, sizeOf(raw, body));
  },
});

/** `POST /v1/completions`. */
export const COMPLETIONS = chatInFormat(completionsClient, '"model" and "prompt"');

class ChatCall implements ModelCall {
  readonly kind = 'chat';

  constructor(
    private readonly request: ChatRequest,
    private readonly client?: { readonly format: ClientFormat; readonly body: JsonObject },
  ) {}

  get model(): string {
    return this.request.model;
  }

  get stream(): boolean {
    return this.request.stream;
  }

  demand(model: Model): Demand {
    const { thinkingTokens } = this.request;
    const choices = this.request.choices * (thinksBesideCap(this.request, model) ? 2 : 1);
    refuseOtherModalities(this.request, model);
    const maxTokens = this.#given(this.request.maxTokens, model);
    const input = { promptTokens: promptBound(this.request, model), without: ruledOut(this.request) };
    return { input, maxTokens, thinkingTokens, choices, capField: 'max_tokens' };
  }

  exchange(model: Model, { channel, upstreamModel }: Route): Exchange {
    const { stream, includeUsage, body: chat } = this.request;
    const maxTokens = this.#given(this.request.maxTokens, model);
    const isTranslated = this.client !== undefined;
    const api = apiFor(model, channel, { chat, cap: maxTokens, isTranslated });
    const request = (cap: number | undefined) => {
      const body = upstreamBody({ ...this.request, maxTokens }, model, this.#given(cap, model));
      return { ...(api === 'openai' ? fitted(body, model, channel, isTranslated) : body), model: upstreamModel };
    };
    const exchange = chatExchange(api, { upstreamModel, stream, includeUsage, maxTokens, request });
    return this.client === undefined ? exchange : forClientOf(this.client.format, this.client.body, exchange);
  }

  /**
   * Clients of other APIs set caps for their own maker's models. OpenAI answers 400 to a cap above the model's limit:
   * https://platform.openai.com/docs/api-reference/chat/create
   */
  #given(cap: number | undefined, { maxOutputTokens }: Model): number | undefined {
    return this.client === undefined || cap === undefined ? cap : Math.min(cap, maxOutputTokens);
  }
}
