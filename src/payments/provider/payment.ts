// How payments, refunds, disputes and payouts stand at the payment provider, in Stripe’s words.
import type { Amount } from '../../kernel/index.js';
import type { DisputeOutcome } from '../../ledger/index.js';

/** What a payment is for. Its id names it at the payment provider. */
export interface PaymentOrder {
  readonly topupId: string;
  readonly accountId: string;
  readonly credit: Amount;
  readonly currency: string;
  readonly priceMinor: number;
  /** Until when it may be paid, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** A saved card, by Stripe’s ids. Its digits stay at Stripe. */
export interface Card {
  readonly customerId: string;
  readonly paymentMethodId: string;
}

export type PaymentStatus = 'open' | 'pending' | 'paid' | 'failed' | 'expired';

export type RefundStatus = 'pending' | 'succeeded' | 'failed' | 'canceled';

/** A balance transaction of Stripe’s: it changed our balance there. */
export interface BalanceTransaction {
  readonly balanceTransactionId: string;
  readonly currency: string;
  /** Positive when money came in, negative when it went out. */
  readonly amountMinor: number;
  readonly feeMinor: number;
}

/** How a refund stands at the payment provider. */
export interface ProviderRefund {
  readonly stripeRefundId: string;
  /** Our id of it, when we asked for it. */
  readonly refundId: string | undefined;
  readonly amountMinor: number;
  readonly status: RefundStatus;
  readonly reason: string | undefined;
  /** What its sending, and its coming back, did to our balance; undefined as long as the provider has not said. */
  readonly sent: BalanceTransaction | undefined;
  readonly returned: BalanceTransaction | undefined;
}

/** How a dispute stands at the payment provider. */
export interface ProviderDispute {
  readonly disputeId: string;
  readonly amountMinor: number;
  readonly reason: string;
  /** A mere question of the bank’s. */
  readonly inquiry: boolean;
  readonly outcome: DisputeOutcome | undefined;
  /** What it did to our balance, oldest first. */
  readonly movements: readonly BalanceTransaction[];
}

export interface FraudWarning {
  readonly warningId: string;
  readonly fraudType: string;
}

/** How a payment stands at the payment provider, with all that came of it. */
export interface Payment {
  readonly sessionId: string | undefined;
  /** Undefined as long as nobody has tried to pay. */
  readonly paymentIntentId: string | undefined;
  /** The order it names in everything of it; undefined where it names none, or several. */
  readonly orderId: string | undefined;
  readonly status: PaymentStatus;
  readonly amountMinor: number;
  readonly currency: string;
  /** Why it failed. */
  readonly reason: string | undefined;
  /** Where it can be paid, as long as it can. */
  readonly checkoutUrl: string | undefined;
  readonly settlement: BalanceTransaction | undefined;
  /** The card that its customer let us keep with it. */
  readonly savedCard?: Card | undefined;
  readonly refunds: readonly ProviderRefund[];
  readonly disputes: readonly ProviderDispute[];
  readonly warnings: readonly FraudWarning[];
}

/** How a payout of our balance to our bank stands. */
export interface PayoutReport {
  readonly payoutId: string;
  readonly status: 'pending' | 'paid' | 'failed';
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
}
