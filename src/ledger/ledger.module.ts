import { Module } from '@nestjs/common';
import { EventStore, ReadModelStore } from '../event-store/index.js';
import {
  AdjustBalanceHandler,
  GetAccountHandler,
  GrantCreditHandler,
  OpenAccountHandler,
  ReinstateAccountHandler,
  SuspendAccountHandler,
} from './accounts.handlers.js';
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
    AdjustBalanceHandler,
    SuspendAccountHandler,
    ReinstateAccountHandler,
    GetAccountHandler,
  ],
  exports: [Accounts],
})
export class LedgerModule {}
