// The names under which Stripe knows what an event books, so that an entry of the journal can be found there.
import type { RecordedEvent } from '../event-store/index.js';

/** The fields of events that hold an id of Stripe's, by what the journal calls them. */
const FIELDS = {
  balance_transaction: 'balanceTransactionId',
  payment_intent: 'paymentIntentId',
  payout: 'payoutId',
  refund: 'stripeRefundId',
  dispute: 'disputeId',
} as const;

export type StripeIds = { readonly [Name in keyof typeof FIELDS]?: string };

/** Stripe's ids in an event of any stream; empty when it has none. */
export const stripeIdsOf = ({ data }: Pick<RecordedEvent, 'data'>): StripeIds =>
  Object.fromEntries(
    Object.entries(FIELDS).flatMap(([name, field]) => {
      const id = data[field];
      return typeof id === 'string' ? [[name, id]] : [];
    }),
  );
