import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { EventStore } from '../event-store/index.js';
import { Clock, usd } from '../kernel/index.js';
import { Accounts, LedgerModule } from '../ledger/index.js';
import { PublicUrl } from '../mail/index.js';
import { FinanceDisputesController } from './finance-disputes.controller.js';
import { FinanceRefundsController } from './finance-refunds.controller.js';
import { NoticeRecovery } from './notice-recovery.js';
import {
  ApproveRefundHandler,
  DeclineRefundHandler,
  OrderTopupHandler,
  RequestRefundHandler,
  SyncTopupHandler,
} from './payments.handlers.js';
import { PaymentProvider } from './payment-provider.js';
import { PaymentReads } from './payment-reads.js';
import { PaymentSweeper } from './payment-sweeper.js';
import { PaymentSync } from './payment-sync.js';
import { PaymentWorkers } from './payment-workers.js';
import { RefundRequests } from './refund-requests.js';
import { RefundSender } from './refund-sender.js';
import { RefundsController } from './refunds.controller.js';
import { TopupOrders } from './topup-orders.js';
import { TopupPagesController } from './topup-pages.controller.js';
import { TopupsController } from './topups.controller.js';
import { Topups } from './topups.js';
import { WebhookController } from './webhook.controller.js';

/** What a dollar of credit costs in yuan where nothing is configured and no money is real. */
const SANDBOX_CNY_PER_USD = '7.20';

const settingsOf = ({ TOPUP_MAX_USD, TOPUP_CNY_PER_USD, STRIPE_SECRET_KEY }: Config) => ({
  max: usd(TOPUP_MAX_USD),
  cnyPerUsd: TOPUP_CNY_PER_USD ?? (STRIPE_SECRET_KEY === undefined ? SANDBOX_CNY_PER_USD : undefined),
});

/** Payments without their HTTP and their workers: what a gateway and the command line share. */
@Module({
  imports: [LedgerModule],
  providers: [
    { provide: Topups, useFactory: (store: EventStore) => new Topups(store), inject: [EventStore] },
    {
      provide: PaymentSync,
      useFactory: (topups: Topups, accounts: Accounts, provider: PaymentProvider, clock: Clock) =>
        new PaymentSync(topups, accounts, provider, clock),
      inject: [Topups, Accounts, PaymentProvider, Clock],
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
    PaymentReads,
    ApproveRefundHandler,
    DeclineRefundHandler,
    RequestRefundHandler,
    SyncTopupHandler,
  ],
  exports: [LedgerModule, Topups, PaymentSync, RefundSender, NoticeRecovery, PaymentReads],
})
export class PaymentsCoreModule {}

/** Top-ups, refunds and disputes in a gateway. */
@Module({
  imports: [PaymentsCoreModule],
  controllers: [
    TopupsController,
    TopupPagesController,
    RefundsController,
    FinanceRefundsController,
    FinanceDisputesController,
    WebhookController,
  ],
  providers: [
    {
      provide: TopupOrders,
      useFactory: (
        config: Config,
        topups: Topups,
        accounts: Accounts,
        provider: PaymentProvider,
        sync: PaymentSync,
        publicUrl: PublicUrl,
        clock: Clock,
      ) => new TopupOrders({ topups, accounts, provider, sync, publicUrl, clock }, settingsOf(config)),
      inject: [CONFIG, Topups, Accounts, PaymentProvider, PaymentSync, PublicUrl, Clock],
    },
    OrderTopupHandler,
    PaymentSweeper,
    PaymentWorkers,
  ],
})
export class PaymentsModule {}
