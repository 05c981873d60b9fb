// Wire formats: the formats of model providers and of the clients of their APIs. OpenAI's chat completion is the hub:
// every other format is translated to and from it, so that each is written once. Pure: no I/O, no clock, no ids of its
// own.
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import type { Usage, UsageFault } from '../../pricing/index.js';
import type { ReportedError } from './reported-error.js';

/** A request without an equivalent in another format. The message names the field and says what to do. */
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

/** @throws Untranslatable for a field that can be no part of the request, and why */
export function refuseField(at: string, why: string): never {
  throw new Untranslatable(`"${at}" can’t be used here: ${why}.`, at);
}

/** @throws Untranslatable for a field that is none of what it must be */
export function malformed(field: string, what: string): never {
  throw new Untranslatable(`"${field}" must be ${what}.`, field);
}

/** Fields of a chat completion that a provider's answer may lack. */
export interface AnswerContext {
  /** Such as `chatcmpl-…`. */
  readonly id: string;
  /** Seconds since the epoch. */
  readonly created: number;
  /** The model's name for the client. */
  readonly model: string;
  /**
   * Whether the client wants one call at a time (`parallel_tool_calls: false`); formats that can't request that drop
   * the others.
   */
  readonly oneCall?: boolean;
  /** The client's names of functions, by those that were sent, where a name does not tell it. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/** A provider's whole answer as a chat completion. */
export interface TranslatedAnswer {
  readonly body: JsonObject;
  /** The usage block as the provider sent it; undefined when it sent none. */
  readonly usage: JsonValue | undefined;
  /** Whether the provider bills nothing for it, whatever its usage counts. */
  readonly unbilled?: boolean;
}

/** A piece of a choice that goes on: text, thoughts or arguments. */
export interface Piece {
  /** The index of the choice. */
  readonly choice: number;
  readonly text: string;
}

/** Translates a provider's stream into chat completion chunks. */
export interface UpstreamStream {
  /**
   * Takes the data of one server-sent event, in order, and returns whole frames of `data: {chunk}` with their empty
   * line, or nothing. Never returns `[DONE]`, which is sent once the charge is durable. Unreadable data has no effect.
   */
  push(data: string): string;
  /** What the last frames say, where they say nothing else: so nearly all of a stream need not be read again. */
  readonly piece?: Piece | undefined;
  /** The provider's usage so far, as it sent it (merged if it comes in several events); undefined until then. */
  readonly usage: JsonValue | undefined;
  /** Whether the provider bills nothing for the answer, whatever its usage counts. */
  readonly unbilled?: boolean;
  /** The error that the provider reported, if any; later events are ignored. */
  readonly error: ReportedError | undefined;
  /**
   * Whether the provider has said that the answer is complete. A format without an end mark (Gemini) can't say that
   * nothing follows: read to the end of the body, then ask. A body that ends without it was cut off, whatever usage it
   * reported.
   */
  readonly done: boolean;
  /** Whether `done` is final, so that reading can stop. */
  readonly hasEndMark: boolean;
}

/** A provider's wire format, translated from and to chat completions. */
export interface UpstreamFormat {
  /**
   * The body to send for a chat completion. Its cap on completion tokens is always set, and its `model` is the
   * provider's name.
   * @throws Untranslatable
   */
  request(chat: JsonObject): JsonObject;
  /** The client's names of a chat's functions, by those in the body, where a name does not tell it. */
  names?(chat: JsonObject): ReadonlyMap<string, string> | undefined;
  /** Headers that such a body needs. */
  headers?(request: JsonObject): Readonly<Record<string, string>>;
  /** @throws Untranslatable when it is not an answer; the message is ours and quotes nothing of the provider's. */
  answer(body: JsonObject, context: AnswerContext): TranslatedAnswer;
  /**
   * With `includeUsage`, the frames contain a last chunk with empty `choices` and the usage in OpenAI's shape; a second
   * one follows in the rare case that the provider corrects its usage after the end.
   */
  stream(context: AnswerContext, options: { readonly includeUsage: boolean }): UpstreamStream;
  /** Brings the provider's usage block into normal form, or says why it can't be billed. */
  readUsage(raw: JsonValue): Usage | UsageFault;
}

/** Translates chat completion chunks into the stream of another API. */
export interface ClientFormatStream {
  /** Takes the data of one chunk, in order, and returns whole frames for the client, or nothing. */
  push(data: string): string;
  /** The frames that end the stream. They are sent once the charge is durable. */
  end(): string;
  /** The frames that end the stream with an error, from an error body in OpenAI's shape. */
  fail(error: JsonObject): string;
}

/** An API that clients may call instead of chat completions, translated to and from it. */
export interface ClientFormat {
  /** The request as a chat completion. @throws Untranslatable */
  request(body: JsonObject): JsonObject;
  /** The chat completion as an answer. */
  answer(chat: JsonObject, request: JsonObject): JsonObject;
  /** Takes the client's request, because some answers repeat parts of it. */
  stream(context: AnswerContext, request: JsonObject): ClientFormatStream;
}
