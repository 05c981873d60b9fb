// How a chat completion is put to a provider: passed on as it is to those that speak OpenAI's format, translated for the others; and how
// its answer reaches a client of another API.
import { type JsonObject, type JsonValue, withDoubles } from '../../../kernel/index.js';
import type { Exchange } from '../../call/endpoint.js';
import type { ChannelFormat } from '../../providers/channels.js';
import { jsonRequest } from '../../providers/upstream.js';
import { type Answer, readJsonAnswer, translateJsonAnswer, usageOfAnswer } from '../../relay/answer.js';
import { ChatMeter } from '../../relay/chat-meter.js';
import { ChunkDelivery } from '../../relay/delivery.js';
import type { Meter } from '../../relay/meter.js';
import { dataFrame, DONE_FRAME, frameData, frames, jsonObject } from '../../relay/sse.js';
import {
  anthropicUpstream,
  type ClientFormat,
  type ClientFormatStream,
  gemini,
  generatePath,
  normaliseUsage,
  type UpstreamFormat,
  type UpstreamStream,
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

const TRANSLATIONS: Readonly<Record<Exclude<ChannelFormat, 'openai'>, Translation>> = {
  anthropic: { format: anthropicUpstream, path: () => '/messages' },
  gemini: { format: gemini, path: generatePath },
};

/** @throws Untranslatable when that format has no equivalent of the request. */
export function chatExchange(format: ChannelFormat, chat: Chat): Exchange {
  return format === 'openai' ? passedOn(chat) : translated(TRANSLATIONS[format], chat);
}

const passedOn = (chat: Chat): Exchange => ({
  send: (cap) => jsonRequest('/chat/completions', chat.stream, chat.request(cap)),
  read: (bytes) => readJsonAnswer(bytes, (answer) => ({ usage: usageOfAnswer(answer) })),
  meter: () => new ChatMeter(chat.includeUsage),
  readUsage: normaliseUsage,
});

function translated({ format, path }: Translation, chat: Chat): Exchange {
  const { upstreamModel, stream, includeUsage } = chat;
  // Refused now, before a hold is placed, if it ever is. This is what is sent where the client's own cap stands.
  const asked = chat.request(chat.maxTokens ?? 1);
  const request = format.request(asked);
  const oneCall = asked['parallel_tool_calls'] === false;
  return {
    send: (cap) =>
      jsonRequest(path(upstreamModel, stream), stream, cap === undefined ? request : format.request(chat.request(cap))),
    read: (bytes, context) =>
      translateJsonAnswer(bytes, (answer) => {
        const { body, usage } = format.answer(answer, { ...context, oneCall });
        return { usage, bytes: Buffer.from(JSON.stringify(body)) };
      }),
    meter: (context) => new TranslatingMeter(format.stream({ ...context, oneCall }, { includeUsage })),
    readUsage: (raw) => format.readUsage(raw),
  };
}

/** What frames come to in another format; `heard` is told of each what it came to. */
function pushed(stream: UpstreamStream | ClientFormatStream, bytes: Buffer, heard?: (come: string) => void): Buffer {
  let passed = '';
  for (const frame of frames(bytes)) {
    const data = frameData(frame);
    if (data === undefined) continue;
    const come = stream.push(data);
    heard?.(come);
    passed += come;
  }
  return Buffer.from(passed);
}

/** Turns a provider's stream into chat completion chunks. */
class TranslatingMeter implements Meter {
  readonly delivery = new ChunkDelivery();
  #told: JsonValue | undefined;

  constructor(private readonly stream: UpstreamStream) {}

  get usage() {
    return this.stream.usage && withDoubles(this.stream.usage);
  }

  get error() {
    return this.stream.error;
  }

  get done() {
    return this.stream.hasEndMark && this.stream.done;
  }

  get mayBeOver() {
    return this.stream.done;
  }

  listen(bytes: Buffer): Buffer {
    return pushed(this.stream, bytes, (chunks) => this.#heard(chunks));
  }

  #heard(chunks: string): void {
    for (const frame of frames(Buffer.from(chunks))) this.delivery.hear(jsonObject(frameData(frame) ?? '') ?? {});
    if (this.#told !== this.stream.usage) this.delivery.counted();
    this.#told = this.stream.usage;
  }

  endsWhole(): boolean {
    return this.stream.done;
  }

  end(): Buffer {
    return DONE_FRAME;
  }

  fail(error: JsonObject): Buffer {
    return dataFrame(error);
  }
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
  return translateJsonAnswer(answer.bytes, (chat) => ({
    usage: answer.usage,
    bytes: Buffer.from(JSON.stringify(translate(chat))),
  }));
}

/** Turns chat completion chunks into the stream of another API. */
class ClientFormatMeter implements Meter {
  constructor(
    private readonly chunks: Meter,
    private readonly stream: ClientFormatStream,
  ) {}

  get usage() {
    return this.chunks.usage;
  }

  get delivery() {
    return this.chunks.delivery;
  }

  get error() {
    return this.chunks.error;
  }

  get done() {
    return this.chunks.done;
  }

  get mayBeOver() {
    return this.chunks.mayBeOver ?? false;
  }

  listen(bytes: Buffer): Buffer {
    return pushed(this.stream, this.chunks.listen(bytes));
  }

  endsWhole(rest: Buffer): boolean {
    return this.chunks.endsWhole(rest);
  }

  end(): Buffer {
    return Buffer.from(this.stream.end());
  }

  fail(error: JsonObject): Buffer {
    return Buffer.from(this.stream.fail(error));
  }
}
