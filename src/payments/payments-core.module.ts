import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { BalanceAlerts } from './alerts/balance-alerts.js';
import { AutomaticTopups } from './automatic/automatic-topups.js';
import { NoticeRecovery } from './sync/notice-recovery.js';
import {
  ApproveRefundHandler,
  DeclineRefundHandler,
  RequestRefundHandler,
  WithdrawRefundHandler,
} from './refunds/refunds.handlers.js';
import {
  ApproveRefundEndHandler,
  DeclineRefundEndHandler,
  ProposeRefundEndHandler,
} from './refunds/stuck-refunds.handlers.js';
import { SyncTopupHandler } from './sync/sync-topup.js';
import { PaymentSync } from './sync/payment-sync.js';
import { Webhooks } from './sync/webhooks.js';
import { Payouts } from './payouts/payouts.js';
import { RefundSettings } from './refunds/refund-settings.js';
import { RefundSender } from './refunds/refund-sender.js';
import { Topups } from './topups/topups.js';

/** The part of payments that the gateway and the command line share: no HTTP, no workers. */
@Module({
  imports: [LedgerModule],
  providers: [
    AutomaticTopups,
    BalanceAlerts,
    Payouts,
    Topups,
    PaymentSync,
    RefundSender,
    RefundSettings,
    NoticeRecovery,
    Webhooks,
    ApproveRefundHandler,
    DeclineRefundHandler,
    RequestRefundHandler,
    WithdrawRefundHandler,
    ProposeRefundEndHandler,
    ApproveRefundEndHandler,
    DeclineRefundEndHandler,
    SyncTopupHandler,
  ],
  exports: [
    LedgerModule,
    AutomaticTopups,
    BalanceAlerts,
    Topups,
    PaymentSync,
    RefundSender,
    RefundSettings,
    NoticeRecovery,
    Webhooks,
  ],
})
export class PaymentsCoreModule {}
