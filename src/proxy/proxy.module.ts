import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { PlatformModule } from '../platform/index.js';
import { PricingModule } from '../pricing/index.js';
import { Billing } from './billing/billing.js';
import { CallLog } from './call/call-log.js';
import { Calls } from './call/calls.js';
import { Circuits } from './providers/circuits.js';
import { InFlight } from './call/in-flight.js';
import { ModelCallsController } from './endpoints/model-calls.controller.js';
import { ModelDirectory } from './providers/model-directory.js';
import { ModelsController } from './endpoints/models.controller.js';
import { RateLimits } from './call/rate-limits.js';
import { Settler } from './billing/settler.js';
import { TokenCounts } from './endpoints/token-counts.js';
import { TokenCountsController } from './endpoints/token-counts.controller.js';

/** The data plane: everything under /v1. */
@Module({
  imports: [LedgerModule, KeysModule, PricingModule, PlatformModule],
  controllers: [ModelCallsController, TokenCountsController, ModelsController],
  providers: [Billing, CallLog, Calls, Circuits, InFlight, ModelDirectory, RateLimits, Settler, TokenCounts],
  exports: [ModelDirectory],
})
export class ProxyModule {}
