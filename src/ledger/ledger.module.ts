import { Module } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../event-store/index.js';
import { GetAccountHandler, GrantCreditHandler, OpenAccountHandler } from './accounts.handlers.js';
import { Accounts } from './accounts.js';

@Module({
  providers: [
    {
      provide: Accounts,
      useFactory: (store: EventStore, readModels: ReadModelStore) => new Accounts(store, readModels),
      inject: [EventStore, ReadModelStore],
    },
    OpenAccountHandler,
    GrantCreditHandler,
    GetAccountHandler,
  ],
  exports: [Accounts],
})
export class LedgerModule {}
