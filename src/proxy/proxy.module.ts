import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { OperationsModule } from '../operations/index.js';
import { PricingModule } from '../pricing/index.js';
import { AccountController } from './account.controller.js';
import { BearerGuard, FreshBearerGuard } from './bearer.guard.js';
import { Billing } from './billing.js';
import { CallLog } from './call-log.js';
import { Calls } from './calls.js';
import { Circuits } from './circuits.js';
import { ChargesController } from './charges.controller.js';
import { InFlight } from './in-flight.js';
import { ModelCallsController } from './model-calls.controller.js';
import { ModelDirectory } from './model-directory.js';
import { ModelsController } from './models.controller.js';
import { RateLimits } from './rate-limits.js';
import { Settler } from './settler.js';
import { TokenCounts } from './token-counts.js';
import { TokenCountsController } from './token-counts.controller.js';

/** The data plane: everything under /v1. */
@Module({
  imports: [LedgerModule, KeysModule, PricingModule, OperationsModule],
  controllers: [ModelCallsController, TokenCountsController, ModelsController, AccountController, ChargesController],
  providers: [
    BearerGuard,
    FreshBearerGuard,
    Billing,
    CallLog,
    Calls,
    Circuits,
    InFlight,
    ModelDirectory,
    RateLimits,
    Settler,
    TokenCounts,
  ],
  exports: [ModelDirectory],
})
export class ProxyModule {}
