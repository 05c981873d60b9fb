import { Module } from '@nestjs/common';
import { PlatformModule } from '../platform.module.js';
import { JobRunner } from './job-runner.js';
import { FinanceJobsController, OperatorJobsController } from './jobs.controller.js';
import { Jobs } from './jobs.js';

/** Long work behind /api. A feature that has some imports it, and registers its kinds. */
@Module({
  imports: [PlatformModule],
  controllers: [OperatorJobsController, FinanceJobsController],
  providers: [Jobs, JobRunner],
  exports: [Jobs],
})
export class JobsModule {}
