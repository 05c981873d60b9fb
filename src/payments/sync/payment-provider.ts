import { Refused, refuse } from '../../kernel/index.js';
import type { DisputeOutcome } from '../../ledger/index.js';
import type { Card } from '../automatic/automatic-topup.js';
import type { PayoutReport } from '../payouts/payout.js';
import type { BalanceEntry, PaymentStatus } from '../topups/topup.commands.js';
import type { RefundReportStatus } from '../topups/topup.events.js';
import type { TopupOrder } from '../topups/topup.state.js';

/** How a refund stands at the payment provider. */
export interface ProviderRefund {
  readonly stripeRefundId: string;
  /** Our id of it, when we asked for it. */
  readonly refundId: string | undefined;
  readonly amountMinor: number;
  readonly status: RefundReportStatus;
  readonly reason: string | undefined;
  /** What its sending, and its coming back, did to our balance; undefined as long as the provider has not said. */
  readonly sent: BalanceEntry | undefined;
  readonly returned: BalanceEntry | undefined;
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
  readonly movements: readonly BalanceEntry[];
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
  readonly settlement: BalanceEntry | undefined;
  /** The card that its customer let us keep with it. */
  readonly savedCard?: Card | undefined;
  readonly refunds: readonly ProviderRefund[];
  readonly disputes: readonly ProviderDispute[];
  readonly warnings: readonly FraudWarning[];
}

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

/** That something may have happened at the payment provider. What did, the provider is asked: a hint that is false does no harm. */
export type PaymentHint =
  | { readonly type: 'topup'; readonly topupId: string; readonly sessionId?: string; readonly paymentIntentId?: string }
  | { readonly type: 'payment'; readonly paymentIntentId: string }
  | { readonly type: 'payout'; readonly payoutId: string };

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
  abstract openCheckout(order: TopupOrder, links: ReturnLinks, saveUnder?: string): Promise<Checkout>;

  /** A payment as it stands; undefined when there is none. */
  abstract payment(reference: PaymentReference): Promise<Payment | undefined>;

  /** The order that a payment names; undefined when it is none of ours. */
  abstract orderOf(paymentIntentId: string): Promise<string | undefined>;

  /** Pays back. Resolves when the provider has taken it on; how it goes, the payment tells. */
  abstract refund(order: RefundOrder): Promise<void>;

  /** A payout as it stands; undefined when there is none. */
  abstract payout(payoutId: string): Promise<PayoutReport | undefined>;
}

/** What the payment provider tells by itself. */
export abstract class PaymentNotices {
  /**
   * What a webhook tells, once its signature over exactly these bytes is verified; undefined when it is of no concern to us.
   * @throws Refused `invalid_signature`, `wrong_mode`
   */
  abstract read(body: Buffer, signature: string | undefined): PaymentHint | undefined;

  /** What could not be delivered since an instant (epoch milliseconds), each once. @throws PaymentProviderUnavailable */
  abstract missedSince(epochMs: number): Promise<readonly PaymentHint[]>;
}
