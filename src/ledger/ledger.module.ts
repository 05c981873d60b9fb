import { Module } from '@nestjs/common';
import { EventStore, ReadModelStore, WaitFor } from '../event-store/index.js';
import {
  AdjustBalanceHandler,
  CloseAccountHandler,
  GetAccountHandler,
  GrantCreditHandler,
  OpenAccountHandler,
  ReinstateAccountHandler,
  SuspendAccountHandler,
} from './accounts.handlers.js';
import { Accounts } from './accounts.js';

@Module({
  providers: [
    Accounts,
    {
      provide: WaitFor,
      useFactory: (store: EventStore, readModels: ReadModelStore) => new WaitFor(store, readModels),
      inject: [EventStore, ReadModelStore],
    },
    OpenAccountHandler,
    GrantCreditHandler,
    AdjustBalanceHandler,
    SuspendAccountHandler,
    ReinstateAccountHandler,
    CloseAccountHandler,
    GetAccountHandler,
  ],
  exports: [Accounts, WaitFor],
})
export class LedgerModule {}
