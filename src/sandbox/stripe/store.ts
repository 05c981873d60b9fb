// What the sandbox remembers: every object under its id, in the order of making.
import type Stripe from 'stripe';
import { missing } from './errors.js';

/** The objects that have an id and a place of their own, by Stripe's name of the kind. */
export interface Kinds {
  customer: Stripe.Customer;
  payment_method: Stripe.PaymentMethod;
  'checkout.session': Stripe.Checkout.Session;
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  dispute: Stripe.Dispute;
  balance_transaction: Stripe.BalanceTransaction;
  payout: Stripe.Payout;
  event: Stripe.Event;
  'radar.early_fraud_warning': Stripe.Radar.EarlyFraudWarning;
}
export type Kind = keyof Kinds;

export class Store {
  readonly #kinds = new Map<Kind, Map<string, Kinds[Kind]>>();

  add<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.#of(kind).set(object.id, object);
    return object;
  }

  /** @throws StripeFailure 404 `resource_missing`. */
  get<K extends Kind>(kind: K, id: string, param?: string): Kinds[K] {
    const found = this.#of(kind).get(id);
    if (found === undefined) throw missing(kind, id, param);
    return found;
  }

  /** Oldest first. */
  all<K extends Kind>(kind: K): Kinds[K][] {
    return [...this.#of(kind).values()];
  }

  remove(kind: Kind, id: string): void {
    this.#of(kind).delete(id);
  }

  /** Whatever has this id. */
  find(id: string): Kinds[Kind] | undefined {
    for (const objects of this.#kinds.values()) {
      const found = objects.get(id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #of<K extends Kind>(kind: K): Map<string, Kinds[K]> {
    const objects = this.#kinds.get(kind) ?? new Map<string, Kinds[Kind]>();
    this.#kinds.set(kind, objects);
    return objects as Map<string, Kinds[K]>;
  }
}
