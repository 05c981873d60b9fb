// Sends webhooks as Stripe does (https://docs.stripe.com/webhooks): signed, in order, and again when the answer is not
// 2xx, unless the knobs say otherwise.
import { createHmac } from 'node:crypto';
import type Stripe from 'stripe';
import type { Clock } from '../../src/kernel/index.js';
import type { Knobs } from './knobs.js';
import { Randomness } from './randomness.js';
import { snapshot } from './world.js';

interface Target {
  readonly url: string;
  /** More than one while a secret is rotated. */
  readonly secrets: readonly string[];
}

const MOST_ATTEMPTS = 16;
const TIMEOUT_MS = 10_000;
const LONG_AGO_S = 3_600;

export class Deliveries {
  #target: Target | undefined;
  #random: Randomness | undefined;
  /** The end of the queue of webhooks that keep their order. */
  #last: Promise<void> = Promise.resolve();
  readonly #underWay = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closing = new AbortController();

  constructor(
    private readonly knobs: Knobs,
    private readonly clock: Clock,
    /** Called when a webhook was acknowledged. */
    private readonly onTaken: (event: Stripe.Event) => void = () => undefined,
  ) {}

  sendTo(target: Target | undefined): void {
    this.#target = target;
  }

  /** Accepts an event. Returns whether it will be delivered. */
  take(event: Stripe.Event): boolean {
    if (this.#target === undefined || this.#closing.signal.aborted) return false;
    const { drop } = this.knobs;
    if (drop === true || (Array.isArray(drop) && drop.includes(event.type))) return true;
    for (let copy = 0; copy <= this.knobs.duplicate; copy += 1) this.#track(this.#start(event));
    return true;
  }

  /** Resolves when every accepted event has been sent once; does not wait for retries. */
  async sent(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#underWay.clear();
  }

  #track(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #start(event: Stripe.Event): Promise<void> {
    const wait = this.knobs.delayMs + this.#partOf(this.knobs.reorderWithinMs);
    if (wait > 0) {
      await new Promise<void>((resolve) => this.#after(wait, resolve));
      await this.#attempt(event, 1);
      return;
    }
    const turn = this.#last.then(() => this.#attempt(event, 1));
    this.#last = turn;
    await turn;
  }

  #partOf(ms: number): number {
    if (ms === 0) return 0;
    const { seed } = this.knobs;
    if (this.#random?.seed !== seed) {
      console.info(`The sandbox Stripe reorders webhooks with seed ${seed}.`);
      this.#random = new Randomness(seed);
    }
    return 1 + this.#random.below(ms);
  }

  #after(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  async #attempt(event: Stripe.Event, attempt: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    if (await this.#post(event)) {
      event.pending_webhooks = 0;
      this.onTaken(event);
    } else if (attempt < MOST_ATTEMPTS && !this.#closing.signal.aborted) {
      this.#after(this.knobs.retryMs * 2 ** (attempt - 1), () => void this.#attempt(event, attempt + 1));
    }
  }

  /** Returns whether it was acknowledged. */
  async #post(event: Stripe.Event): Promise<boolean> {
    if (this.#target === undefined) return false;
    const body = this.#bodyOf(event);
    try {
      const response = await fetch(this.#target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': this.#signature(body, this.#target.secrets),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      return response.ok;
    } catch {
      return false;
    }
  }

  #bodyOf(event: Stripe.Event): string {
    const { tamper } = this.knobs;
    const delivered = { ...snapshot(event), pending_webhooks: 1 };
    if (tamper) change(delivered.data.object as unknown as Record<string, unknown>, tamper);
    return JSON.stringify(delivered, null, 2);
  }

  /** https://docs.stripe.com/webhooks#verify-manually */
  #signature(body: string, secrets: readonly string[]): string {
    const time = Math.floor(this.clock.now() / 1_000) - (this.knobs.oldTimestamp ? LONG_AGO_S : 0);
    const signed = secrets.map((secret) => {
      const key = this.knobs.wrongSignature ? `not ${secret}` : secret;
      return `v1=${createHmac('sha256', key).update(`${time}.${body}`).digest('hex')}`;
    });
    return [`t=${time}`, ...signed].join(',');
  }
}

const AMOUNTS = ['amount', 'amount_total', 'amount_subtotal', 'amount_received', 'amount_captured'];

function change(object: Record<string, unknown>, { amount, currency, metadata }: NonNullable<Knobs['tamper']>): void {
  for (const name of AMOUNTS) if (amount !== undefined && name in object) object[name] = amount;
  if (currency !== undefined && 'currency' in object) object['currency'] = currency;
  if (metadata !== undefined) object['metadata'] = { ...(object['metadata'] as object | null), ...metadata };
}
