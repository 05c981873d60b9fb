import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { Reconciler } from './stripe/reconciler.js';
import { Reconciliations } from './stripe/reconciliations.js';

/** The part of the reconciliation that the gateway and the command line share: no HTTP, no workers. */
@Module({
  imports: [LedgerModule],
  providers: [Reconciler, Reconciliations],
  exports: [LedgerModule, Reconciler, Reconciliations],
})
export class ReconciliationCoreModule {}
