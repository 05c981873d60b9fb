import { Module } from '@nestjs/common';
import { PlatformModule } from '../../platform/index.js';
import { SealWorker } from '../seal-worker.js';
import { SealStatuses } from '../integrity.js';
import { SealsModule } from '../seals.module.js';
import { CheckpointsController } from './checkpoints.controller.js';
import { IntegrityController } from './integrity.controller.js';
import { LogController } from './log.controller.js';

/** Seals the ledger of a gateway, and shows its checkpoints. */
@Module({
  imports: [SealsModule, PlatformModule],
  controllers: [LogController, CheckpointsController, IntegrityController],
  providers: [SealWorker, SealStatuses],
  exports: [SealsModule, SealWorker],
})
export class SealingModule {}
