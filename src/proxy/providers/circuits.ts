// Which channels are worth a try now. A circuit opens after failures in a row and is closed again by a probe: one for each channel, and one for
// each model there, as what befalls one model says nothing of the others. Who asked for rest (Retry-After) is left alone until then.
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
/** A provider that asks for more rest than this is asked again earlier: it may have been wrong. */
const LONGEST_REST_MS = 300_000;

/** What a try says about its channel. */
export interface AttemptResult {
  /** What failed; a request that was found wrong, or a rate limit, is no failure. */
  readonly failed?: Scope | undefined;
  /** What asked to be left alone, and for how long. */
  readonly rest?: { readonly scope: Scope; readonly ms: number } | undefined;
}

interface Circuit {
  readonly breaker: CircuitBreakerPolicy;
  restsUntil: number;
}

interface OfChannel extends Circuit {
  /** By the channel's names of them. */
  readonly models: Map<string, Circuit>;
}

/** The circuits of this gateway, by the names of its channels and their models. There are as many as the configuration names at most. */
@Injectable()
export class Circuits {
  readonly #channels = new Map<string, OfChannel>();

  constructor(private readonly clock: Clock) {}

  /** For how long the model still wants to be left alone at this channel, in milliseconds. */
  restMs(route: Route): number {
    const { channel, model } = this.#of(route);
    return Math.max(0, Math.max(channel.restsUntil, model.restsUntil) - this.clock.now());
  }

  /** Whether neither the channel nor the model there has failed too often of late. */
  isClosed(route: Route): boolean {
    return Object.values(this.#of(route)).every(({ breaker }) => breaker.state === CircuitState.Closed);
  }

  /** Asks if the circuits are closed, or if it is time for a probe and no other is under way; undefined otherwise. */
  async ask<T extends AttemptResult>(route: Route, attempt: () => Promise<T>): Promise<T | undefined> {
    const { channel, model } = this.#of(route);
    const states = [channel.breaker.state, model.breaker.state];
    if (states.includes(CircuitState.HalfOpen)) return undefined;
    const asked = () => channel.breaker.execute(() => this.askAnyway(route, attempt));
    try {
      // Any model may show that its channel is back; what becomes of the model is for later then.
      return await (channel.breaker.state === CircuitState.Open ? asked() : model.breaker.execute(asked));
    } catch (error) {
      if (error instanceof BrokenCircuitError) return undefined;
      throw error;
    }
  }

  /** Asks whatever the circuits say. */
  async askAnyway<T extends AttemptResult>(route: Route, attempt: () => Promise<T>): Promise<T> {
    const tried = await attempt();
    if (tried.rest !== undefined) {
      const { scope, ms } = tried.rest;
      this.#of(route)[scope].restsUntil = this.clock.now() + Math.min(ms, LONGEST_REST_MS);
    }
    return tried;
  }

  #of({ channel: { name }, upstreamModel }: Route): Readonly<Record<Scope, Circuit>> {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = { ...closed(({ failed }) => failed === 'channel'), models: new Map<string, Circuit>() };
      this.#channels.set(name, channel);
    }
    let model = channel.models.get(upstreamModel);
    if (model === undefined) {
      model = closed(({ failed }) => failed !== undefined);
      channel.models.set(upstreamModel, model);
    }
    return { channel, model };
  }
}

const closed = (isFailure: (tried: AttemptResult) => boolean): Circuit => ({
  breaker: circuitBreaker(
    handleWhenResult((tried) => isFailure(tried as AttemptResult)),
    {
      breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
      halfOpenAfter: new ExponentialBackoff({ initialDelay: FIRST_PROBE_MS, maxDelay: LAST_PROBE_MS }),
    },
  ),
  restsUntil: 0,
});
