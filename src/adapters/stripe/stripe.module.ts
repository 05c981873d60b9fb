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
import { Stripe } from 'stripe';
import { PaymentNotices, PaymentProvider, SavedCards } from '../../payments/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { PublicUrl } from '../../platform/mail/index.js';
import { isLiveKey, whatIsReal } from '../../platform/reality.js';
import { checkStripeDouble } from '../sandboxes/check-sandboxes.js';
import { NoNotices, NoPayments } from './no-payments.js';
import { configuredAccount, sandboxAccount, STRIPE_ACCOUNT, type StripeAccount } from './stripe-account.js';
import { StripeCards } from './stripe-cards.js';
import { stripeClient } from './stripe-client.js';
import { StripeNotices } from './stripe-notices.js';
import { StripePayments } from './stripe-payments.js';

const PROVIDERS = [
  {
    provide: Stripe,
    useFactory: ({ secretKey, apiUrl }: StripeAccount) => stripeClient(secretKey, apiUrl),
    inject: [STRIPE_ACCOUNT],
  },
  { provide: PaymentProvider, useClass: StripePayments },
  { provide: SavedCards, useClass: StripeCards },
  { provide: PaymentNotices, useClass: StripeNotices },
];

@Module({})
class StripeCommandsModule {}

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
    const exports = [PaymentProvider, PaymentNotices, SavedCards];
    return { module: StripeModule, providers: [provider, ...PROVIDERS], exports };
  }

  /** For the command line, which starts no sandbox: without an account, it refuses only what needs one. */
  static forCommands(config: Config): DynamicModule {
    checkStripeDouble(config);
    const exports = [PaymentProvider, PaymentNotices];
    const account = configuredAccount(config);
    const providers =
      account === undefined
        ? [
            { provide: PaymentProvider, useClass: NoPayments },
            { provide: PaymentNotices, useClass: NoNotices },
          ]
        : [{ provide: STRIPE_ACCOUNT, useValue: account }, ...PROVIDERS];
    return { module: StripeCommandsModule, global: true, providers, exports };
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
