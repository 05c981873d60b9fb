// Opens the first channel of a model that answers. Failover and retries happen here, before the first byte to the client, and only here;
// every try is recorded.
import { ExponentialBackoff } from 'cockatiel';
import { pause, wholeSeconds } from '../../kernel/index.js';
import type { Attempt, ReleaseReason } from '../../ledger/index.js';
import { ApiError } from '../../platform/http/index.js';
import type { Exchange } from '../call/call.js';
import { answererOf, type Route } from './channels.js';
import type { Circuits, Scope, Tried } from './circuits.js';
import { failureError, type Next, toldByStatus, type ToldError, toldWithin, upstreamError } from './provider-error.js';
import { rateLimitScope } from './rate-limit-scope.js';
import {
  ConnectTimeout,
  type Upstream,
  UpstreamReport,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from './upstream.js';

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

/** Takes an answer in as far as it must be known before it is the one. @throws UpstreamReport when it is an error after all. */
export type Begin<E extends Sending, B> = (offer: Offer<E>, response: UpstreamResponse) => Promise<B>;

export interface Opened<E extends Sending = Exchange, B = UpstreamResponse> extends Offer<E> {
  readonly response: UpstreamResponse;
  /** What the answer had come to when it was taken. */
  readonly begun: B;
  readonly attempts: readonly Attempt[];
}

/** No channel answered; the client gets `error`. */
export class NotOpened {
  constructor(
    readonly error: ApiError,
    readonly attempts: readonly Attempt[],
    private readonly refused = false,
  ) {}

  /** What the ledger says about it, in our words: the provider's may quote the prompt, which is kept nowhere. */
  get detail(): string {
    return this.attempts.at(-1)?.error ?? 'no channel could be tried';
  }

  get reason(): ReleaseReason {
    if (this.error.status === 504) return 'upstream_timeout';
    return this.refused ? 'refused_by_provider' : 'upstream_error';
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
export function openUpstream<E extends Sending, B>(
  way: Way,
  offers: readonly Offer<E>[],
  asked: Asked,
  begin: Begin<E, B>,
): Promise<Opened<E, B> | NotOpened> {
  return new Opening<E, B>(way, asked, begin).open(offers);
}

/** One try at one offer. */
interface Try extends Tried {
  readonly next: Next;
}

class Opening<E extends Sending, B> {
  readonly #attempts: Attempt[] = [];
  #opened: Opened<E, B> | undefined;
  /** What the client is told if none is opened. */
  #told: Pick<ToldError, 'error' | 'refused'> | undefined;

  constructor(
    private readonly way: Way,
    private readonly asked: Asked,
    private readonly begin: Begin<E, B>,
  ) {}

  async open(offers: readonly Offer<E>[]): Promise<Opened<E, B> | NotOpened> {
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
    const panic = !offers.some(({ route }) => circuits.isClosed(route));
    const again: Offer<E>[] = [];
    for (const offer of offers) {
      if (this.#attempts.length >= MAX_ATTEMPTS) break;
      const { route } = offer;
      if (circuits.restMs(route) > 0) {
        again.push(offer);
        continue;
      }
      const attempt = () => this.#try(offer);
      const tried = panic ? await circuits.askAnyway(route, attempt) : await circuits.ask(route, attempt);
      if (tried === undefined) continue;
      if (tried.next === 'stop') return [];
      if (tried.next === 'this one again') again.push(offer);
    }
    return again;
  }

  /** How long all of these want to be left alone, in milliseconds. */
  #restMs(offers: readonly Offer<E>[]): number {
    return Math.min(...offers.map(({ route }) => this.way.circuits.restMs(route)));
  }

  async #try(offer: Offer<E>): Promise<Try> {
    const { cap, ...request } = this.asked;
    const channel = offer.route.channel.name;
    let status: number | null = null;
    try {
      const sent = await offer.exchange.send(cap);
      const response = await this.way.upstream.send(offer.route.channel, { ...request, ...sent });
      ({ status } = response);
      if (status < 200 || status >= 300) return this.#refusedBy(offer, status, await toldByStatus(response));
      const begun = await this.begin(offer, response);
      this.#attempts.push({ channel, status });
      this.#opened = { ...offer, response, begun, attempts: this.#attempts };
      return { next: 'stop' };
    } catch (thrown) {
      const failure = status === null ? (thrown as Error) : this.way.upstream.failureOf(thrown);
      if (failure instanceof UpstreamReport && status !== null)
        return this.#refusedBy(offer, status, toldWithin(failure));
      this.#attempts.push({ channel, status, error: failure.message });
      this.#tell({ error: failureError(failure), refused: false });
      const { aborted } = this.asked.signal;
      const next = aborted ? 'stop' : failure instanceof UpstreamTimeout ? 'other channels' : 'this one again';
      return { failed: aborted ? undefined : failedScope(failure, status), next };
    }
  }

  /** The provider answered with an error, by its status or within its answer. */
  #refusedBy({ route }: Offer<E>, status: number, told: ToldError): Try {
    const { restMs, failed, next } = told;
    const { options } = told.error;
    const code = options.code === 'upstream_error' ? '' : ` (${options.code})`;
    const within = status < 300 ? 'it reported an error within its answer' : `it answered ${status}`;
    this.#attempts.push({ channel: route.channel.name, status, error: within + code });
    const headers = { ...answererOf(route), ...options.headers };
    this.#tell({ ...told, error: new ApiError({ ...options, headers }) });
    const scope = told.rests === 'what the rate limit covers' ? rateLimitScope(route.channel) : told.rests;
    return { failed, next, rest: restMs === undefined ? undefined : { scope, ms: restMs } };
  }

  /** The last word is the client's, but one that misses something only where nobody has anything else to say. */
  #tell(told: Pick<ToldError, 'error' | 'refused'>): void {
    const isMissing = told.refused && told.error.status === 404;
    if (!isMissing || this.#told === undefined) this.#told = told;
  }

  #notOpened(left: readonly Offer<E>[]): NotOpened {
    if (this.#told !== undefined) return new NotOpened(this.#told.error, this.#attempts, this.#told.refused);
    return new NotOpened(left.length === 0 ? nowhere() : resting(wholeSeconds(this.#restMs(left))), this.#attempts);
  }
}

/** Who was reached and is silent, or breaks off its answer, may be so with one model; who can't be reached is so with all. */
const failedScope = (failure: Error, status: number | null): Scope =>
  status === null && (failure instanceof ConnectTimeout || !(failure instanceof UpstreamTimeout)) ? 'channel' : 'model';

const nowhere = (): ApiError => upstreamError('no channel could be tried');

const resting = (seconds: number): ApiError =>
  upstreamError(`it asked to be left alone for another ${seconds} s`, { headers: { 'retry-after': String(seconds) } });
