import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { LedgerModule } from '../../ledger/index.js';
import { JobsModule } from '../../platform/jobs/index.js';
import { PlatformModule } from '../../platform/index.js';
import { BooksCoreModule } from '../books-core.module.js';
import { BooksController } from './books.controller.js';
import { CloseJob } from './close-job.js';
import { PeriodsController } from './periods.controller.js';

/** The books in a gateway. */
@Module({
  imports: [BooksCoreModule, LedgerModule, PlatformModule, JobsModule, CqrsModule],
  controllers: [BooksController, PeriodsController],
  providers: [CloseJob],
})
export class BooksModule {}
