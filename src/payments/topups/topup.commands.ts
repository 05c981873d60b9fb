// The commands of a top-up. Every command carries its id, its instant and everything else that a decision needs.
import type { Amount, Issued } from '../../kernel/index.js';
import type { BalanceTransaction, PaymentStatus, RefundStatus } from '../provider/payment.js';
import type { BalanceSource, Quote, TopupCurrency } from './topup.events.js';

export type TopupCommand = Issued &
  (
    | {
        readonly type: 'OrderTopup';
        readonly topupId: string;
        readonly accountId: string;
        readonly credit: Amount;
        readonly currency: TopupCurrency;
        readonly priceMinor: number;
        readonly quote?: Quote | undefined;
        readonly automatic?: boolean;
        readonly expiresAt: number;
      }
    | { readonly type: 'OpenCheckout'; readonly sessionId: string }
    | {
        /** The present state of the payment at the provider. */
        readonly type: 'ReportPayment';
        readonly status: PaymentStatus;
        /** The order that the payment names. */
        readonly orderId: string | undefined;
        readonly paymentIntentId: string | undefined;
        readonly amountMinor: number;
        readonly currency: string;
        /** The part of the amount that is tax. */
        readonly taxMinor?: number | undefined;
        readonly reason?: string | undefined;
      }
    | { readonly type: 'OrderRefund'; readonly refundId: string; readonly credit: Amount }
    | { readonly type: 'RecordRefund'; readonly stripeRefundId: string; readonly amountMinor: number }
    | {
        readonly type: 'ReportRefund';
        readonly refundId: string;
        readonly stripeRefundId?: string | undefined;
        readonly status: RefundStatus;
        readonly reason?: string | undefined;
        /** Whether people ended it, and whether it was paid from our bank. */
        readonly byHand?: boolean;
        readonly outside?: boolean;
      }
    | ({
        readonly type: 'BookBalanceTransaction';
        readonly source: BalanceSource;
        readonly clears: Amount;
        readonly unmatched?: boolean;
      } & BalanceTransaction)
    | {
        readonly type: 'WarnOfFraud';
        readonly warningId: string;
        readonly paymentIntentId: string;
        readonly fraudType: string;
      }
    | { readonly type: 'RequestCancel'; readonly by: string }
    | { readonly type: 'RequestSync'; readonly by: string; readonly reason: string }
  );
