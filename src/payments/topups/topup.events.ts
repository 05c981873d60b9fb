// The events of a top-up, stream `topup-<topupId>`: the order, and what the payment provider reported about it. They are contracts: a
// change of shape needs a version and an upcaster, and docs/events.md is generated from here. They never contain personal data, links or card data.
import { z } from 'zod';
import { currency, type EventOf, id, instant, minor, usd } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

const topupId = id('the top-up, and the lot of credit it pays for');
const paymentIntentId = id('Stripe’s payment intent');
const refundId = id('the refund');
const accountId = id('the account that ordered');
const at = instant('when we learned of it; never earlier than the event before');

/** The rate for a price in another currency: minor units of the price = cents × numerator ÷ denominator, rounded up. */
const quote = z
  .strictObject({
    numerator: z.int().positive().describe('minor units of the price'),
    denominator: z.int().positive().describe('for so many cents of credit'),
    source: z.string().max(100).describe('where the rate is from'),
    expiresAt: instant('until when it was offered'),
  })
  .describe('the rate the price was made with; none where the price is in USD');

export const topupEventSchemas = {
  TopupOrdered: z
    .strictObject({
      topupId,
      accountId: id('the account to be credited'),
      credit: usd('the credit that is bought'),
      currency: z.enum(['usd', 'cny']).describe('the currency of the price'),
      priceMinor: minor('the price').positive(),
      quote: quote.optional(),
      automatic: z.boolean().optional().describe('true when it is paid with a saved card, with no checkout'),
      expiresAt: instant('until when its checkout may be paid'),
      at,
    })
    .describe('Credit was ordered at a fixed price. Durable before anyone is asked to pay.'),
  CheckoutOpened: z
    .strictObject({ sessionId: id('Stripe’s checkout session'), at })
    .describe('The customer can pay at a checkout page of Stripe’s.'),
  PaymentPending: z
    .strictObject({ paymentIntentId, at })
    .describe('The customer has agreed to pay; the money is under way.'),
  TopupPaid: z
    .strictObject({
      paymentIntentId,
      amountMinor: minor('what was paid'),
      currency: currency('of what was paid'),
      taxMinor: minor('the part of it that is tax, as Stripe Tax says; none where that is off').positive().optional(),
      at,
    })
    .describe('The order was paid as ordered, once and for all. Its credit is the lot with its id.'),
  TopupFailed: z
    .strictObject({ reason: z.string().max(500).describe('why, as the payment provider says it'), at })
    .describe('The payment came to nothing. A payment that arrives after all still counts.'),
  TopupExpired: z.strictObject({ at }).describe('Nobody paid in time.'),
  PaymentMismatched: z
    .strictObject({
      paymentIntentId,
      field: z.enum(['order', 'payment', 'currency', 'amount']).describe('what differs from the order'),
      expected: z.string().max(255).describe('what was ordered'),
      received: z.string().max(255).describe('what was paid'),
      accountId: accountId.optional(),
      at,
    })
    .describe('Money came that is not what was ordered: nothing was credited for it; a person has to look.'),

  RefundOrdered: z
    .strictObject({
      refundId,
      credit: usd('the credit that is paid out'),
      amountMinor: minor('what of the price goes back').positive(),
      at,
    })
    .describe('What a refund pays back in the currency of the payment. Durable before Stripe is asked for it.'),
  RefundFound: z
    .strictObject({
      refundId: id('Stripe’s refund, which is our id of it too'),
      credit: usd('the credit this comes to'),
      amountMinor: minor('what of the price went back').positive(),
      at,
    })
    .describe('A refund that was made at Stripe without asking us.'),
  RefundReported: z
    .strictObject({
      refundId,
      stripeRefundId: id('Stripe’s id of it; none when Stripe refused to make it').optional(),
      status: z.enum(['pending', 'succeeded', 'failed', 'canceled']).describe('how it stands at Stripe'),
      reason: z.string().max(500).describe('why it failed').optional(),
      byHand: z.boolean().optional().describe('true when people ended it, not Stripe'),
      outside: z.boolean().optional().describe('true when it was paid from our bank, not by Stripe'),
      at,
    })
    .describe('What Stripe says of a refund. One that succeeded may still fail: the bank sent it back.'),

  BalanceTransactionBooked: z
    .strictObject({
      balanceTransactionId: id('Stripe’s balance transaction'),
      source: z
        .enum(['payment', 'refund', 'refund_failure', 'dispute', 'dispute_reversal'])
        .describe('what moved the money'),
      currency: currency('in which Stripe settles'),
      amountMinor: minor('what came in; negative when it went out'),
      feeMinor: minor('what Stripe keeps for it'),
      netMinor: minor('amount less fee: by how much our balance at Stripe changed'),
      clears: usd('what of the ledger’s Stripe clearing account it settles; negative when money went out'),
      createdAt: instant('when Stripe made it').optional(),
      unmatched: z.boolean().optional().describe('true for a payment that was not what was ordered: it clears nothing'),
      at,
    })
    .describe('What Stripe really settled. The difference to what it clears is the gain or loss of exchange.'),

  FraudWarned: z
    .strictObject({
      warningId: id('Stripe’s early fraud warning'),
      paymentIntentId,
      fraudType: z.string().max(100).describe('the kind of fraud that the card’s issuer suspects'),
      accountId: accountId.optional(),
      at,
    })
    .describe('The issuer of the card suspects fraud. A dispute often follows; a refund now avoids it.'),

  TopupCancelRequested: z
    .strictObject({ by: id('who: a user id'), at })
    .describe(
      'Its owner does not want to pay it any more: the checkout is closed. A payment that was faster still counts.',
    ),

  TopupSyncRequested: z
    .strictObject({ by: id('who: a user id'), reason: z.string().min(1).max(2_000).describe('why'), at })
    .describe('Somebody of the staff has Stripe asked how it stands. What is new follows as events of its own.'),
};

type Schemas = typeof topupEventSchemas;
export type TopupEventType = keyof Schemas;
export type TopupEventData<T extends TopupEventType> = z.infer<Schemas[T]>;
export type TopupEvent = EventOf<Schemas>;

export type Quote = NonNullable<TopupEventData<'TopupOrdered'>['quote']>;
export type TopupCurrency = TopupEventData<'TopupOrdered'>['currency'];
export type BalanceSource = TopupEventData<'BalanceTransactionBooked'>['source'];

const STREAM_PREFIX = 'topup-';

export const topupStream = (topup: string): string => `${STREAM_PREFIX}${topup}`;

/** The top-up of a stream; undefined for a stream of another kind. */
export const topupOfStream = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const topupUpcasters: Upcasters = {};

/** A recorded event of a top-up in its present shape. */
export const readTopupEvent = (recorded: RecordedEvent) => readEvent(topupUpcasters, recorded) as TopupEvent;
