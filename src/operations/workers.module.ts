import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { CreditExpirer } from './credit-expirer.js';
import { HealthController } from './health.controller.js';
import { HoldSweeper } from './hold-sweeper.js';
import { OperationsModule } from './operations.module.js';
import { ProjectionRunner } from './projection-runner.js';

/** What runs in a gateway beside its calls, and tells how it does. */
@Module({
  imports: [LedgerModule, OperationsModule],
  controllers: [HealthController],
  providers: [CreditExpirer, HoldSweeper, ProjectionRunner],
})
export class WorkersModule {}
