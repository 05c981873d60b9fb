import { Module } from '@nestjs/common';
import { PlatformModule } from '../../platform/index.js';
import { EmailSender } from '../../payments/index.js';
import { ReconciliationCoreModule } from '../reconciliation-core.module.js';
import { FinanceMail } from '../stripe/finance-mail.js';
import { ReconciliationWorker } from '../stripe/reconciliation-worker.js';
import { ReconciliationController } from './reconciliation.controller.js';

/** The reconciliation in a gateway. */
@Module({
  imports: [ReconciliationCoreModule, PlatformModule],
  controllers: [ReconciliationController],
  providers: [ReconciliationWorker, FinanceMail, EmailSender],
})
export class ReconciliationModule {}
