import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config.js';
import { Clock, usd } from '../../kernel/index.js';
import { Accounts } from '../../ledger/index.js';
import { ReadModelStore } from '../../event-store/index.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { AutomaticCharges } from '../orders/automatic-charges.js';
import { AutomaticTopupWorker } from '../orders/automatic-topup-worker.js';
import { AutomaticTopups } from '../automatic/automatic-topups.js';
import { SavedCards } from '../provider/saved-cards.js';
import { EmailFacts } from '../emails/email-facts.js';
import { EmailSender } from '../emails/email-sender.js';
import { EmailWorker } from '../emails/email-worker.js';
import { PaymentProvider } from '../provider/payment-provider.js';
import { PaymentSweeper } from '../workers/payment-sweeper.js';
import { PaymentSync } from '../sync/payment-sync.js';
import { PaymentWorkers } from '../workers/payment-workers.js';
import { PaymentsCoreModule } from '../payments-core.module.js';
import { OrderTopupHandler } from '../payments.handlers.js';
import { TopupOrders } from '../orders/topup-orders.js';
import { Topups } from '../topups/topups.js';
import { AutomaticTopupController } from './automatic-topup.controller.js';
import { FinanceDisputesController } from './finance-disputes.controller.js';
import { FinanceRefundsController } from './finance-refunds.controller.js';
import { PaymentReads } from './payment-reads.js';
import { RefundsController } from './refunds.controller.js';
import { TopupPagesController } from './topup-pages.controller.js';
import { TopupsController } from './topups.controller.js';
import { WebhookController } from './webhook.controller.js';

/** What a dollar of credit costs in yuan where nothing is configured and no money is real. */
const SANDBOX_CNY_PER_USD = '7.20';

const settingsOf = ({ TOPUP_MAX_USD, TOPUP_CNY_PER_USD, STRIPE_SECRET_KEY }: Config) => ({
  max: usd(TOPUP_MAX_USD),
  cnyPerUsd: TOPUP_CNY_PER_USD ?? (STRIPE_SECRET_KEY === undefined ? SANDBOX_CNY_PER_USD : undefined),
});

/** Top-ups, refunds and disputes in a gateway. */
@Module({
  imports: [PaymentsCoreModule],
  controllers: [
    TopupsController,
    AutomaticTopupController,
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
        cards: SavedCards,
      ) => new TopupOrders({ topups, accounts, provider, cards, sync, publicUrl, clock }, settingsOf(config)),
      inject: [CONFIG, Topups, Accounts, PaymentProvider, PaymentSync, PublicUrl, Clock, SavedCards],
    },
    {
      provide: AutomaticCharges,
      useFactory: (
        automatic: AutomaticTopups,
        topups: Topups,
        orders: TopupOrders,
        accounts: Accounts,
        cards: SavedCards,
        sync: PaymentSync,
        clock: Clock,
        emails: EmailSender,
      ) => new AutomaticCharges({ automatic, topups, orders, accounts, cards, sync, clock, emails }),
      inject: [AutomaticTopups, Topups, TopupOrders, Accounts, SavedCards, PaymentSync, Clock, EmailSender],
    },
    {
      provide: EmailFacts,
      useFactory: (
        readModels: ReadModelStore,
        automatic: AutomaticTopups,
        publicUrl: PublicUrl,
        { REFUND_WINDOW_DAYS }: Config,
      ) => new EmailFacts(readModels, automatic, publicUrl, REFUND_WINDOW_DAYS),
      inject: [ReadModelStore, AutomaticTopups, PublicUrl, CONFIG],
    },
    AutomaticTopupWorker,
    OrderTopupHandler,
    PaymentReads,
    PaymentSweeper,
    PaymentWorkers,
    EmailSender,
    EmailWorker,
  ],
})
export class PaymentsModule {}
