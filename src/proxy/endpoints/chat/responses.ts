import type { JsonObject } from '../../../kernel/index.js';
import { type Model, normaliseResponses } from '../../../pricing/index.js';
import type { Demand } from '../../billing/demand.js';
import type { Endpoint, Exchange, ModelCall } from '../../call/endpoint.js';
import { hasResponses, type Route } from '../../providers/channels.js';
import { jsonRequest } from '../../providers/upstream.js';
import { readJsonAnswer } from '../../relay/answer.js';
import { ResponsesMeter } from '../../relay/responses-meter.js';
import { readResponsesRequest, responsesClient, type ResponsesRequest, withOwnThoughts } from '../../wire/index.js';
import { mediaOf } from '../body/media.js';
import { parseBody, sizeOf } from '../body/request-body.js';
import { promptBound, ruledOut } from './chat-request.js';
import { chatCallIn } from './chat.js';
import { withoutRefused } from './fitted.js';
import { isOnlyResponse, LEAST_CAP } from './openai-api.js';

/** `POST /v1/responses`: passed on to channels that have it, translated for the others. */
export const RESPONSES: Endpoint = {
  read: (raw) => {
    const received = parseBody(raw, '"model" and "input"');
    const bytes = sizeOf(raw, received);
    const request = readResponsesRequest(received);
    return new ResponsesCall(request, received['store'] !== false, bytes);
  },
};

class ResponsesCall implements ModelCall {
  readonly kind = 'chat';

  constructor(
    private readonly request: ResponsesRequest,
    /** Whether the client relies on the provider to store its reasoning. */
    private readonly reliesOnStore: boolean,
    private readonly bytes: number,
  ) {}

  get model(): string {
    return this.request.model;
  }

  get stream(): boolean {
    return this.request.stream;
  }

  demand(model: Model): Demand {
    const { body, parts, tools, overheadTokens, maxTokens } = this.request;
    const media = mediaOf(NOTHING, [{ role: 'user', content: parts }]);
    const textBytes = Math.max(0, this.bytes - media.bytes) + overheadTokens;
    const input = {
      promptTokens: promptBound({ textBytes, media, tools }, model),
      without: ruledOut({ media, body }),
    };
    return { input, maxTokens, choices: 1, capField: 'max_output_tokens' };
  }

  exchange(model: Model, route: Route): Exchange {
    const { body, leftOut, searched, maxTokens = LEAST_CAP } = this.request;
    const isResponse = maxTokens >= LEAST_CAP || isOnlyResponse(model, body);
    if (hasResponses(route.channel, model.id) && isResponse) {
      const own = withOwnThoughts(body, model.maker === 'openai');
      const request = { ...this.request, body: withoutRefused(own, model, route.channel) };
      return { ...passedOn(request, this.reliesOnStore && thinks(model), route.upstreamModel), leftOut };
    }
    const exchange = chatCallIn(responsesClient, body, this.bytes).exchange(model, route);
    return { ...exchange, leftOut: [...leftOut, ...(searched ? ['tool_search'] : [])] };
  }
}

/** The body has no other media: its unknown fields were checked already. */
const NOTHING: JsonObject = {};

/**
 * OpenAI's reasoning models read their cap from the newer field, as do those for audio, and GPT-5 Chat, which don't reason
 * (https://github.com/vercel/ai, packages/openai, `isReasoningModel`).
 */
const thinks = ({ maker, id, output, tokenLimitField }: Model): boolean =>
  maker === 'openai' &&
  tokenLimitField === 'max_completion_tokens' &&
  !output.includes('audio') &&
  !id.startsWith('gpt-5-chat');

const ENCRYPTED = 'reasoning.encrypted_content';

/**
 * Nothing is stored, since what a provider stores belongs to the account behind this gateway. A client that relies on it gets the encrypted
 * reasoning to send back. Models that don't reason refuse a request for it.
 */
function passedOn({ body, stream, maxTokens }: ResponsesRequest, withThoughts: boolean, model: string): Exchange {
  const requested = body['include'];
  const include = Array.isArray(requested) ? (requested as readonly string[]) : [];
  const more = withThoughts && !include.includes(ENCRYPTED) ? { include: [...include, ENCRYPTED] } : {};
  const sent = (cap = maxTokens): JsonObject => ({
    ...body,
    ...more,
    model,
    store: false,
    ...(cap !== undefined && { max_output_tokens: cap }),
  });
  return {
    send: (cap) => jsonRequest('/responses', stream, sent(cap)),
    read: (bytes) => readJsonAnswer(bytes, ({ usage }) => ({ usage: usage ?? undefined })),
    meter: () => new ResponsesMeter(),
    readUsage: normaliseResponses,
  };
}
