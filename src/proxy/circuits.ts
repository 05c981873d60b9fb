// Which channels are worth a try now. A circuit per channel opens after failures in a row and is closed again by a probe; a channel
// that asked for rest (Retry-After) is left alone until then.
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
import { Clock } from '../kernel/index.js';

const FAILURES_IN_A_ROW = 5;
const FIRST_PROBE_MS = 1_000;
const LAST_PROBE_MS = 60_000;
/** A provider that asks for more rest than this is asked again earlier: it may have been wrong. */
const LONGEST_REST_MS = 300_000;

/** What a try says about its channel. */
export interface Tried {
  /** The channel failed; a request it found wrong, or a rate limit, is no failure of the channel. */
  readonly channelFailed: boolean;
  /** How long it asked to be left alone, in milliseconds. */
  readonly restMs?: number | undefined;
}

interface Circuit {
  readonly breaker: CircuitBreakerPolicy;
  restsUntil: number;
}

/** The circuits of this gateway's channels, by name. */
@Injectable()
export class Circuits {
  readonly #circuits = new Map<string, Circuit>();

  constructor(private readonly clock: Clock) {}

  /** For how long the channel still wants to be left alone, in milliseconds. */
  restMs(channel: string): number {
    return Math.max(0, (this.#circuits.get(channel)?.restsUntil ?? 0) - this.clock.now());
  }

  /** Whether the channel has not failed too often of late. */
  isClosed(channel: string): boolean {
    return (this.#circuits.get(channel)?.breaker.state ?? CircuitState.Closed) === CircuitState.Closed;
  }

  /** Asks the channel if its circuit is closed, or if it is time for a probe and no other is under way; undefined otherwise. */
  async ask<T extends Tried>(channel: string, attempt: () => Promise<T>): Promise<T | undefined> {
    const circuit = this.#of(channel);
    if (circuit.breaker.state === CircuitState.HalfOpen) return undefined;
    try {
      return await circuit.breaker.execute(() => this.askAnyway(channel, attempt));
    } catch (error) {
      if (error instanceof BrokenCircuitError) return undefined;
      throw error;
    }
  }

  /** Asks the channel whatever its circuit says. */
  async askAnyway<T extends Tried>(channel: string, attempt: () => Promise<T>): Promise<T> {
    const tried = await attempt();
    if (tried.restMs !== undefined) {
      this.#of(channel).restsUntil = this.clock.now() + Math.min(tried.restMs, LONGEST_REST_MS);
    }
    return tried;
  }

  #of(channel: string): Circuit {
    let circuit = this.#circuits.get(channel);
    if (circuit === undefined) {
      const breaker = circuitBreaker(
        handleWhenResult((tried) => (tried as Tried).channelFailed),
        {
          breaker: new ConsecutiveBreaker(FAILURES_IN_A_ROW),
          halfOpenAfter: new ExponentialBackoff({ initialDelay: FIRST_PROBE_MS, maxDelay: LAST_PROBE_MS }),
        },
      );
      circuit = { breaker, restsUntil: 0 };
      this.#circuits.set(channel, circuit);
    }
    return circuit;
  }
}
