// What customers and finance decide about refunds (docs/adr/0005-commands-people-give.md).
import { Command } from '@nestjs/cqrs';
import type { AccountCommand, RefundProposal } from '../../ledger/index.js';

/**
 * Requests a refund of unused paid credit, of the whole amount or of nothing: the credit leaves its lots at once. Returns the ids of the
 * refunds, one for each top-up. The same request id again is the same request. Refused: `invalid_amount`, `topup_not_found`,
 * `refund_window_over`, `refund_exceeds_credit`, `payment_disputed`, `account_not_found`.
 */
export class RequestRefund extends Command<readonly string[]> {
  constructor(
    readonly accountId: string,
    readonly requestId: string,
    readonly request: Pick<Extract<AccountCommand, { type: 'RequestRefund' }>, 'amount' | 'reason' | 'requestedBy'> & {
      /** The top-up to refund; without it, the newest ones within the window. */
      readonly topupId?: string | undefined;
    },
  ) {
    super();
  }
}

/**
 * Approves a refund and sends it; the same person again changes nothing. Refused: `refund_not_found`, `refund_closed`, `refund_approved` (by
 * somebody else), `refund_made_at_stripe`, `second_person_needed`.
 */
export class ApproveRefund extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly approvedBy: string,
    readonly reason?: string,
  ) {
    super();
  }
}

/** Declines a refund: its credit returns to the balance, and the customer is told why. Refused: `refund_not_found`, `refund_approved`, `refund_closed`, `refund_made_at_stripe`. */
export class DeclineRefund extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly decision: { readonly declinedBy: string; readonly reason: string },
  ) {
    super();
  }
}

/** Takes back a request that nobody has decided on: its credit returns to the balance. Refused: `refund_not_found`, `refund_approved`, `refund_closed`, `refund_made_at_stripe`. */
export class WithdrawRefund extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly withdrawnBy: string,
  ) {
    super();
  }
}

/**
 * Proposes to end by hand a refund that was approved and that Stripe does not end. Refused: `refund_not_found`, `refund_not_stuck`,
 * `invalid_outcome`, `end_proposed`.
 */
export class ProposeRefundEnd extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly proposal: RefundProposal,
  ) {
    super();
  }
}

/**
 * Ends a refund as somebody else proposed. Refused: `refund_not_found`, `refund_not_stuck`, `nothing_to_approve`, `second_person_needed`,
 * `proposed_anew`.
 */
export class ApproveRefundEnd extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly approval: {
      readonly approvedBy: string;
      readonly reason?: string | undefined;
      /** Of when the proposal is that they approve; without, whatever is proposed. */
      readonly proposedAt?: string | undefined;
    },
  ) {
    super();
  }
}

/** Takes a proposal to end a refund by hand off the table. Refused: `refund_not_found`, `refund_not_stuck`. */
export class DeclineRefundEnd extends Command<void> {
  constructor(
    readonly accountId: string,
    readonly refundId: string,
    readonly decision: { readonly declinedBy: string; readonly reason: string },
  ) {
    super();
  }
}
