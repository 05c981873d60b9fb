import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/index.js';
import { PaymentsCoreModule } from '../payments/index.js';
import { JobsModule } from '../platform/jobs/index.js';
import { EventFeedModule } from '../platform/event-feed/index.js';
import { PlatformModule } from '../platform/index.js';
import { PricingModule } from '../pricing/index.js';
import { ProxyModule } from '../proxy/index.js';
import { ReratingModule } from '../rerating/index.js';
import { SealingModule } from '../seals/http/index.js';
import { AccountSearch } from './accounts/account-search.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AdjustmentsController } from './accounts/adjustments.controller.js';
import { Suspensions } from './accounts/suspensions.js';
import { ExplanationsController, OwnExplanationsController } from './explain/explanations.controller.js';
import { Explanations } from './explain/explanations.js';
import { HandCharges } from './charges/hand-charges.js';
import { Health } from './health/health.js';
import { HealthController } from './health/health.controller.js';
import { KEPT_PROJECTIONS, PROJECTIONS } from './projections.js';
import { PublicPrices } from './prices/public-prices.js';
import { PublicPricesController } from './prices/public-prices.controller.js';
import { OperatorOverviewController } from './overview/overview.controller.js';
import { PriceImportsController } from './prices/price-imports.controller.js';
import { PriceListsController } from './prices/price-lists.controller.js';
import { OperatorQueue } from './queue/operator-queue.js';
import { QueueChoices } from './queue/queue-choices.js';
import { QueueHands, ViewRebuilds } from './queue/hands.js';
import { RebuildJobs } from './queue/rebuild-jobs.js';
import { QueueController } from './queue/queue.controller.js';
import { ReratingJobs } from './rerating/rerating-jobs.js';
import { PublicStatus } from './status/public-status.js';
import { StatusController } from './status/status.controller.js';
import { ProvidersController } from './status/providers.controller.js';
import { ReplayUntilJob } from './replay/replay-until-job.js';
import { ReplayJob } from './replay/replay-job.js';
import { ReplaysController } from './replay/replays.controller.js';
import { ReratingDryRunsController } from './rerating/rerating-dry-runs.controller.js';
import { ReratingsController } from './rerating/reratings.controller.js';
import { VerifyController } from './verify/verify.controller.js';
import { VerifyJob } from './verify/verify-job.js';
import { ProjectionsController } from './views/projections.controller.js';
import { ClockWatch } from './workers/clock-watch.js';
import { CreditExpirer } from './workers/credit-expirer.js';
import { HoldSweeper } from './workers/hold-sweeper.js';
import { PriceListRefresh } from './workers/price-list-refresh.js';
import { ProjectionGauges } from './workers/projection-gauges.js';
import { ProjectionRunner } from './workers/projection-runner.js';

/** What runs in a gateway beside its calls, and reports its health. */
@Module({
  imports: [
    EventFeedModule,
    JobsModule,
    LedgerModule,
    PaymentsCoreModule,
    PlatformModule,
    PricingModule,
    ProxyModule,
    SealingModule,
    ReratingModule,
  ],
  controllers: [
    HealthController,
    AccountsController,
    AdjustmentsController,
    OperatorOverviewController,
    QueueController,
    PriceListsController,
    PriceImportsController,
    ExplanationsController,
    OwnExplanationsController,
    ReratingsController,
    ReratingDryRunsController,
    VerifyController,
    ReplaysController,
    ProjectionsController,
    PublicPricesController,
    StatusController,
    ProvidersController,
  ],
  providers: [
    AccountSearch,
    ClockWatch,
    CreditExpirer,
    Explanations,
    HandCharges,
    Health,
    HoldSweeper,
    OperatorQueue,
    QueueChoices,
    QueueHands,
    { provide: ViewRebuilds, useClass: RebuildJobs },
    PriceListRefresh,
    PublicPrices,
    PublicStatus,
    ProjectionGauges,
    ProjectionRunner,
    ReratingJobs,
    ReplayJob,
    ReplayUntilJob,
    Suspensions,
    VerifyJob,
    { provide: KEPT_PROJECTIONS, useValue: PROJECTIONS },
  ],
})
export class OperationsModule {}
