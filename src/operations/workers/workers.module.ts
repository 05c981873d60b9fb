import { Module } from '@nestjs/common';
import { LedgerModule } from '../../ledger/index.js';
import { ClockWatch } from './clock-watch.js';
import { CreditExpirer } from './credit-expirer.js';
import { HealthController } from '../health/health.controller.js';
import { HoldSweeper } from './hold-sweeper.js';
import { PlatformModule } from '../../platform/index.js';
import { PriceListRefresh } from './price-list-refresh.js';
import { PricingModule } from '../../pricing/index.js';
import { ProjectionRunner } from './projection-runner.js';
import { KEPT_PROJECTIONS, PROJECTIONS } from '../projections.js';

/** What runs in a gateway beside its calls, and tells how it does. */
@Module({
  imports: [LedgerModule, PlatformModule, PricingModule],
  controllers: [HealthController],
  providers: [
    ClockWatch,
    CreditExpirer,
    HoldSweeper,
    PriceListRefresh,
    ProjectionRunner,
    { provide: KEPT_PROJECTIONS, useValue: PROJECTIONS },
  ],
})
export class WorkersModule {}
