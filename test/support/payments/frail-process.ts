// A process that breaks at one of its steps to the outside: an append, or a request to Stripe.
import { Stripe } from 'stripe';
import type { SandboxStripe } from '../../../sandbox/stripe/index.js';
import { type EventStore, ForwardingEventStore, type NewEvent } from '../../../src/event-store/index.js';

export interface Break {
  readonly step: number;
  /** It dies when the step is done and before it learns so; or stands still before the step, and goes on when others have done it all. */
  readonly how: 'dies' | 'stalls';
}

/** The life of a process: the names of its steps, until it breaks. */
export class Life {
  readonly steps: string[] = [];
  readonly #broken = Promise.withResolvers<void>();
  readonly #wake = Promise.withResolvers<void>();
  #isDead = false;

  constructor(private readonly end?: Break) {}

  get broken(): Promise<void> {
    return this.#broken.promise;
  }

  wake(): void {
    this.#wake.resolve();
  }

  async step<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#isDead) return new Promise<never>(() => undefined);
    const how = this.steps.push(name) - 1 === this.end?.step ? this.end.how : undefined;
    if (how === 'stalls') {
      this.#broken.resolve();
      await this.#wake.promise;
    }
    this.#isDead = how === 'dies';
    const done = await work();
    if (how !== 'dies') return done;
    this.#broken.resolve();
    return new Promise<never>(() => undefined);
  }
}

/** The way of a process to its store. */
export class FrailStore extends ForwardingEventStore {
  constructor(
    inner: EventStore,
    private readonly life: Life,
  ) {
    super(inner);
  }

  override append(stream: string, expected: number, events: readonly NewEvent[]): Promise<void> {
    return this.life.step(`append ${events[0]?.type}`, () => super.append(stream, expected, events));
  }
}

/** The way of a process to Stripe. */
export function frailStripe({ secretKey, clientOptions }: SandboxStripe, life: Life): Stripe {
  const httpClient = Stripe.createNodeHttpClient();
  const request = httpClient.makeRequest.bind(httpClient);
  httpClient.makeRequest = (...args) => life.step(`${args[3]} ${args[2]}`, () => request(...args));
  return new Stripe(secretKey, { ...clientOptions, httpClient, maxNetworkRetries: 0, telemetry: false });
}
