import { Module } from '@nestjs/common';
import { PlatformModule } from '../../platform/index.js';
import { ReconciliationCoreModule } from '../reconciliation-core.module.js';
import { ReconciliationWorker } from '../stripe/reconciliation-worker.js';
import { ReconciliationController } from './reconciliation.controller.js';

/** The reconciliation in a gateway. */
@Module({
  imports: [ReconciliationCoreModule, PlatformModule],
  controllers: [ReconciliationController],
  providers: [ReconciliationWorker],
})
export class ReconciliationModule {}
