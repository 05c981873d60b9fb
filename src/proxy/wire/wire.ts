// Wire formats: how model providers, and the clients of their APIs, put a chat on the wire. OpenAI's chat completion is the hub: every
// other format is translated to and from it, so that each is written once. Pure: no I/O, no clock, no ids of its own.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import type { Usage, UsageFault } from '../../pricing/index.js';
import type { ReportedError } from './reported-error.js';

/** A request that another format has no equivalent for. The message names the field and says what to do. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable';

  constructor(
    message: string,
    /** The field at fault, such as `messages[2].content`. */
    readonly param?: string,
  ) {
    super(message);
  }
}

/** What a chat completion carries that a provider's answer may not. */
export interface AnswerContext {
  /** Such as `chatcmpl-…`. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** The model as the client is told. */
  readonly model: string;
  /** Whether the client wants one call at a time (`parallel_tool_calls: false`); formats that can't ask for it leave out the others. */
  readonly oneCall?: boolean;
}

/** A provider's whole answer as a chat completion. */
export interface TranslatedAnswer {
  readonly body: JsonObject;
  /** The usage block as the provider sent it; undefined when it sent none. */
  readonly usage: JsonValue | undefined;
}

/** A provider's stream on its way to becoming chat completion chunks. */
export interface UpstreamStream {
  /**
   * Takes the data of one server-sent event, in order, and returns what it comes to: whole frames of `data: {chunk}` with their empty
   * line, or nothing. Never `[DONE]`, which is sent once the charge is durable. Data that can't be read changes nothing.
   */
  push(data: string): string;
  /** The provider's usage so far, as it sent it (merged where it comes in several events); undefined until then. */
  readonly usage: JsonValue | undefined;
  /** The error that the provider reported, if it did; nothing more is taken in afterwards. */
  readonly error: ReportedError | undefined;
  /**
   * Whether the provider has said that the answer is whole. A format without an end mark (Gemini) can't say that nothing follows: read on
   * to the end of the body, and ask then. A body that ends without it broke off, whatever usage it has told.
   */
  readonly done: boolean;
  /** Whether `done` is the last word, so that nothing more need be read. */
  readonly hasEndMark: boolean;
}

/** A provider's wire format, seen from chat completions. */
export interface UpstreamFormat {
  /**
   * What is sent for a chat completion, whose cap on completion tokens is always set and whose `model` is the provider's name of it.
   * @throws Untranslatable
   */
  request(chat: JsonObject): JsonObject;
  /** @throws Untranslatable when it is no answer; the message is ours, and quotes nothing of the provider's. */
  answer(body: JsonObject, context: AnswerContext): TranslatedAnswer;
  /**
   * With `includeUsage` a last chunk with empty `choices` and the usage in OpenAI's shape is among the frames; a further one follows in
   * the rare case that the provider corrects its usage after the end.
   */
  stream(context: AnswerContext, options: { readonly includeUsage: boolean }): UpstreamStream;
  /** Brings the provider's usage block into normal form, or says why it can't be billed. */
  readUsage(raw: JsonValue): Usage | UsageFault;
}

/** Chat completion chunks on their way to becoming the stream of another API. */
export interface ClientFormatStream {
  /** Takes the data of one chunk, in order, and returns whole frames for the client, or nothing. */
  push(data: string): string;
  /** The frames that end the stream. They leave once the charge is durable. */
  end(): string;
  /** The frames that break it off, for an error body in OpenAI's shape. */
  fail(error: JsonObject): string;
}

/** An API that clients may call instead of chat completions, seen from it. */
export interface ClientFormat {
  /** The chat completion that a request comes to. @throws Untranslatable */
  request(body: JsonObject): JsonObject;
  /** The answer that a chat completion comes to. */
  answer(chat: JsonObject, request: JsonObject): JsonObject;
  /** Told the client's request, as some answers repeat parts of it. */
  stream(context: AnswerContext, request: JsonObject): ClientFormatStream;
}
