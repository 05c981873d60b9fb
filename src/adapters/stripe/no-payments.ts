import { ConfigurationError } from '../../platform/config.js';
import { PaymentNotices, PaymentProvider } from '../../payments/index.js';

const unconfigured = (): never => {
  throw new ConfigurationError(
    'STRIPE_SECRET_KEY is not set. The sandbox that takes payments without it lives inside a gateway: only that can ask it.',
  );
};

/** Stands where the command line has no Stripe to talk to: all else works without. */
export class NoPayments extends PaymentProvider {
  override readonly methods = [];
  override openCheckout = unconfigured;
  override payment = unconfigured;
  override orderOf = unconfigured;
  override refund = unconfigured;
  override payout = unconfigured;
}

export class NoNotices extends PaymentNotices {
  override read = unconfigured;
  override missedSince = unconfigured;
}
