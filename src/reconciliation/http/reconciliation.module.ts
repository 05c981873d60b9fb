import { Module } from '@nestjs/common';
import { PlatformModule } from '../../platform/index.js';
import { EmailSender } from '../../payments/index.js';
import { ReconciliationCoreModule } from '../reconciliation-core.module.js';
import { JobsModule } from '../../platform/jobs/index.js';
import { JobFiles } from '../job-files.js';
import { StripeComparisonJob } from '../stripe/comparison-job.js';
import { FinanceMail } from '../stripe/finance-mail.js';
import { ReconciliationWorker } from '../stripe/reconciliation-worker.js';
import { ReconciliationController } from './reconciliation.controller.js';

/** The reconciliation in a gateway. */
@Module({
  imports: [ReconciliationCoreModule, PlatformModule, JobsModule],
  controllers: [ReconciliationController],
  providers: [ReconciliationWorker, StripeComparisonJob, JobFiles, FinanceMail, EmailSender],
})
export class ReconciliationModule {}
