import { ConfigurationError } from '../../platform/config.js';
import { PaymentNotices, PaymentProvider } from '../../payments/index.js';
import { StripeBalance } from '../../reconciliation/index.js';

const unconfigured = (): never => {
  throw new ConfigurationError(
    'STRIPE_SECRET_KEY is not set. Without it, payments are in the sandbox inside a gateway, which only that gateway can ask.',
  );
};

/** For a command line without a Stripe account: only commands that need one fail. */
export class NoPayments extends PaymentProvider {
  override readonly methods = [];
  override openCheckout = unconfigured;
  override closeCheckout = unconfigured;
  override payment = unconfigured;
  override orderOf = unconfigured;
  override refund = unconfigured;
  override payout = unconfigured;
}

export class NoBalance extends StripeBalance {
  override transactions = unconfigured;
  override find = unconfigured;
  override anchor = unconfigured;
}

export class NoNotices extends PaymentNotices {
  override read = unconfigured;
  override missedSince = unconfigured;
}
