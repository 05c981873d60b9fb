// Opens the first channel of a model that answers. Failover and retries happen here, before the first byte to the client, and nowhere else.
// Every attempt is recorded.
import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { pause, wholeSeconds } from '../../kernel/index.js';
import type { Attempt, ReleaseReason } from '../../ledger/index.js';
import { ApiError } from '../../platform/http/index.js';
import { answererOf, type Route } from './channels.js';
import type { AttemptResult, Circuits } from './circuits.js';
import { rateLimitScope, type Scope } from './provider-behaviour.js';
import type { ProviderCalls } from './provider-calls.js';
import {
  failureError,
  type Next,
  type ProviderError,
  readErrorResponse,
  reportedError,
  upstreamError,
} from './provider-error.js';
import {
  ConnectTimeout,
  type ProviderRequest,
  type Upstream,
  UpstreamReport,
  type UpstreamRequest,
  type UpstreamResponse,
  UpstreamTimeout,
} from './upstream.js';

const MAX_ATTEMPTS = 5;
/** How often all channels are tried, with a pause between two rounds. A round that finds all of them resting does not count. */
const MAX_ROUNDS = 3;
const FIRST_PAUSE_MS = 250;
/** The longest wait for a channel that asked for rest. */
const LONGEST_PAUSE_MS = 5_000;
const BACKOFF = new ExponentialBackoff({ initialDelay: FIRST_PAUSE_MS, maxDelay: LONGEST_PAUSE_MS });
/** The longest wait in all pauses together. */
const LONGEST_WAIT_MS = 10_000;

/** How a request is put to a provider. The caller knows how the answer is read. */
export interface Sendable {
  /** `cap` is our own cap on completion tokens per choice, sent in place of the client's. Undefined: the client's stands. */
  send(cap: number | undefined): ProviderRequest | Promise<ProviderRequest>;
}

/** A route that may be tried, and how the request is put to its provider. */
export interface Candidate<E extends Sendable> {
  readonly route: Route;
  readonly exchange: E;
}

export interface OpeningOptions extends Pick<UpstreamRequest, 'requestId' | 'signal' | 'room'> {
  /** Our own cap on completion tokens per choice; undefined where the client's stands. */
  readonly cap: number | undefined;
  /** Whether anybody still waits for the answer: nothing more is tried for nobody, and what failed is free. */
  readonly isAwaited?: () => boolean;
}

/** Reads as much of an answer as it takes to accept it. @throws UpstreamReport when it is an error after all. */
export type BeginAnswer<E extends Sendable, B> = (candidate: Candidate<E>, response: UpstreamResponse) => Promise<B>;

/** The channel that answered. */
export interface OpenUpstream<E extends Sendable, B> extends Candidate<E> {
  readonly response: UpstreamResponse;
  /** What was read of the answer to accept it. */
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

  /** The reason for the ledger, in our words: the provider's may quote the prompt, which is kept nowhere. */
  get detail(): string {
    return this.attempts.at(-1)?.error ?? 'no channel could be tried';
  }

  get reason(): ReleaseReason {
    if (this.error.status === 504) return 'upstream_timeout';
    return this.refused ? 'refused_by_provider' : 'upstream_error';
  }
}

/** How providers are reached, and what is known of the channels. */
export interface Providers {
  readonly upstream: Upstream;
  readonly circuits: Circuits;
  /** Remembers how attempts went; nothing does where it is left out. */
  readonly calls?: ProviderCalls;
  /** Waits between two rounds, but not beyond the abort. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Tries the candidates in order, and after a pause again those whose failure may pass. Never throws: the caller must release the hold on
 * every path.
 */
export function openUpstream<E extends Sendable, B>(
  providers: Providers,
  candidates: readonly Candidate<E>[],
  options: OpeningOptions,
  begin: BeginAnswer<E, B>,
): Promise<OpenUpstream<E, B> | NotOpened> {
  return new Opening<E, B>(providers, options, begin).open(candidates);
}

/** What a provider said no with. */
type Refusal = Pick<ProviderError, 'error' | 'refused' | 'next'>;

/** One try at one candidate. */
interface Try extends AttemptResult {
  readonly next: Next;
}

/** An attempt that was answered, and when it began (of `performance.now`). */
interface Answered {
  readonly status: number;
  readonly startedAt: number;
  /** What came of it, in our words. */
  readonly words: string;
}

class Opening<E extends Sendable, B> {
  readonly #attempts: Attempt[] = [];
  #opened: OpenUpstream<E, B> | undefined;
  /** The client's error if no channel answers. */
  #refusal: Refusal | undefined;

  constructor(
    private readonly providers: Providers,
    private readonly options: OpeningOptions,
    private readonly begin: BeginAnswer<E, B>,
  ) {}

