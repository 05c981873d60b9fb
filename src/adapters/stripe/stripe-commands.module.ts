import { type DynamicModule, Module } from '@nestjs/common';
import { PaymentNotices, PaymentProvider } from '../../payments/index.js';
import { StripeBalance } from '../../reconciliation/index.js';
import type { Config } from '../../platform/config.js';
import { checkStripeDouble } from '../sandboxes/check-sandboxes.js';
import { NoBalance, NoNotices, NoPayments } from './no-payments.js';
import { configuredAccount, STRIPE_ACCOUNT } from './stripe-account.js';

const NO_ACCOUNT = [
  { provide: PaymentProvider, useClass: NoPayments },
  { provide: PaymentNotices, useClass: NoNotices },
  { provide: StripeBalance, useClass: NoBalance },
];

/** Payments for the command line, which starts no sandbox: without an account, it refuses only what needs one, and loads no client of Stripe's. */
@Module({})
export class StripeCommandsModule {
  /** @throws ConfigurationError */
  static async with(config: Config): Promise<DynamicModule> {
    checkStripeDouble(config);
    const account = configuredAccount(config);
    const providers =
      account === undefined
        ? NO_ACCOUNT
        : [{ provide: STRIPE_ACCOUNT, useValue: account }, ...(await import('./stripe-providers.js')).STRIPE_PROVIDERS];
    return {
      module: StripeCommandsModule,
      global: true,
      providers,
      exports: [PaymentProvider, PaymentNotices, StripeBalance],
    };
  }
}
