import { Module } from '@nestjs/common';
import { EventStore, ReadModelStore, WaitFor } from '../event-store/index.js';
import {
  AdjustBalanceHandler,
  ChargeByHandHandler,
  CloseAccountHandler,
  GetAccountHandler,
  GrantCreditHandler,
  OpenAccountHandler,
  ReinstateAccountHandler,
  SuspendAccountHandler,
} from './accounts.handlers.js';
import { Accounts } from './accounts.js';
import { ServerClock } from './sound-clock.js';

@Module({
  providers: [
    {
      provide: Accounts,
      useFactory: (store: EventStore, readModels: ReadModelStore, clock?: ServerClock) =>
        new Accounts(store, readModels, {}, clock),
      inject: [EventStore, ReadModelStore, { token: ServerClock, optional: true }],
    },
    {
      provide: WaitFor,
      useFactory: (store: EventStore, readModels: ReadModelStore) => new WaitFor(store, readModels),
      inject: [EventStore, ReadModelStore],
    },
    OpenAccountHandler,
    GrantCreditHandler,
    AdjustBalanceHandler,
    ChargeByHandHandler,
    SuspendAccountHandler,
    ReinstateAccountHandler,
    CloseAccountHandler,
    GetAccountHandler,
  ],
  exports: [Accounts, WaitFor],
})
export class LedgerModule {}
