import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { AccountEntries } from './account-entries.js';
import { BalanceController } from './balance.controller.js';
import { AccountChargesController } from './charges.controller.js';
import { EntriesController } from './entries.controller.js';
import { KeysController } from './keys.controller.js';
import { UsageController } from './usage.controller.js';

/** What people see and do about their own account. */
@Module({
  imports: [KeysModule, LedgerModule],
  providers: [AccountEntries],
  controllers: [KeysController, BalanceController, EntriesController, AccountChargesController, UsageController],
})
export class AccountApiModule {}
