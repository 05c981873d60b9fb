import type { Readable } from 'node:stream';
import { type JsonObject, wellFormedJson } from '../../kernel/index.js';
import type { ReportedError } from '../wire/index.js';
import type { Channel } from './channels.js';
import type { BodyRead, Room } from './read-body.js';

/** What is sent to a provider. */
export interface ProviderRequest {
  /** Appended to the channel's base URL; begins with a slash. */
  readonly path: string;
  readonly contentType: string;
  /** The media type the answer should have. Only an event stream is handed over as it comes. */
  readonly accept: string;
  /** Further headers that are the request's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export const EVENT_STREAM = 'text/event-stream';

/** A request with a JSON body, whose answer is JSON or a stream. */
export const jsonRequest = (path: string, stream: boolean, body: JsonObject): ProviderRequest => ({
  path,
  contentType: 'application/json',
  accept: stream ? EVENT_STREAM : 'application/json',
  body: jsonText(body),
});

/** What strict parsers take, too: those of Anthropic and DeepSeek refuse a lone surrogate (anomalyco/opencode#13988, JohnnyZ93/oai-compatible-copilot#271). */
export const jsonText = (body: JsonObject): string => wellFormedJson(JSON.stringify(body));

export interface UpstreamRequest extends ProviderRequest {
  /** Sent along as `x-request-id`, so that both sides can find the call. */
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly room: Room;
}

export interface UpstreamResponse {
  readonly status: number;
  readonly contentType: string;
  /** How long the provider asks to be left alone (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The provider says that the same request will fail again (`x-should-retry: false`, as OpenAI and Anthropic send it). */
  readonly noRetry?: boolean;
  /** What is still to come, or has come, where the request was for no stream. */
  readonly body: Readable | BodyRead;
}

export interface StreamedResponse extends UpstreamResponse {
  /** The part of the body that was read already; `rest` continues it, or `body` where there is none. */
  readonly head?: Buffer;
  /** Where the first event is still waited for: what is to come. */
  readonly rest?: AsyncIterable<Buffer>;
  readonly body: Readable;
}

/** The provider could not be reached, or broke off. */
export class UpstreamFailure extends Error {
  override readonly name: string = 'UpstreamFailure';
}

/** The provider took too long. */
export class UpstreamTimeout extends UpstreamFailure {
  override readonly name: string = 'UpstreamTimeout';
}

/** No connection was made in time, so nothing was sent. */
export class ConnectTimeout extends UpstreamTimeout {
  override readonly name = 'ConnectTimeout';
}

/** The client left before the answer was whole. */
export class ClientLeft extends UpstreamTimeout {
  override readonly name = 'ClientLeft';
}

/** The answer had no room in memory, beside those of other calls. */
export class NoRoom extends UpstreamFailure {
  override readonly name = 'NoRoom';

  constructor(waitedMs: number) {
    super(`the answers under way left no room for this one within ${waitedMs} ms`);
  }
}

/** The provider reported an error within its answer. Its message is for the client alone, as it may quote the prompt. */
export class UpstreamReport extends UpstreamFailure {
  override readonly name: string = 'UpstreamReport';

  constructor(
    readonly reported: ReportedError,
    sentence = 'it reported an error within its answer',
  ) {
    super(sentence);
  }

  get words(): string {
    return this.reported.message ?? 'no reason given';
  }
}

/** What came under a status of 200 is no answer at all, such as a web page. The sentence is ours. */
export class NoAnswer extends UpstreamReport {
  override readonly name = 'NoAnswer';

  constructor(sentence: string) {
    super({ message: sentence }, sentence);
  }
}

/** Speaks to model providers over HTTP. */
export abstract class Upstream {
  /**
   * Sends a request and resolves, whatever the status of the answer, with its head if it is for a stream, else when its body has ended.
   * @throws UpstreamFailure, UpstreamTimeout before the head
   */
  abstract send(channel: Channel, request: UpstreamRequest): Promise<UpstreamResponse>;

  /** The failure that broke off an answer, from an error of its body or a sentence of ours. */
  abstract failureOf(error: unknown): UpstreamFailure;
}
