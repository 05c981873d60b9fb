import { Refused, refuse } from '../../kernel/index.js';
import type { Payment, PaymentOrder, PayoutReport } from './payment.js';

export type PaymentReference = { readonly sessionId: string } | { readonly paymentIntentId: string };

export interface Checkout {
  readonly sessionId: string;
  readonly url: string | undefined;
}

/** Where a checkout sends its customer when it is done. */
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

/** The payment provider can’t be reached, is too busy or did not answer in time: whether it did what it was asked is unknown. */
export class PaymentProviderUnavailable extends Refused {
  constructor(
    /** What went wrong, for an operator. */
    readonly detail: string,
  ) {
    super(
      refuse(
        'unavailable',
        'payments_unavailable',
        'Payments can’t be reached just now. Nothing is lost; try again in a moment.',
      ),
    );
  }
}

/** The payment provider will not do it, however often it is asked. */
export class PaymentProviderRefused extends Refused {
  constructor(
    /** Why, as it says, for an operator. */
    readonly detail: string,
  ) {
    super(refuse('bad_gateway', 'payment_refused', 'The payment provider refuses this payment. Contact support.'));
  }
}

/**
 * Who takes the customers’ money. Every method may be called again with the same arguments: what is done already is not done twice.
 * Rejects with `PaymentProviderUnavailable`, or `PaymentProviderRefused` where asking again is no use.
 */
export abstract class PaymentProvider {
  /** The methods of payment offered at checkout, as Stripe names them. */
  abstract readonly methods: readonly string[];

  /** Opens the checkout of an order, or finds the one that was opened. With a customer, the card that pays is kept under it. */
  abstract openCheckout(order: PaymentOrder, links: ReturnLinks, saveUnder?: string): Promise<Checkout>;

  /** A payment as it stands; undefined when there is none. */
  abstract payment(reference: PaymentReference): Promise<Payment | undefined>;

  /** The order that a payment names; undefined when it is none of ours. */
  abstract orderOf(paymentIntentId: string): Promise<string | undefined>;

  /** Pays back. Resolves when the provider has taken it on; how it goes, the payment tells. */
  abstract refund(order: RefundOrder): Promise<void>;

  /** A payout as it stands; undefined when there is none. */
  abstract payout(payoutId: string): Promise<PayoutReport | undefined>;
}
