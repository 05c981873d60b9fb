// Chat completions: OpenAI's format, passed on untouched to providers that speak it.
import type { Model } from '../../pricing/index.js';
import type { Call, Demand, Endpoint, Exchange } from '../call.js';
import type { Route } from '../channels.js';
import { type ChatRequest, promptBound, readChatRequest, ruledOut, upstreamBody } from '../chat-request.js';
import { readJsonAnswer } from '../json-answer.js';
import { JSON_TO_JSON, JSON_TO_STREAM } from './json-call.js';
import { StreamMeter, usageOfAnswer } from '../meter.js';
import { normaliseUsage } from '../usage.js';

export const CHAT: Endpoint = {
  read: (body) => new ChatCall(readChatRequest(body)),
};

class ChatCall implements Call {
  readonly kind = 'chat';

  constructor(private readonly request: ChatRequest) {}

  get model(): string {
    return this.request.model;
  }

  get stream(): boolean {
    return this.request.stream;
  }

  demand(model: Model): Demand {
    const { maxTokens, choices, media } = this.request;
    const input = { promptTokens: promptBound(this.request, model), without: ruledOut(media) };
    return { input, maxTokens, choices, capField: 'max_tokens' };
  }

  exchange(model: Model, { upstreamModel }: Route): Exchange {
    return {
      send: (cap) => ({
        path: '/chat/completions',
        ...(this.request.stream ? JSON_TO_STREAM : JSON_TO_JSON),
        body: JSON.stringify({ ...upstreamBody(this.request, model, cap), model: upstreamModel }),
      }),
      read: (bytes) => readJsonAnswer(bytes, (answer) => ({ usage: usageOfAnswer(answer) })),
      meter: () => new StreamMeter(this.request.includeUsage),
      readUsage: normaliseUsage,
    };
  }
}
