import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { SealsModule } from '../seals/index.js';
import { BalanceController } from './balance/balance.controller.js';
import { AccountController } from './balance/v1-balance.controller.js';
import { AccountChargesController } from './charges/charges.controller.js';
import { ChargesController } from './charges/v1-charges.controller.js';
import { AccountEntries } from './entries/account-entries.js';
import { EntriesController } from './entries/entries.controller.js';
import { AccountEvents } from './events/account-events.js';
import { EventsController } from './events/events.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { StatementController } from './statements/statement.controller.js';
import { CheckerController } from './statements/checker.controller.js';
import { UsageController } from './usage/usage.controller.js';

/** What customers see and do about their own account, in `/api` with a session and in `/v1` with a key. */
@Module({
  imports: [KeysModule, LedgerModule, SealsModule],
  providers: [AccountEntries, AccountEvents],
  controllers: [
    KeysController,
    BalanceController,
    EntriesController,
    EventsController,
    AccountChargesController,
    UsageController,
    StatementController,
    CheckerController,
    AccountController,
    ChargesController,
  ],
})
export class AccountModule {}
