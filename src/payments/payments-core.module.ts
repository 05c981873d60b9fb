import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../platform/config.js';
import { EventStore } from '../event-store/index.js';
import { Clock, newId } from '../kernel/index.js';
import { Accounts, LedgerModule } from '../ledger/index.js';
import { AutomaticTopups } from './automatic/automatic-topups.js';
import { NoticeRecovery } from './sync/notice-recovery.js';
import {
  ApproveRefundHandler,
  DeclineRefundHandler,
  RequestRefundHandler,
  SyncTopupHandler,
} from './payments.handlers.js';
import { PaymentProvider } from './provider/payment-provider.js';
import { PaymentSync } from './sync/payment-sync.js';
import { Payouts } from './payouts/payouts.js';
import { RefundRequests } from './refunds/refund-requests.js';
import { RefundSender } from './refunds/refund-sender.js';
import { Topups } from './topups/topups.js';

/** Payments without their HTTP and their workers: what a gateway and the command line share. */
@Module({
  imports: [LedgerModule],
  providers: [
    {
      provide: AutomaticTopups,
      useFactory: (store: EventStore) => new AutomaticTopups(store, newId),
      inject: [EventStore],
    },
    { provide: Payouts, useFactory: (store: EventStore) => new Payouts(store), inject: [EventStore] },
    { provide: Topups, useFactory: (store: EventStore) => new Topups(store), inject: [EventStore] },
    {
      provide: PaymentSync,
      useFactory: (
        topups: Topups,
        payouts: Payouts,
        accounts: Accounts,
        provider: PaymentProvider,
        clock: Clock,
        automatic: AutomaticTopups,
      ) => new PaymentSync(topups, payouts, accounts, provider, clock, automatic),
      inject: [Topups, Payouts, Accounts, PaymentProvider, Clock, AutomaticTopups],
    },
    {
      provide: RefundSender,
      useFactory: (topups: Topups, accounts: Accounts, provider: PaymentProvider, sync: PaymentSync, clock: Clock) =>
        new RefundSender(topups, accounts, provider, sync, clock),
      inject: [Topups, Accounts, PaymentProvider, PaymentSync, Clock],
    },
    {
      provide: RefundRequests,
      useFactory: (accounts: Accounts, clock: Clock, config: Config) =>
        new RefundRequests(accounts, clock, config.REFUND_WINDOW_DAYS),
      inject: [Accounts, Clock, CONFIG],
    },
    NoticeRecovery,
    ApproveRefundHandler,
    DeclineRefundHandler,
    RequestRefundHandler,
    SyncTopupHandler,
  ],
  exports: [LedgerModule, AutomaticTopups, Topups, PaymentSync, RefundSender, NoticeRecovery],
})
export class PaymentsCoreModule {}
