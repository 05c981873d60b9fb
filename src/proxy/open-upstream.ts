// Opens the first channel of a model that answers. Failover and retries happen here, before the first byte to the client, and only here;
// every try is recorded.
import { ExponentialBackoff } from 'cockatiel';
import { pause } from '../kernel/index.js';
import type { Attempt, ReleaseReason } from '../ledger/index.js';
import type { ApiError } from '../http/index.js';
import type { Exchange } from './call.js';
import type { Route } from './channels.js';
import type { Circuits, Tried } from './circuits.js';
import {
  failureError,
  isChannelFailure,
  isPassing,
  isRefusal,
  isWorthAnotherChannel,
  refusal,
  upstreamError,
} from './provider-error.js';
import { type Upstream, type UpstreamRequest, type UpstreamResponse, UpstreamTimeout } from './upstream.js';

const MAX_ATTEMPTS = 5;
/** How often all channels are gone through; between two rounds there is a pause. One that finds all of them resting does not count. */
const MAX_ROUNDS = 3;
const FIRST_PAUSE_MS = 250;
/** A client is not kept waiting longer than this for a channel that asked for rest, */
const LONGEST_PAUSE_MS = 5_000;
/** nor longer than this by all pauses together. */
const LONGEST_WAIT_MS = 10_000;

/** How a request is put to a provider; what becomes of the answer is the caller's business. */
type Sending = Pick<Exchange, 'send'>;

/** A route, and how the request is put to its provider. */
export interface Offer<E extends Sending = Exchange> {
  readonly route: Route;
  readonly exchange: E;
}

/** What is asked of whoever takes it. */
export interface Asked extends Pick<UpstreamRequest, 'requestId' | 'signal'> {
  /** Our own cap on completion tokens per choice, in place of the client's if there is one. */
  readonly cap: number | undefined;
}

export interface Opened<E extends Sending = Exchange> extends Offer<E> {
  readonly response: UpstreamResponse;
  readonly attempts: readonly Attempt[];
}

/** No channel answered; the client gets `error`. */
export class NotOpened {
  constructor(
    readonly error: ApiError,
    readonly attempts: readonly Attempt[],
  ) {}

  /** What the ledger says about it, in our words: the provider's may quote the prompt, which is kept nowhere. */
  get detail(): string {
    return this.attempts.at(-1)?.error ?? 'no channel could be tried';
  }

  get reason(): ReleaseReason {
    if (this.error.status === 504) return 'upstream_timeout';
    return isRefusal(this.attempts.at(-1)?.status ?? 500) ? 'refused_by_provider' : 'upstream_error';
  }
}

/** Who is asked, and what is known of the channels. */
export interface Way {
  readonly upstream: Upstream;
  readonly circuits: Circuits;
  /** Waits between two rounds, but not beyond the abort. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Tries the offers in order, and after a pause again those whose failure may pass. Never throws: the caller must release the hold on every path. */
export function openUpstream<E extends Sending>(
  way: Way,
  offers: readonly Offer<E>[],
  asked: Asked,
): Promise<Opened<E> | NotOpened> {
  return new Opening<E>(way, asked).open(offers);
}

/** One try at one offer. */
interface Try extends Tried {
  readonly error?: ApiError;
  /** What is worth doing next. */
  readonly next: 'stop' | 'other channels' | 'this one again';
}

class Opening<E extends Sending> {
  readonly #attempts: Attempt[] = [];
  #opened: Opened<E> | undefined;
  #error: ApiError | undefined;

  constructor(
    private readonly way: Way,
    private readonly asked: Asked,
  ) {}

