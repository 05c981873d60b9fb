import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PeriodicWorkers } from '../../platform/index.js';
import { InvoiceIssuer } from '../invoices/invoice-issuer.js';
import { EmailWorker } from '../emails/email-worker.js';
import { BalanceAlertWorker } from '../alerts/balance-alert-worker.js';
import { AutomaticTopupWorker } from '../orders/automatic-topup-worker.js';
import { NoticeRecovery } from '../sync/notice-recovery.js';
import { PaymentSweeper, SWEEP_EVERY_MS } from './payment-sweeper.js';

const RECOVER_EVERY_MS = 10 * 60_000;
/** Short, because customers wait for the result. */
const LOOK_EVERY_MS = 5_000;

/** Starts the periodic work on payments, which every gateway does. */
@Injectable()
export class PaymentWorkers implements OnApplicationBootstrap {
  constructor(
    private readonly workers: PeriodicWorkers,
    private readonly sweeper: PaymentSweeper,
    private readonly recovery: NoticeRecovery,
    private readonly automatic: AutomaticTopupWorker,
    private readonly alerts: BalanceAlertWorker,
    private readonly emails: EmailWorker,
    private readonly invoices: InvoiceIssuer,
  ) {}

  onApplicationBootstrap(): void {
    this.workers.start({
      name: 'following up undelivered notices',
      everyMs: RECOVER_EVERY_MS,
      turn: (signal) => this.recovery.recover({ signal }),
    });
    this.workers.start({
      name: 'asking about payments',
      everyMs: SWEEP_EVERY_MS,
      firstAfterMs: SWEEP_EVERY_MS,
      turn: (signal) => this.sweeper.sweep(signal),
    });
    this.workers.start({
      name: 'looking at balances',
      everyMs: LOOK_EVERY_MS,
      firstAfterMs: LOOK_EVERY_MS,
      turn: (signal) => this.automatic.look(signal),
    });
    this.workers.start({
      name: 'looking for low balances',
      everyMs: LOOK_EVERY_MS,
      firstAfterMs: LOOK_EVERY_MS,
      turn: (signal) => this.alerts.look(signal),
    });
    this.workers.start({
      name: 'issuing invoices',
      everyMs: LOOK_EVERY_MS,
      turn: (signal) => this.invoices.look(signal),
    });
    // The first turn comes at once: customers get emails about everything from the first start on.
    this.workers.start({
      name: 'sending emails',
      everyMs: LOOK_EVERY_MS,
      turn: (signal) => this.emails.look(signal),
    });
  }
}
