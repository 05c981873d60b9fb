import type { Card, PaymentOrder } from './payment.js';

/** The details by which customers recognise their card. */
export interface CardFace {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

/**
 * The cards that customers allow us to charge off-session. Every method is idempotent: the same arguments again have no further effect.
 * Rejects with `PaymentProviderUnavailable`, or with `PaymentProviderRefused` when a retry would not help.
 */
export abstract class SavedCards {
  /**
   * The id of Stripe’s customer under whom the checkout of an order saves the card: whoever has the card that is saved, so that Stripe forgets
   * both together, or else a new one.
   */
  abstract customerFor(order: PaymentOrder, saved: Card | undefined): Promise<string>;

  /** Charges a card for an order. Returns the id of the payment, which shows the result; undefined when no payment was created. */
  abstract charge(order: PaymentOrder, card: Card): Promise<string | undefined>;

  /** The payment that a charge made of an order, whether or not its answer came; undefined when there is none. Charges nothing. */
  abstract paymentOf(order: PaymentOrder, card: Card): Promise<string | undefined>;

  /** Whether the tax of a charge can be computed: its customer has an address, or no tax is. */
  abstract canBeTaxed(card: Card): Promise<boolean>;

  /** The details of a card; undefined when the provider no longer has it. */
  abstract face(card: Card): Promise<CardFace | undefined>;

  /** Deletes the customer and the cards at the provider. */
  abstract forget(card: Card): Promise<void>;
}
