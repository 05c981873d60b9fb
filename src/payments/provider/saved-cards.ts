import type { Card, PaymentOrder } from './payment.js';

/** What a person knows their card by. */
export interface CardFace {
  readonly brand: string;
  readonly last4: string;
  readonly expMonth: number;
  readonly expYear: number;
}

/**
 * Cards that customers let us charge while they are away. Every method may be called again with the same arguments: what is done already
 * is not done twice. Rejects with `PaymentProviderUnavailable`, or `PaymentProviderRefused` where asking again is no use.
 */
export abstract class SavedCards {
  /** The customer that the cards of an account are kept under. */
  abstract customerOf(accountId: string): Promise<string>;

  /** Charges an order to a card; how that went, the payment tells. Returns its id; undefined when there was not even a try. */
  abstract charge(order: PaymentOrder, card: Card): Promise<string | undefined>;

  /** Undefined when the provider does not have it any more. */
  abstract face(card: Card): Promise<CardFace | undefined>;

  /** Lets the provider forget the customer and the cards. */
  abstract forget(card: Card): Promise<void>;
}