  async open(candidates: readonly Candidate<E>[]): Promise<OpenUpstream<E, B> | NotOpened> {
    let backoff: IBackoff<unknown> | undefined;
    let left = candidates;
    for (let rounds = 0, waitedMs = 0; ;) {
      const before = this.#attempts.length;
      left = await this.#round(left);
      if (this.#opened !== undefined) return this.#opened;
      if (this.#attempts.length > before) rounds++;
      backoff = backoff === undefined ? BACKOFF.next() : backoff.next(undefined);
      const pauseMs = Math.max(backoff.duration, this.#restMs(left));
      waitedMs += pauseMs;
      const over = left.length === 0 || rounds === MAX_ROUNDS || this.#attempts.length >= MAX_ATTEMPTS;
      const tooLong = pauseMs > LONGEST_PAUSE_MS || waitedMs > LONGEST_WAIT_MS;
      if (over || tooLong || this.#isOver) return this.#notOpened(left);
      await (this.providers.pause ?? pause)(pauseMs, this.options.signal);
      if (this.#isOver) return this.#notOpened(left);
    }
  }

  get #isOver(): boolean {
    const { signal, isAwaited } = this.options;
    return signal.aborted || isAwaited?.() === false;
  }

  /** Tries each candidate once; returns those worth another try. */
  async #round(candidates: readonly Candidate<E>[]): Promise<Candidate<E>[]> {
    const { circuits } = this.providers;
    // With no circuit closed all are tried: refusing without a try is worse than a slow refusal.
    const panic = !candidates.some(({ route }) => circuits.isClosed(route));
    const again: Candidate<E>[] = [];
    for (const candidate of candidates) {
      if (this.#attempts.length >= MAX_ATTEMPTS) break;
      const { route } = candidate;
      if (circuits.restMs(route) > 0) {
        again.push(candidate);
        continue;
      }
      const attempt = () => this.#try(candidate);
      const tried = panic ? await circuits.askAnyway(route, attempt) : await circuits.ask(route, attempt);
      if (tried === undefined) continue;
      if (tried.next === 'stop' || this.#isOver) return [];
      if (tried.next === 'this one again') again.push(candidate);
    }
    return again;
  }

  /** For how long all of these want to be left alone, in milliseconds. */
  #restMs(candidates: readonly Candidate<E>[]): number {
    return Math.min(...candidates.map(({ route }) => this.providers.circuits.restMs(route)));
  }

  async #try(candidate: Candidate<E>): Promise<Try> {
    const { cap, requestId, signal, room } = this.options;
    const channel = candidate.route.channel.name;
    const startedAt = performance.now();
    let status: number | null = null;
    try {
      const sent = await candidate.exchange.send(cap);
      const response = await this.providers.upstream.send(candidate.route.channel, {
        ...sent,
        requestId,
        signal,
        room,
      });
      ({ status } = response);
      if (status < 200 || status >= 300)
        return this.#refusedBy(
          candidate,
          { status, startedAt, words: `it answered ${status}` },
          await readErrorResponse(response),
        );
      const begun = await this.begin(candidate, response);
      this.#attempted({ channel, status }, startedAt, false);
      this.#opened = { ...candidate, response, begun, attempts: this.#attempts };
      return { next: 'stop' };
    } catch (thrown) {
      const failure = status === null ? (thrown as Error) : this.providers.upstream.failureOf(thrown);
      if (failure instanceof UpstreamReport && status !== null)
        return this.#refusedBy(candidate, { status, startedAt, words: failure.message }, reportedError(failure));
      const { aborted } = signal;
      this.#attempted({ channel, status, error: failure.message }, startedAt, !aborted);
      const next = aborted ? 'stop' : failure instanceof UpstreamTimeout ? 'other channels' : 'this one again';
      this.#keep({ error: failureError(failure), refused: false, next });
      return aborted ? { ended: true, next } : { failed: failedScope(failure, status), next };
    }
  }

  /** The provider answered with an error, by its status or within its answer. */
  #refusedBy({ route }: Candidate<E>, { status, startedAt, words }: Answered, reported: ProviderError): Try {
    const { restMs, failed, next, refused } = reported;
    const { options } = reported.error;
    const code = options.code === 'upstream_error' ? '' : ` (${options.code})`;
    this.#attempted({ channel: route.channel.name, status, error: words + code }, startedAt, !refused);
    const headers = { ...answererOf(route), ...options.headers };
    this.#keep({ ...reported, error: new ApiError({ ...options, headers }) });
    const scope = reported.rests === 'what the rate limit covers' ? rateLimitScope(route.channel) : reported.rests;
    return { failed, next, rest: restMs === undefined ? undefined : { scope, ms: restMs } };
  }

  /** The status is the provider's, or 0; an attempt that a client's faulty request or departure ended is no failure of the channel. */
  #attempted(attempt: Attempt, startedAt: number, failed: boolean): void {
    this.#attempts.push(attempt);
    const figures = { milliseconds: performance.now() - startedAt, failed, status: attempt.status ?? 0 };
    this.providers.calls?.attempt(attempt.channel, figures, attempt.error);
  }

  /** The client gets the last error; a refusal that another channel might not share only where no channel says anything else. */
  #keep(refusal: Refusal): void {
    const othersMayTakeIt = refusal.refused && refusal.next !== 'stop';
    if (!othersMayTakeIt || this.#refusal === undefined) this.#refusal = refusal;
  }

  #notOpened(left: readonly Candidate<E>[]): NotOpened {
    if (this.#refusal !== undefined) return new NotOpened(this.#refusal.error, this.#attempts, this.#refusal.refused);
    return new NotOpened(left.length === 0 ? nowhere() : resting(wholeSeconds(this.#restMs(left))), this.#attempts);
  }
}

/** A provider that was reached but is silent, or breaks off, may do so for one model; one that can't be reached fails for all. */
const failedScope = (failure: Error, status: number | null): Scope =>
  status === null && (failure instanceof ConnectTimeout || !(failure instanceof UpstreamTimeout)) ? 'channel' : 'model';

const nowhere = (): ApiError => upstreamError('no channel could be tried');

const resting = (seconds: number): ApiError =>
  upstreamError(`it asked to be left alone for another ${seconds} s`, { headers: { 'retry-after': String(seconds) } });
