import { Stripe } from 'stripe';
import { PaymentNotices, PaymentProvider, SavedCards } from '../../payments/index.js';
import { CONFIG, type Config } from '../../platform/config.js';
import { StripeBalance } from '../../reconciliation/index.js';
import { STRIPE_ACCOUNT, type StripeAccount } from './stripe-account.js';
import { StripeCards } from './stripe-cards.js';
import { stripeClient } from './stripe-client.js';
import { StripeNotices } from './stripe-notices.js';
import { StripePayments } from './stripe-payments.js';
import { StripeStatement } from './stripe-statement.js';

/** The payment ports by Stripe, for a module that provides the STRIPE_ACCOUNT. */
export const STRIPE_PROVIDERS = [
  {
    provide: Stripe,
    useFactory: ({ secretKey, apiUrl }: StripeAccount, { HTTPS_PROXY }: Config) =>
      stripeClient(secretKey, apiUrl, HTTPS_PROXY !== undefined),
    inject: [STRIPE_ACCOUNT, CONFIG],
  },
  { provide: PaymentProvider, useClass: StripePayments },
  { provide: SavedCards, useClass: StripeCards },
  { provide: StripeBalance, useClass: StripeStatement },
  { provide: PaymentNotices, useClass: StripeNotices },
];
