import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type Dispatcher, errors } from 'undici';
import { errorText } from '../../kernel/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import {
  type Channel,
  type ChannelFormat,
  ConnectTimeout,
  EVENT_STREAM,
  Upstream,
  UpstreamFailure,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from '../../proxy/index.js';
import { outgoingAgent } from '../outgoing/outgoing-agent.js';
import { decoded } from './decoded-answer.js';
import { type HttpAnswer, httpAnswer } from './http-answer.js';
import { connectorWithoutContinue } from './interim-answers.js';
import { wholeAnswer } from './whole-answer.js';

const CREDENTIALS: Readonly<Record<ChannelFormat, (apiKey: string) => Record<string, string>>> = {
  openai: (apiKey) => ({ authorization: `Bearer ${apiKey}` }),
  anthropic: (apiKey) => ({ 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' }),
  gemini: (apiKey) => ({ 'x-goog-api-key': apiKey }),
};
const KEEP_ALIVE_MS = 30_000;
/** Cookies and policies of what stands before a provider come to more than Node's 16 KiB (maximhq/bifrost#4264); Envoy takes 60. */
const MAX_HEAD_BYTES = 65_536;

type Place = Required<Pick<Dispatcher.DispatchOptions, 'origin' | 'path'>>;

/** Model providers over kept-alive connections (undici sets TCP_NODELAY on each). */
@Injectable()
export class HttpUpstream extends Upstream implements OnApplicationShutdown {
  readonly #agent: Dispatcher;
  /** By URL: as many as the channels have endpoints and names of models, which some formats have in the path. */
  readonly #places = new Map<string, Place>();

  constructor(@Inject(CONFIG) private readonly config: Config) {
    super();
    const options = {
      connectTimeout: config.UPSTREAM_CONNECT_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEAD_BYTES,
      headersTimeout: config.UPSTREAM_FIRST_BYTE_TIMEOUT_MS,
      bodyTimeout: config.UPSTREAM_IDLE_TIMEOUT_MS,
    };
    this.#agent = outgoingAgent(config, options, connectorWithoutContinue);
  }

  override async send(channel: Channel, request: UpstreamRequest): Promise<UpstreamResponse> {
    const sent: Dispatcher.DispatchOptions = {
      ...this.#placeOf(channel.baseUrl + request.path),
      method: 'POST',
      headers: {
        ...request.headers,
        ...CREDENTIALS[channel.format](channel.apiKey),
        'content-type': request.contentType,
        accept: request.accept,
        'accept-encoding': 'identity',
        'x-request-id': request.requestId,
      },
      body: request.body,
    };
    try {
      const { statusCode, headers, body } = await (request.accept === EVENT_STREAM
        ? httpAnswer(this.#agent, sent, request.signal)
        : wholeAnswer(this.#agent, sent, request));
      const contentType = String(headers['content-type'] ?? '');
      return {
        status: statusCode,
        contentType,
        retryAfterMs: retryAfterMs(headers),
        noRetry: headers['x-should-retry'] === 'false',
        body: decoded(body, headers['content-encoding']),
      };
    } catch (error) {
      throw this.failureOf(error);
    }
  }

  #placeOf(url: string): Place {
    let place = this.#places.get(url);
    if (place === undefined) {
      const { origin, pathname, search } = new URL(url);
      this.#places.set(url, (place = { origin, path: pathname + search }));
    }
    return place;
  }

  override failureOf(error: unknown): UpstreamFailure {
    if (error instanceof UpstreamFailure) return error;
    if (typeof error === 'string') return new UpstreamFailure(error);
    if (error instanceof errors.ConnectTimeoutError) {
      return new ConnectTimeout(`no connection within ${this.config.UPSTREAM_CONNECT_TIMEOUT_MS} ms`, {
        cause: error,
      });
    }
    if (error instanceof errors.HeadersTimeoutError) {
      return new UpstreamTimeout(`no answer within ${this.config.UPSTREAM_FIRST_BYTE_TIMEOUT_MS} ms`, { cause: error });
    }
    if (error instanceof errors.BodyTimeoutError) {
      return new UpstreamTimeout(`the answer fell silent for ${this.config.UPSTREAM_IDLE_TIMEOUT_MS} ms`, {
        cause: error,
      });
    }
    return new UpstreamFailure(`the connection failed (${reasonOf(error)})`, { cause: error });
  }

  onApplicationShutdown(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** OpenSSL's own text names lines of its source: of "40FD…:error:0A00010B:SSL routines:…:wrong version number:…" the reason is left. */
function reasonOf(error: unknown): string {
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  // undici's own assertions, such as that a status has three digits and is 100 or more.
  if (code === 'ERR_ASSERTION') return 'Response does not match the HTTP/1.1 protocol';
  return String(code).startsWith('ERR_SSL_') ? `TLS: ${String(reason)}` : errorText(error);
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3); milliseconds in a header of OpenAI's and Azure's own, which their SDKs go by first. */
function retryAfterMs({ 'retry-after-ms': exactly, 'retry-after': value }: HttpAnswer['headers']): number | undefined {
  if (typeof exactly === 'string' && DECIMAL.test(exactly)) return Number(exactly);
  if (typeof value !== 'string') return undefined;
  const ms = DECIMAL.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const DECIMAL = /^\d+(\.\d+)?$/;
