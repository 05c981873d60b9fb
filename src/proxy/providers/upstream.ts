import type { Readable } from 'node:stream';
import type { JsonObject } from '../../kernel/index.js';
import type { ReportedError } from '../wire/index.js';
import type { Channel } from './channels.js';

/** What is sent to a provider. */
export interface ProviderRequest {
  /** Added to the channel's base URL; begins with a slash. */
  readonly path: string;
  readonly contentType: string;
  /** The media type the answer should have. */
  readonly accept: string;
  /** Further headers that are the request's own. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What is sent to a path that takes JSON and answers with it, or with a stream. */
export const jsonRequest = (path: string, stream: boolean, body: JsonObject): ProviderRequest => ({
  path,
  contentType: 'application/json',
  accept: stream ? 'text/event-stream' : 'application/json',
  body: JSON.stringify(body),
});

export interface UpstreamRequest extends ProviderRequest {
  /** ProviderRequest along as `x-request-id`, so that both sides can find the call. */
  readonly requestId: string;
  readonly signal: AbortSignal;
}

export interface UpstreamResponse {
  readonly status: number;
  readonly contentType: string;
  /** How long the provider asks to be left alone (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** The provider says that the same request will fail again (`x-should-retry: false`, as OpenAI and Anthropic send it). */
  readonly noRetry?: boolean;
  /** What was read of the body already: it comes before `body`. */
  readonly head?: Buffer;
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

/** No connection was made in time: it was not even asked. */
export class ConnectTimeout extends UpstreamTimeout {
  override readonly name = 'ConnectTimeout';
}

/** The client left before the answer was whole, and was not waited for longer. */
export class ClientLeft extends UpstreamTimeout {
  override readonly name = 'ClientLeft';
}

/** The provider reported an error within its answer. Its own words are for the client alone: they may quote the prompt. */
export class UpstreamReport extends UpstreamFailure {
  override readonly name = 'UpstreamReport';

  constructor(readonly reported: ReportedError) {
    super('it reported an error within its answer');
  }

  get words(): string {
    return this.reported.message ?? 'no reason given';
  }
}

/** Speaks to model providers over HTTP. */
export abstract class Upstream {
  /** Sends a request and resolves with the head of the answer, whatever its status. @throws UpstreamFailure, UpstreamTimeout */
  abstract send(channel: Channel, request: UpstreamRequest): Promise<UpstreamResponse>;

  /** What broke an answer off: an error of its body, or a sentence of our own. */
  abstract failureOf(error: unknown): UpstreamFailure;
}
