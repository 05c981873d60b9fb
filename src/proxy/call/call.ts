// A call as the billed path sees it, whatever its endpoint: what it may use, how a provider takes it, how its answer is read.
import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '../../kernel/index.js';
import type { Model, ModelKind, Usage, UsageBound, UsageFault } from '../../pricing/index.js';
import type { AnswerContext, ReportedError } from '../wire/index.js';
import type { Route } from '../providers/channels.js';
import type { Delivery } from '../relay/delivery.js';

/** The most that a request can use of a model. */
export interface Demand {
  /** All but the completion. */
  readonly input: Omit<UsageBound, 'completionTokens'>;
  /** Completion tokens per choice at most; undefined when the client set no cap, and one of ours will do. */
  readonly maxTokens: number | undefined;
  readonly choices: number;
  /** The client's field that caps the completion, where it has one: then a lower cap of ours can be sent instead. */
  readonly capField?: string;
  /** What the client gives to thinking, of its cap or in place of one; a cap of ours leaves an answer's tokens beside it. */
  readonly thinkingTokens?: number;
}

/** What is sent to a provider. */
export interface Sent {
  /** Added to the channel's base URL; begins with a slash. */
  readonly path: string;
  readonly contentType: string;
  /** The media type the answer should have. */
  readonly accept: string;
  /** Further headers that are the request's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request as one provider takes it, and how that provider's answer is read. */
export interface Exchange {
  /** `cap` is our own cap on completion tokens per choice: it is sent in place of the client's, if there is one. Undefined: that stands. */
  send(cap: number | undefined): Sent | Promise<Sent>;
  /** Reads a whole answer. */
  read(bytes: Buffer, context: AnswerContext): Answer;
  /** Listens to a stream. */
  meter(context: AnswerContext): Meter;
  /** What was left out of the request, for the client to be told. */
  readonly leftOut?: readonly string[];
  /** Brings the provider's usage block into normal form, or says why it can't be billed. */
  readUsage(raw: JsonValue): Usage | UsageFault;
}

/** A whole answer. */
export interface Answer {
  /** For the client. */
  readonly bytes: Buffer;
  /** Of those bytes, where it is another than the provider's. */
  readonly contentType?: string;
  /** As the provider sent it; undefined when it sent none. */
  readonly usage: JsonValue | undefined;
  /** Why it is none: a sentence of ours, or the provider's own report. */
  readonly failure?: unknown;
}

/** Listens to an answer on its way to the client. */
export interface Meter {
  /** Takes whole frames and returns the bytes to pass on. */
  listen(frames: Buffer): Buffer;
  /** The last usage block, as the provider sent it. */
  readonly usage: JsonValue | undefined;
  /** What has come until now. */
  readonly delivery: Delivery;
  /** The error that the provider reported within the stream. */
  readonly error: ReportedError | undefined;
  /** Whether the answer is whole, so that nothing more need be read. */
  readonly done: boolean;
  /** Whether nothing more is likely to come, though the format has no mark for the end of an answer: a silence is one then. */
  readonly mayBeOver?: boolean;
  /** Whether it is whole all the same when the body has ended with `rest` left over. */
  endsWhole(rest: Buffer): boolean;
  /** The bytes that end the answer; they leave once the charge is durable. */
  end(): Buffer;
  /** The bytes that break it off, for an error body in OpenAI's shape. */
  fail(error: JsonObject): Buffer;
}

/** A request that was read, before a model and a provider are found for it. */
export interface Call {
  readonly model: string;
  /** What kind of model answers it. */
  readonly kind: ModelKind;
  /** Whether the answer is passed on as it comes. */
  readonly stream: boolean;
  demand(model: Model): Demand;
  /** @throws Untranslatable when that provider's format has no equivalent. */
  exchange(model: Model, route: Route): Exchange;
}

/** One endpoint of the data plane. */
export interface Endpoint {
  /** @throws ApiError 400, or Untranslatable, naming the field at fault. */
  read(body: Buffer | undefined, headers: IncomingHttpHeaders): Call | Promise<Call>;
}
