import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { BooksCoreModule } from '../books/index.js';
import { LedgerModule } from '../ledger/index.js';
import { PlatformModule } from '../platform/index.js';
import { FinanceOverviewController } from './overview.controller.js';
import { Overviews } from './overview.js';
import { PeopleController } from './people.controller.js';
import { SearchController } from './search.controller.js';
import { FinanceSearch } from './search.js';

/** What finance sees over payments, reconciliation and books together. */
@Module({
  imports: [BooksCoreModule, LedgerModule, PlatformModule, CqrsModule],
  controllers: [FinanceOverviewController, SearchController, PeopleController],
  providers: [Overviews, FinanceSearch],
})
export class FinanceModule {}
