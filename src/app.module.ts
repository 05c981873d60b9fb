import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { AccountModule } from './account/index.js';
import { configuredCatalogue, ProvidersModule, StoresModule } from './adapters/adapters.module.js';
import { configuredChannels } from './adapters/channel-config.js';
import { checkSandboxes } from './adapters/sandboxes.js';
import { MailModule } from './adapters/mail/mail.module.js';
import { StripeModule } from './adapters/stripe/stripe.module.js';
import type { Config } from './platform/config.js';
import { DemoModule } from './demo/index.js';
import { IdentityModule } from './identity/index.js';
import { OpenApiModule } from './openapi/index.js';
import { PaymentsModule } from './payments/http/index.js';
import { OperationsModule } from './operations/index.js';
import { ProxyModule } from './proxy/index.js';

/** A gateway: the data plane and its workers over the configured stores and providers. */
@Module({})
export class AppModule {
  /** @throws ConfigurationError */
  static with(config: Config): DynamicModule {
    checkSandboxes(config, configuredChannels(config, configuredCatalogue(config)));
    const imports = [
      StoresModule.with(config),
      ProvidersModule,
      MailModule.with(config),
      StripeModule.with(config),
      CqrsModule.forRoot(),
      IdentityModule,
      PaymentsModule,
      ProxyModule,
      AccountModule,
      OpenApiModule,
      OperationsModule,
      DemoModule,
    ];
    return { module: AppModule, imports };
  }
}
