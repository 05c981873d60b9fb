// Every object by its id, in order of creation.
import type Stripe from 'stripe';
import { missing } from './errors.js';
import type { Shelf } from './memory.js';

/** The kinds of objects with an id of their own, by Stripe's name. */
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
  'tax.calculation': Stripe.Tax.Calculation & { readonly id: string };
}
export type Kind = keyof Kinds;

const KINDS = Object.keys({
  customer: 1,
  payment_method: 1,
  'checkout.session': 1,
  payment_intent: 1,
  charge: 1,
  refund: 1,
  dispute: 1,
  balance_transaction: 1,
  payout: 1,
  event: 1,
  'radar.early_fraud_warning': 1,
  'tax.calculation': 1,
} satisfies Record<Kind, 1>) as Kind[];

export class Store {
  constructor(private readonly shelf: <T>(name: string) => Shelf<T>) {}

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
    return this.#of(kind)
      .entries()
      .map(([, object]) => object);
  }

  remove(kind: Kind, id: string): void {
    this.#of(kind).delete(id);
  }

  /** The object of any kind with this id. */
  find(id: string): Kinds[Kind] | undefined {
    const kind = KINDS.find((each) => this.#of(each).has(id));
    return kind && this.#of(kind).get(id);
  }

  #of<K extends Kind>(kind: K): Shelf<Kinds[K]> {
    return this.shelf(kind);
  }
}
