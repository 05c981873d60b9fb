import { Command } from '@nestjs/cqrs';
import type { Amount } from '../kernel/index.js';
import type { Payment } from './provider/payment.js';
import type { TopupCurrency, Quote } from './topups/topup.events.js';

export interface OrderedTopup {
  readonly topupId: string;
  readonly credit: Amount;
  readonly currency: TopupCurrency;
  readonly priceMinor: number;
  readonly quote: Quote | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Where it is paid; undefined when it can’t be any more. */
  readonly checkoutUrl: string | undefined;
}

/**
 * Orders credit and opens the checkout where it is paid. The same id again is the same order, also after a crash.
 * Refused: `invalid_amount`, `currency_not_offered`, `account_not_found`, `account_closed`, `payments_unavailable`.
 */
export class OrderTopup extends Command<OrderedTopup> {
  constructor(
    readonly accountId: string,
    readonly topupId: string,
    readonly input: {
      readonly credit: Amount;
      readonly currency: TopupCurrency;
      /** Keep the card that pays, for automatic top-ups. */
      readonly saveCard?: boolean;
    },
  ) {
    super();
  }
}

/** Asks the payment provider how a top-up stands and notes what is new. Returns its payment; undefined when there is none. */
export class SyncTopup extends Command<Payment | undefined> {
  constructor(readonly topupId: string) {
    super();
  }
}

export interface RefundInput {
  /** The newest first, within the window, without it. */
  readonly topupId?: string | undefined;
  /** All that can be refunded, without it. */
  readonly amount?: Amount | undefined;
  readonly reason: string;
  readonly requestedBy: string;
}

/**
 * Asks for unused paid credit to be paid back, all of the amount or nothing: it leaves its lots at once. Returns the ids of the refunds, one for each top-up. The same
 * request id again is the same request. Refused: `topup_not_found`, `refund_window_over`, `refund_exceeds_credit`, `payment_disputed`,
 * `account_not_found`.
 */
export class RequestRefund extends Command<readonly string[]> {
  constructor(
    readonly accountId: string,
    readonly requestId: string,
    readonly input: RefundInput,
  ) {
    super();
  }
}

/** Approves a refund and sends it. Refused: `refund_not_found`, `refund_closed`, `second_person_needed`. */
export class ApproveRefund extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly approvedBy: string,
  ) {
    super();
  }
}

/** Declines a refund: its credit is there again, and the customer is told why. Refused: `refund_not_found`, `refund_approved`. */
export class DeclineRefund extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly decision: { readonly declinedBy: string; readonly reason: string },
  ) {
    super();
  }
}
