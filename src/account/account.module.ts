import { Module } from '@nestjs/common';
import { UsersModule } from '../identity/index.js';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { CallTimesModule } from '../platform/call-times/index.js';
import { EventFeedModule } from '../platform/event-feed/index.js';
import { PlatformModule } from '../platform/index.js';
import { SealsModule } from '../seals/index.js';
import { BalanceController } from './balance/balance.controller.js';
import { AccountController } from './balance/v1-balance.controller.js';
import { AccountCalls } from './charges/account-calls.js';
import { AccountChargesController } from './charges/charges.controller.js';
import { ChargesController } from './charges/v1-charges.controller.js';
import { AccountEntries } from './entries/account-entries.js';
import { EntriesController } from './entries/entries.controller.js';
import { AccountEvents } from './events/account-events.js';
import { EventsController } from './events/events.controller.js';
import { KeySpending } from './keys/key-spending.js';
import { KeysController } from './keys/keys.controller.js';
import { AccountNews } from './live/account-news.js';
import { LiveController } from './live/live.controller.js';
import { LivePages } from './live/live-pages.js';
import { OverviewController } from './overview/overview.controller.js';
import { StatementController } from './statements/statement.controller.js';
import { CheckerController } from './statements/checker.controller.js';
import { OperatorAccountController } from './operator-account.controller.js';
import { UsageController } from './usage/usage.controller.js';

/** What customers see and do about their own account, in `/api` with a session and in `/v1` with a key. */
@Module({
  imports: [CallTimesModule, EventFeedModule, KeysModule, LedgerModule, PlatformModule, SealsModule, UsersModule],
  providers: [AccountCalls, AccountEntries, AccountEvents, AccountNews, KeySpending, LivePages],
  controllers: [
    KeysController,
    BalanceController,
    EntriesController,
    EventsController,
    AccountChargesController,
    LiveController,
    OverviewController,
    UsageController,
    StatementController,
    CheckerController,
    AccountController,
    ChargesController,
    OperatorAccountController,
  ],
})
export class AccountModule {}
