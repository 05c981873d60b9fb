// What this gateway has seen of providers since its start: of each maker the calls as clients had them, of each channel the attempts. Kept in
// memory, without anything of a customer's.
import { Injectable } from '@nestjs/common';
import { Clock } from '../../kernel/index.js';
import { type CallFigures, CallRing } from './call-ring.js';

/** An attempt that failed, in our words. */
export interface LastError {
  readonly at: number;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly reason: string;
}

/** A call whose answer may still break off. */
export interface BegunCall {
  /** The provider broke its answer off. */
  broke(): void;
}

@Injectable()
export class ProviderCalls {
  readonly startedAt: number;
  readonly #makers = new Map<string, CallRing>();
  readonly #channels = new Map<string, CallRing>();
  readonly #lastErrors = new Map<string, LastError>();

  constructor(private readonly clock: Clock) {
    this.startedAt = clock.now();
  }

  /** A call of a model of the maker, after every attempt. */
  call(maker: string, figures: CallFigures): BegunCall {
    const ring = ringOf(this.#makers, maker);
    const number = ring.add(this.clock.now(), figures);
    return { broke: () => ring.failLater(number, this.clock.now()) };
  }

  /** One attempt at a channel; `reason` says in our words why it failed. */
  attempt(channel: string, figures: CallFigures, reason?: string): void {
    const at = this.clock.now();
    ringOf(this.#channels, channel).add(at, figures);
    if (reason !== undefined) this.#lastErrors.set(channel, { at, status: figures.status || null, reason });
  }

  ofMaker(maker: string): CallRing {
    return ringOf(this.#makers, maker);
  }

  ofChannel(channel: string): CallRing {
    return ringOf(this.#channels, channel);
  }

  /** The latest error of a channel, also one that was no failure of its own. */
  lastErrorOf(channel: string): LastError | undefined {
    return this.#lastErrors.get(channel);
  }
}

/** Their number is bounded by the catalogue and the configuration. */
function ringOf(rings: Map<string, CallRing>, name: string): CallRing {
  let ring = rings.get(name);
  if (ring === undefined) rings.set(name, (ring = new CallRing()));
  return ring;
}
