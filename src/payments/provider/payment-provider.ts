import { Refused, refuse } from '../../kernel/index.js';
import type { Payment, PaymentOrder, PayoutReport } from './payment.js';

export type PaymentReference = { readonly sessionId: string } | { readonly paymentIntentId: string };

export interface Checkout {
  readonly sessionId: string;
  readonly url: string | undefined;
}

/** Where a checkout sends the customer afterwards. */
export interface ReturnLinks {
  readonly paid: string;
  readonly canceled: string;
}

export interface RefundOrder {
  readonly refundId: string;
  readonly topupId: string;
  readonly paymentIntentId: string;
  readonly amountMinor: number;
}

/** The payment provider can’t be reached, is too busy or did not answer in time. It may or may not have carried out the request. */
export class PaymentProviderUnavailable extends Refused {
  constructor(
    /** What went wrong, for an operator. */
    readonly detail: string,
  ) {
    super(
      refuse(
        'unavailable',
        'payments_unavailable',
        'The payment provider can’t be reached at the moment. Nothing is lost; try again in a minute.',
      ),
    );
  }
}

/** The payment provider refuses a request; a retry would not help. */
export class PaymentProviderRefused extends Refused {
  constructor(
    /** The provider’s reason, for an operator. */
    readonly detail: string,
  ) {
    super(refuse('bad_gateway', 'payment_refused', 'The payment provider refused this request. Contact support.'));
  }
}

/**
 * Takes the customers’ payments. Every method is idempotent: the same arguments again have no further effect.
 * Rejects with `PaymentProviderUnavailable`, or with `PaymentProviderRefused` when a retry would not help.
 */
export abstract class PaymentProvider {
  /** The payment methods offered at checkout, by Stripe’s names. */
  abstract readonly methods: readonly string[];

  /** Opens the checkout of an order, or finds the open one. With a customer id, the card used is saved for that customer. */
  abstract openCheckout(order: PaymentOrder, links: ReturnLinks, saveUnder?: string): Promise<Checkout>;

  /** Closes an open checkout for good. One that was paid meanwhile, or has expired, stays as it is: `payment` shows which. */
  abstract closeCheckout(sessionId: string): Promise<void>;
  /** A payment in its present state; undefined when there is none. */
  abstract payment(reference: PaymentReference): Promise<Payment | undefined>;

  /** The id of the order that a payment names; undefined when the payment is not ours. */
  abstract orderOf(paymentIntentId: string): Promise<string | undefined>;

  /** Starts a refund. Resolves when the provider has accepted it; `payment` shows its progress. */
  abstract refund(order: RefundOrder): Promise<void>;

  /** A payout in its present state; undefined when there is none. */
  abstract payout(payoutId: string): Promise<PayoutReport | undefined>;
}
