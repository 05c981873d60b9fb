import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccountModule } from './account/index.js';
import { GoogleModule } from './adapters/google/google.module.js';
import { MailModule } from './adapters/mail/mail.module.js';
import { configuredChannels } from './adapters/configuration/channel-config.js';
import { configuredCatalogue } from './adapters/configuration/model-config.js';
import { ProvidersModule } from './adapters/providers/providers.module.js';
import { checkSandboxes } from './adapters/sandboxes/check-sandboxes.js';
import { GatewayStoresModule } from './adapters/stores/gateway-stores.module.js';
import { StoresModule } from './adapters/stores/stores.module.js';
import { StripeModule } from './adapters/stripe/stripe.module.js';
import type { Config } from './platform/config.js';
import { DashboardModule } from './dashboard/index.js';
import { BooksModule } from './books/http/index.js';
import { FinanceModule } from './finance/index.js';
import { DemoModule } from './demo/index.js';
import { IdentityModule } from './identity/index.js';
import { OpenApiModule } from './platform/openapi/index.js';
import { PaymentsModule } from './payments/http/index.js';
import { ProviderBillsModule } from './reconciliation/index.js';
import { OperationsModule } from './operations/index.js';
import { ProxyModule } from './proxy/index.js';
import { SealingModule } from './seals/http/index.js';
import { ReconciliationModule } from './reconciliation/http/index.js';

/** A gateway: its features over the configured stores, providers, mail and payments. */
@Module({})
export class AppModule {
  /** @throws ConfigurationError */
  static with(config: Config): DynamicModule {
    checkSandboxes(config, configuredChannels(config, configuredCatalogue(config)));
    const imports = [
      StoresModule.with(config),
      GatewayStoresModule,
      ProvidersModule,
      GoogleModule,
      MailModule.with(config),
      StripeModule.with(config),
      CqrsModule.forRoot(),
      IdentityModule,
      PaymentsModule,
      ReconciliationModule,
      ProviderBillsModule,
      BooksModule,
      FinanceModule,
      ProxyModule,
      AccountModule,
      SealingModule,
      OpenApiModule,
      OperationsModule,
      DemoModule,
      DashboardModule,
    ];
    return { module: AppModule, imports };
  }
}
