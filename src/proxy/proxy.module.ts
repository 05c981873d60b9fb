import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/index.js';
import { LedgerModule } from '../ledger/index.js';
import { CallTimesModule } from '../platform/call-times/index.js';
import { CONFIG, type Config } from '../platform/config.js';
import { partOfMemory } from '../platform/http/index.js';
import { PlatformModule } from '../platform/index.js';
import { PricingModule } from '../pricing/index.js';
import { Billing } from './billing/billing.js';
import { Settler } from './billing/settler.js';
import { Admissions } from './call/admissions.js';
import { CallLog } from './call/call-log.js';
import { CallPipeline } from './call/call-pipeline.js';
import { InFlight } from './call/in-flight.js';
import { RateLimits } from './call/rate-limits.js';
import { ModelCallsController } from './endpoints/model-calls.controller.js';
import { TokenCountsController } from './endpoints/token-counts.controller.js';
import { ModelDirectory } from './models/model-directory.js';
import { ModelsController } from './models/models.controller.js';
import { AnswerMemory } from './providers/answer-memory.js';
import { Circuits } from './providers/circuits.js';
import { ProviderCalls } from './providers/provider-calls.js';

/** The data plane: everything under /v1. */
@Module({
  imports: [CallTimesModule, LedgerModule, KeysModule, PricingModule, PlatformModule],
  controllers: [ModelCallsController, TokenCountsController, ModelsController],
  providers: [
    Admissions,
    {
      provide: AnswerMemory,
      useFactory: ({ ANSWERS_UNDER_WAY_BYTES: bytes }: Config) => new AnswerMemory(bytes ?? partOfMemory()),
      inject: [CONFIG],
    },
    Billing,
    CallLog,
    CallPipeline,
    Circuits,
    InFlight,
    ModelDirectory,
    ProviderCalls,
    RateLimits,
    Settler,
  ],
  exports: [Circuits, ModelDirectory, ProviderCalls],
})
export class ProxyModule {}
