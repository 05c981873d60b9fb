// The state of one sandbox: its objects, time and events. Every change of an object goes through here, so that none
// lacks its event.
import type Stripe from 'stripe';
import { type Clock, type JsonObject, randomBase62 } from '../../src/kernel/index.js';
import type { SessionParams } from './objects/session-params.js';
import type { Knobs } from './knobs.js';
import type { Shelf } from './memory.js';
import type { PaymentScenario } from './payment-scenario.js';
import { Store } from './store.js';

export type EventType = Stripe.Event['type'];
export type ObjectOf<T extends EventType> = Extract<Stripe.Event, { type: T }>['data']['object'];

/** The API request that causes the current change; null when a customer, a bank or time does. */
export interface Cause {
  readonly id: string;
  readonly idempotency_key: string | null;
}

export interface WorldOptions {
  readonly clock: Clock;
  readonly knobs: Knobs;
  readonly apiVersion: string;
  /** Sends a webhook; returns whether there is a receiver. */
  readonly deliver: (event: Stripe.Event) => boolean;
  /** The base URL of the pages. */
  readonly url: string;
  /** Where the state is stored. */
  readonly shelf: <T>(name: string) => Shelf<T>;
}

export class World {
  readonly store: Store;
  /** Sessions show their line items only on request. */
  readonly lineItems: Shelf<Stripe.LineItem[]>;
  /** Passed from sessions to their payment intents. */
  readonly intentData: Shelf<NonNullable<SessionParams['payment_intent_data']>>;
  readonly deletedCustomers: Shelf<Stripe.DeletedCustomer>;
  /** The payout of each balance transaction that was paid out. */
  readonly paidOutBy: Shelf<string>;
  /** Sessions whose customer takes the address that is given with the payment. */
  readonly addressUpdates: Shelf<'auto'>;
  /** The scenarios of sessions whose payment settles by itself. */
  readonly settling: Shelf<PaymentScenario>;
  cause: Cause | null = null;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(readonly options: WorldOptions) {
    const { shelf } = options;
    this.store = new Store(shelf);
    this.lineItems = shelf('line_items');
    this.intentData = shelf('intent_data');
    this.deletedCustomers = shelf('deleted_customers');
    this.paidOutBy = shelf('paid_out_by');
    this.addressUpdates = shelf('address_updates');
    this.settling = shelf('settling');
  }

  get url(): string {
    return this.options.url;
  }

  get knobs(): Knobs {
    return this.options.knobs;
  }

  /** Seconds since the Unix epoch. */
  now(): number {
    return Math.floor(this.options.clock.now() / 1_000);
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBase62(24)}`;
  }

  /** Runs work later, unless the sandbox is closed by then. */
  later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }

  /** Changes an object and emits the event, with the previous values. */
  change<T extends EventType>(type: T, object: ObjectOf<T>, changes: Partial<ObjectOf<T>>): void {
    const before = Object.fromEntries(
      Object.keys(changes).map((name) => [name, (object as unknown as JsonObject)[name]]),
    );
    const previous = snapshot(before) as Partial<ObjectOf<T>>;
    Object.assign(object, changes);
    this.emit(type, object, previous);
  }

  /** Emits an event with the object in its current state. */
  emit<T extends EventType>(type: T, object: ObjectOf<T>, previous?: Partial<ObjectOf<T>>): void {
    const event = {
      id: this.newId('evt'),
      object: 'event',
      api_version: this.options.apiVersion,
      created: this.now(),
      data: { object: snapshot(object), ...(previous === undefined ? {} : { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 0,
      request: this.cause ?? { id: null, idempotency_key: null },
      type,
    } as unknown as Stripe.Event; // The union can't express that type and object belong together; the parameters do.
    this.store.add('event', event);
    if (this.options.deliver(event)) event.pending_webhooks = 1;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** A copy of the object, as it is sent at this instant. */
export const snapshot = <T>(object: T): T => JSON.parse(JSON.stringify(object)) as T;
