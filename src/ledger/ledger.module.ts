import { Module } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../event-store/index.js';
import { Accounts } from './accounts.js';

@Module({
  providers: [
    {
      provide: Accounts,
      useFactory: (store: EventStore, readModels: ReadModelStore) => new Accounts(store, readModels),
      inject: [EventStore, ReadModelStore],
    },
  ],
  exports: [Accounts],
})
export class LedgerModule {}
