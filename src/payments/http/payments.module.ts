import { FinanceInvoicesController } from './finance-invoices.controller.js';
import { InvoiceIssuer } from '../invoices/invoice-issuer.js';
import { InvoiceReads } from './invoice-reads.js';
import { InvoicesController } from './invoices.controller.js';
import { Module } from '@nestjs/common';
import { PlatformModule } from '../../platform/index.js';
import { AutomaticCharges } from '../orders/automatic-charges.js';
import { BalanceAlertController } from './balance-alert.controller.js';
import { BalanceAlertWorker } from '../alerts/balance-alert-worker.js';
import { AutomaticTopupWorker } from '../orders/automatic-topup-worker.js';
import { EmailFacts } from '../emails/email-facts.js';
import { EmailSender } from '../emails/email-sender.js';
import { EmailWorker } from '../emails/email-worker.js';
import { PaymentSweeper } from '../workers/payment-sweeper.js';
import { PaymentWorkers } from '../workers/payment-workers.js';
import { PaymentsCoreModule } from '../payments-core.module.js';
import { CancelTopupHandler, OrderTopupHandler } from '../orders/orders.handlers.js';
import { Checkouts } from '../orders/checkouts.js';
import { TopupSettings } from '../orders/topup-settings.js';
import { TopupOrders } from '../orders/topup-orders.js';
import { AutomaticTopupController } from './automatic-topup.controller.js';
import { FinanceDisputesController } from './finance-disputes.controller.js';
import { FinanceReads } from './finance-reads.js';
import { FinanceRefundsController } from './finance-refunds.controller.js';
import { FinanceTopupsController } from './finance-topups.controller.js';
import { OperatorPaymentsController } from './operator-payments.controller.js';
import { PaymentReads } from './payment-reads.js';
import { RefundCases } from './refund-cases.js';
import { RefundsController } from './refunds.controller.js';
import { ReceiptController } from './receipt.controller.js';
import { TopupsController } from './topups.controller.js';
import { WebhookController } from './webhook.controller.js';

/** Top-ups, refunds and disputes in a gateway. */
@Module({
  imports: [PaymentsCoreModule, PlatformModule],
  controllers: [
    TopupsController,
    AutomaticTopupController,
    BalanceAlertController,
    ReceiptController,
    RefundsController,
    FinanceRefundsController,
    FinanceDisputesController,
    FinanceTopupsController,
    InvoicesController,
    FinanceInvoicesController,
    OperatorPaymentsController,
    WebhookController,
  ],
  providers: [
    TopupSettings,
    TopupOrders,
    Checkouts,
    AutomaticCharges,
    EmailFacts,
    AutomaticTopupWorker,
    BalanceAlertWorker,
    OrderTopupHandler,
    CancelTopupHandler,
    PaymentReads,
    FinanceReads,
    RefundCases,
    InvoiceReads,
    InvoiceIssuer,
    PaymentSweeper,
    PaymentWorkers,
    EmailSender,
    EmailWorker,
  ],
})
export class PaymentsModule {}
