// The state of payments, refunds, disputes and payouts at the payment provider, in Stripe’s terms.
import type { Amount } from '../../kernel/index.js';
import type { DisputeOutcome } from '../../ledger/index.js';

/** The order that a payment is for. The payment provider stores its id with the payment. */
export interface PaymentOrder {
  readonly topupId: string;
  readonly accountId: string;
  readonly credit: Amount;
  readonly currency: string;
  readonly priceMinor: number;
  /** Until when it may be paid, in epoch milliseconds. */
  readonly expiresAt: number;
}

/** A saved card, by Stripe’s ids. Its number stays at Stripe. */
export interface Card {
  readonly customerId: string;
  readonly paymentMethodId: string;
}

export type PaymentStatus = 'open' | 'pending' | 'paid' | 'failed' | 'expired';

export type RefundStatus = 'pending' | 'succeeded' | 'failed' | 'canceled';

/** A balance transaction of Stripe’s: a change of our balance there. */
export interface BalanceTransaction {
  readonly balanceTransactionId: string;
  readonly currency: string;
  /** Positive when money came in, negative when it went out. */
  readonly amountMinor: number;
  readonly feeMinor: number;
  /** When Stripe made it, in epoch milliseconds. */
  readonly createdAt?: number;
}

/** A refund at the payment provider. */
export interface ProviderRefund {
  readonly stripeRefundId: string;
  /** Our id, when we requested the refund. */
  readonly refundId: string | undefined;
  readonly amountMinor: number;
  readonly status: RefundStatus;
  readonly reason: string | undefined;
  /** The balance transactions of the refund and of its return by the bank; undefined until the provider reports them. */
  readonly sent: BalanceTransaction | undefined;
  readonly returned: BalanceTransaction | undefined;
}

/** A dispute at the payment provider. */
export interface ProviderDispute {
  readonly disputeId: string;
  readonly amountMinor: number;
  /** The bank's, as a rule that of the payment. */
  readonly currency: string;
  readonly reason: string;
  /** Whether the bank only asks a question and has not withdrawn money. */
  readonly inquiry: boolean;
  readonly outcome: DisputeOutcome | undefined;
  /** Until when the bank takes evidence, in epoch milliseconds. */
  readonly evidenceDueAt?: number | undefined;
  /** Its balance transactions, oldest first. */
  readonly movements: readonly BalanceTransaction[];
}

interface FraudWarning {
  readonly warningId: string;
  readonly fraudType: string;
}

/** A payment at the payment provider, with its refunds and disputes. */
export interface Payment {
  readonly sessionId: string | undefined;
  /** Undefined until somebody tries to pay. */
  readonly paymentIntentId: string | undefined;
  /** The one order that all its objects name; undefined when they name none or several. */
  readonly orderId: string | undefined;
  readonly status: PaymentStatus;
  readonly amountMinor: number;
  readonly currency: string;
  /** The part of the amount that is tax, in minor units, where Stripe Tax computed it. */
  readonly taxMinor?: number | undefined;
  /** Why the payment failed. */
  readonly reason: string | undefined;
  /** Where it can be paid; undefined when it can’t be paid any more. */
  readonly checkoutUrl: string | undefined;
  readonly settlement: BalanceTransaction | undefined;
  /** The card that the customer allowed us to save. */
  readonly savedCard?: Card | undefined;
  readonly refunds: readonly ProviderRefund[];
  readonly disputes: readonly ProviderDispute[];
  readonly warnings: readonly FraudWarning[];
}

/** A payout of our balance to our bank. */
export interface PayoutReport {
  readonly payoutId: string;
  readonly status: 'pending' | 'paid' | 'failed';
  readonly currency: string;
  readonly amountMinor: number;
  readonly feeMinor: number;
  /** When it left our balance at Stripe, and when it came back there, in epoch milliseconds. */
  readonly createdAt?: number | undefined;
  readonly returnedAt?: number | undefined;
}