  async open(offers: readonly Offer<E>[]): Promise<Opened<E> | NotOpened> {
    let backoff = new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS }).next();
    let left = offers;
    for (let rounds = 0, waitedMs = 0; ;) {
      const before = this.#attempts.length;
      left = await this.#round(left);
      if (this.#opened !== undefined) return this.#opened;
      if (this.#attempts.length > before) rounds++;
      const pauseMs = Math.max(backoff.duration, this.#restMs(left));
      waitedMs += pauseMs;
      const over = left.length === 0 || rounds === MAX_ROUNDS || this.#attempts.length >= MAX_ATTEMPTS;
      const tooLong = pauseMs > LONGEST_PAUSE_MS || waitedMs > LONGEST_WAIT_MS;
      if (over || tooLong || this.asked.signal.aborted) return this.#notOpened(left);
      await (this.way.pause ?? pause)(pauseMs, this.asked.signal);
      if (this.asked.signal.aborted) return this.#notOpened(left);
      backoff = backoff.next(undefined);
    }
  }

  /** Asks for each offer once; returns those worth asking again. */
  async #round(offers: readonly Offer<E>[]): Promise<Offer<E>[]> {
    const { circuits } = this.way;
    // With no circuit closed, a wrong no is worse than a slow one: all are asked.
    const panic = !offers.some(({ route }) => circuits.isClosed(route.channel.name));
    const again: Offer<E>[] = [];
    for (const offer of offers) {
      if (this.#attempts.length >= MAX_ATTEMPTS) break;
      const { name } = offer.route.channel;
      if (circuits.restMs(name) > 0) {
        again.push(offer);
        continue;
      }
      const attempt = () => this.#try(offer);
      const tried = panic ? await circuits.askAnyway(name, attempt) : await circuits.ask(name, attempt);
      if (tried === undefined) continue;
      this.#error = tried.error;
      if (tried.next === 'stop') return [];
      if (tried.next === 'this one again') again.push(offer);
    }
    return again;
  }

  /** How long all of these channels want to be left alone, in milliseconds. */
  #restMs(offers: readonly Offer<E>[]): number {
    return Math.min(...offers.map(({ route }) => this.way.circuits.restMs(route.channel.name)));
  }

  async #try(offer: Offer<E>): Promise<Try> {
    const { cap, ...request } = this.asked;
    const channel = offer.route.channel.name;
    try {
      const sent = await offer.exchange.send(cap);
      const response = await this.way.upstream.send(offer.route.channel, { ...request, ...sent });
      const { status, retryAfterMs: restMs } = response;
      if (status >= 200 && status < 300) {
        this.#attempts.push({ channel, status });
        this.#opened = { ...offer, response, attempts: this.#attempts };
        return { channelFailed: false, next: 'stop' };
      }
      const error = await refusal(response);
      this.#attempts.push({ channel, status, error: answered(status, error) });
      const next = isPassing(status) ? 'this one again' : isWorthAnotherChannel(status) ? 'other channels' : 'stop';
      return { channelFailed: isChannelFailure(status), error, next, restMs };
    } catch (failure) {
      this.#attempts.push({ channel, status: null, error: (failure as Error).message });
      const { aborted } = this.asked.signal;
      const next = aborted ? 'stop' : failure instanceof UpstreamTimeout ? 'other channels' : 'this one again';
      return { channelFailed: !aborted, error: failureError(failure), next };
    }
  }

  #notOpened(left: readonly Offer<E>[]): NotOpened {
    if (this.#error !== undefined) return new NotOpened(this.#error, this.#attempts);
    return new NotOpened(
      left.length === 0 ? nowhere() : resting(Math.ceil(this.#restMs(left) / 1_000)),
      this.#attempts,
    );
  }
}

const nowhere = (): ApiError => upstreamError('no channel could be tried', 'upstream_error');

const resting = (seconds: number): ApiError =>
  upstreamError(`it asked to be left alone for another ${seconds} s`, 'upstream_error', undefined, {
    'retry-after': String(seconds),
  });

const answered = (status: number, { options: { code } }: ApiError): string =>
  `it answered ${status}${code === 'upstream_error' ? '' : ` (${code})`}`;
