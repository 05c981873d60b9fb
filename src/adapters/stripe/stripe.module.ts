// Takes payments by Stripe. Without an account, a gateway starts a sandbox that stands in for Stripe over HTTP, so payments take the real path.
import {
  type DynamicModule,
  Global,
  Inject,
  Logger,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { PaymentNotices, PaymentProvider, SavedCards } from '../../payments/index.js';
import { StripeBalance } from '../../reconciliation/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { isLiveKey, whatIsReal } from '../../platform/reality.js';
import { configuredAccount, sandboxAccount, STRIPE_ACCOUNT, type StripeAccount } from './stripe-account.js';
import { STRIPE_PROVIDERS } from './stripe-providers.js';

@Global()
@Module({})
export class StripeModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(STRIPE_ACCOUNT) private readonly account: StripeAccount,
    private readonly host: HttpAdapterHost,
    private readonly publicUrl: PublicUrl,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws ConfigurationError */
  static with(config: Config): DynamicModule {
    const account = configuredAccount(config);
    const provider =
      account === undefined
        ? { provide: STRIPE_ACCOUNT, useFactory: sandboxAccount, inject: [CONFIG] }
        : { provide: STRIPE_ACCOUNT, useValue: account };
    const exports = [PaymentProvider, PaymentNotices, SavedCards, StripeBalance];
    return { module: StripeModule, providers: [provider, ...STRIPE_PROVIDERS], exports };
  }

  /** The sandbox delivers its events to this gateway once that listens. */
  onModuleInit(): void {
    const { sandbox, webhookSecrets, secretKey } = this.account;
    if (whatIsReal(this.config).length > 0 && !isLiveKey(secretKey))
      new Logger('payments').warn(
        'STRIPE_SECRET_KEY is a test key: whoever pays with one of Stripe’s test cards gets credit for calls that providers bill you for',
      );
    const [secret] = webhookSecrets;
    if (sandbox === undefined || secret === undefined) return;
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.once('listening', () => sandbox.deliverTo(this.publicUrl.link('/webhooks/stripe'), secret));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.account.sandbox?.close();
  }
}
