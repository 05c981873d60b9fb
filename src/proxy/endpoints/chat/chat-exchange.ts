// How a chat completion is put to a provider: as it is to one that speaks OpenAI's format, translated for the others. And how the answer
// reaches a client of another API.
import { normaliseUsage } from '../../../pricing/index.js';
import type { JsonObject } from '../../../kernel/index.js';
import type { Exchange } from '../../call/endpoint.js';
import type { ChannelFormat } from '../../providers/channels.js';
import { jsonRequest, NoAnswer } from '../../providers/upstream.js';
import { type Answer, readJsonAnswer, translateJsonAnswer } from '../../relay/answer.js';
import { ChatMeter } from '../../relay/chat-meter.js';
import { ClientFormatMeter, UpstreamFormatMeter } from '../../relay/translating-meters.js';
import {
  anthropicUpstream,
  type ClientFormat,
  gemini,
  generatePath,
  responsesUpstream,
  type UpstreamFormat,
  usageOfAnswer,
} from '../../wire/index.js';

/** A chat completion on its way to a provider. */
export interface Chat {
  readonly upstreamModel: string;
  readonly stream: boolean;
  /** Whether the usage chunk of a stream passes on. */
  readonly includeUsage: boolean;
  /** The body with a cap on completion tokens set, ours or else the client's, and the provider's name of the model. */
  request(cap: number | undefined): JsonObject;
  /** The client's own cap on completion tokens. */
  readonly maxTokens: number | undefined;
}

interface Translation {
  readonly format: UpstreamFormat;
  readonly path: (model: string, stream: boolean) => string;
}

/** The API of a provider that a chat is put to: that of the channel's format, or OpenAI's other one. */
export type UpstreamApi = ChannelFormat | 'responses';

const TRANSLATIONS: Readonly<Record<Exclude<UpstreamApi, 'openai'>, Translation>> = {
  anthropic: { format: anthropicUpstream, path: () => '/messages' },
  gemini: { format: gemini, path: generatePath },
  responses: { format: responsesUpstream, path: () => '/responses' },
};

/** @throws Untranslatable when that API has no equivalent of the request. */
export function chatExchange(api: UpstreamApi, chat: Chat): Exchange {
  return api === 'openai' ? passedOn(chat) : translated(TRANSLATIONS[api], chat);
}

const passedOn = (chat: Chat): Exchange => ({
  send: (cap) => jsonRequest('/chat/completions', chat.stream, chat.request(cap)),
  read: (bytes) =>
    readJsonAnswer(bytes, (answer) => {
      if (!Array.isArray(answer['choices'])) throw new NoAnswer('the answer has no choices');
      return { usage: usageOfAnswer(answer) };
    }),
  meter: () => new ChatMeter(chat.includeUsage),
  readUsage: normaliseUsage,
});

function translated({ format, path }: Translation, chat: Chat): Exchange {
  const { upstreamModel, stream, includeUsage } = chat;
  // Translated now, so that a refusal comes before a hold is placed. This is what is sent where the client's own cap stands.
  const requested = chat.request(chat.maxTokens ?? 1);
  const request = format.request(requested);
  const asked = { oneCall: requested['parallel_tool_calls'] === false, names: format.names?.(requested) };
  return {
    send: (cap) => {
      const body = cap === undefined ? request : format.request(chat.request(cap));
      return { ...jsonRequest(path(upstreamModel, stream), stream, body), headers: format.headers?.(body) ?? {} };
    },
    read: (bytes, context) =>
      translateJsonAnswer(bytes, (answer) => {
        const { body, ...parts } = format.answer(answer, { ...context, ...asked });
        return { ...parts, bytes: Buffer.from(JSON.stringify(body)) };
      }),
    meter: (context) => new UpstreamFormatMeter(format.stream({ ...context, ...asked }, { includeUsage })),
    readUsage: (raw) => format.readUsage(raw),
  };
}

/** The same exchange for a client of another API. */
export const forClientOf = (format: ClientFormat, request: JsonObject, exchange: Exchange): Exchange => ({
  send: (cap) => exchange.send(cap),
  read: (bytes, context) => inFormat(exchange.read(bytes, context), (chat) => format.answer(chat, request)),
  meter: (context) => new ClientFormatMeter(exchange.meter(context), format.stream(context, request)),
  readUsage: (raw) => exchange.readUsage(raw),
});

function inFormat(answer: Answer, translate: (chat: JsonObject) => JsonObject): Answer {
  if (answer.failure !== undefined) return answer;
  const { usage, unbilled } = answer;
  return translateJsonAnswer(answer.bytes, (chat) => ({
    usage,
    ...(unbilled !== undefined && { unbilled }),
    bytes: Buffer.from(JSON.stringify(translate(chat))),
  }));
}
