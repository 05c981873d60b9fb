// Circuit breakers: which channels are worth a try now. There is one for each channel and one for each model there, as the failures of one
// model say nothing about the others. A circuit opens after failures in a row and a probe closes it. A provider that sent Retry-After is left
// alone until then.
import { Injectable } from '@nestjs/common';
import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhenResult,
} from 'cockatiel';
import { Clock } from '../../kernel/index.js';
import type { Route } from './channels.js';
import type { Scope } from './provider-behaviour.js';

const FAILURES_IN_A_ROW = 5;
const FIRST_PROBE_MS = 1_000;
const LAST_PROBE_MS = 60_000;

/** What an attempt says about its channel. */
export interface AttemptResult {
  /** What failed. A faulty request or a rate limit is not a failure. */
  readonly failed?: Scope | undefined;
  /** What wants to be left alone, and for how long. */
  readonly rest?: { readonly scope: Scope; readonly ms: number } | undefined;
  /** Whether we ended it ourselves, as the client left or its time was over: then it says nothing, and a probe has shown nothing. */
  readonly ended?: boolean;
}

interface Circuit {
  readonly breaker: CircuitBreakerPolicy;
  /** How many failures in a row the breaker has heard of. */
  readonly failures: ConsecutiveBreaker;
  readonly isFailure: (tried: AttemptResult) => boolean;
  restsUntil: number;
}

type Pair = Readonly<Record<Scope, Circuit>>;

interface OfChannel {
  readonly channel: Circuit;
  /** With that of the model, by the channel's own names. */
  readonly models: Map<string, Pair>;
}

/** `closed`: in use; `open`: left alone after failures; `half_open`: a probe is under way. */
export const CIRCUIT_STATES = ['closed', 'open', 'half_open'] as const;

export interface CircuitView {
  readonly state: (typeof CIRCUIT_STATES)[number];
  /** Until when it asked to be left alone, in epoch milliseconds; undefined when it does not. */
  readonly restsUntil: number | undefined;
}

const STATES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
  [CircuitState.HalfOpen]: 'half_open',
} as const;

/** The circuits of this gateway, by the names of its channels and their models. The configuration bounds their number. */
@Injectable()
export class Circuits {
  readonly #channels = new Map<string, OfChannel>();

  constructor(private readonly clock: Clock) {}

  /** For how long the model still wants to be left alone at this channel, in milliseconds. */
  restMs(route: Route): number {
    const { channel, model } = this.#of(route);
    return Math.max(0, Math.max(channel.restsUntil, model.restsUntil) - this.clock.now());
  }

  /** Whether neither the channel nor the model there has failed too often lately. */
  isClosed(route: Route): boolean {
    const { channel, model } = this.#of(route);
    return isClosed(channel) && isClosed(model);
  }

  /** How it stands with a model at a channel, and with the channel as a whole. */
  of({ channel: { name }, upstreamModel }: Route): Readonly<Record<Scope, CircuitView>> {
    const known = this.#channels.get(name);
    return { channel: this.#view(known?.channel), model: this.#view(known?.models.get(upstreamModel)?.model) };
  }

  #view(circuit: Circuit | undefined): CircuitView {
    const restsUntil = circuit !== undefined && circuit.restsUntil > this.clock.now() ? circuit.restsUntil : undefined;
    return { state: STATES[circuit?.breaker.state ?? CircuitState.Closed], restsUntil };
  }

  /** Runs the attempt if the circuits are closed, or if a probe is due and no other is running; undefined otherwise. */
  async ask<T extends AttemptResult>(route: Route, attempt: () => Promise<T>): Promise<T | undefined> {
    const { channel, model } = this.#of(route);
    if (isClosed(channel) && isClosed(model)) {
      const tried = await this.askAnyway(route, attempt);
      if (tried.ended === true) return tried;
      for (const circuit of [model, channel]) if (isNews(circuit, tried)) await circuit.breaker.execute(() => tried);
      return tried;
    }
    const states = [channel.breaker.state, model.breaker.state];
    if (states.includes(CircuitState.HalfOpen)) return undefined;
    const viaChannel = () => channel.breaker.execute(() => this.askAnyway(route, attempt));
    try {
      // Any model may show that its channel is back, so the model's own circuit is not asked.
      return await (channel.breaker.state === CircuitState.Open ? viaChannel() : model.breaker.execute(viaChannel));
    } catch (error) {
      if (error instanceof BrokenCircuitError) return undefined;
      throw error;
    }
  }

  /** Runs the attempt whatever the circuits say. */
  async askAnyway<T extends AttemptResult>(route: Route, attempt: () => Promise<T>): Promise<T> {
    const tried = await attempt();
    if (tried.rest !== undefined) {
      const { scope, ms } = tried.rest;
      this.#of(route)[scope].restsUntil = this.clock.now() + ms;
    }
    return tried;
  }

  #of({ channel: { name }, upstreamModel }: Route): Pair {
    let known = this.#channels.get(name);
    if (known === undefined) {
      known = { channel: closed(({ failed }) => failed === 'channel'), models: new Map<string, Pair>() };
      this.#channels.set(name, known);
    }
    let pair = known.models.get(upstreamModel);
    if (pair === undefined) {
      pair = { channel: known.channel, model: closed(({ failed }) => failed !== undefined) };
      known.models.set(upstreamModel, pair);
    }
    return pair;
  }
}

const isClosed = ({ breaker }: Circuit): boolean => breaker.state === CircuitState.Closed;

/** Whether a breaker is to be told of an attempt that was made while it was closed: not of a success that ends no failures. */
const isNews = (circuit: Circuit, tried: AttemptResult): boolean =>
  isClosed(circuit) && (circuit.failures.state > 0 || circuit.isFailure(tried));

function closed(isFailure: Circuit['isFailure']): Circuit {
  const failures = new ConsecutiveBreaker(FAILURES_IN_A_ROW);
  const breaker = circuitBreaker(
    handleWhenResult((tried) => (tried as AttemptResult).ended === true || isFailure(tried as AttemptResult)),
    {
      breaker: failures,
      halfOpenAfter: new ExponentialBackoff({ initialDelay: FIRST_PROBE_MS, maxDelay: LAST_PROBE_MS }),
    },
  );
  return { breaker, failures, isFailure, restsUntil: 0 };
}
