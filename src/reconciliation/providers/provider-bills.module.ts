import { Module } from '@nestjs/common';
import { LedgerModule } from '../../ledger/index.js';
import { JobsModule } from '../../platform/jobs/index.js';
import { JobFiles } from '../job-files.js';
import { BillImportJob } from './bill-import-job.js';
import { ProviderBillsController } from './http/provider-bills.controller.js';
import { ProviderBills } from './provider-bills.js';

/** What the gateway and the command line share. */
@Module({ providers: [ProviderBills], exports: [ProviderBills] })
export class ProviderBillsCoreModule {}

/** Bills of providers in a gateway. */
@Module({
  imports: [ProviderBillsCoreModule, LedgerModule, JobsModule],
  controllers: [ProviderBillsController],
  providers: [BillImportJob, JobFiles],
})
export class ProviderBillsModule {}
