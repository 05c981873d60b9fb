// The events of automatic top-ups, stream `automatic-topup-<accountId>`: the consent to charge a saved card, and the charges made
// under it. They are contracts, like the events of an account. A card is identified by Stripe's ids only; its number stays at Stripe.
import { z } from 'zod';
import { type EventOf, happenedAt as at, id } from '../../event-store/fields/index.js';
import { idAfter, readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

const usd = (text: string) =>
  z
    .string()
    .regex(/^\d+\.\d{2,12}$/)
    .describe(`${text} (USD, exact decimal)`);
const currency = z.enum(['usd', 'cny']).describe('the currency that the card is charged in');
const card = { customerId: id('the customer at Stripe'), paymentMethodId: id('the card at Stripe') };

export const automaticTopupEventSchemas = {
  CardSaved: z
    .strictObject({ ...card, at })
    .describe('A customer let us keep a card for automatic top-ups. It takes the place of an earlier one.'),
  CardRemoved: z.strictObject({ ...card, at }).describe('The saved card may not be charged any more.'),
  AutomaticTopupSet: z
    .strictObject({
      threshold: usd('a top-up is ordered when less than this is available'),
      credit: usd('what each top-up buys'),
      monthlyCeiling: usd('the most that is bought in a UTC calendar month'),
      currency,
      at,
    })
    .describe('Automatic top-ups were switched on, or their settings replaced.'),
  AutomaticTopupStopped: z
    .strictObject({
      reason: z.enum(['switched_off', 'card_removed', 'payment_failed', 'account_closed']).describe('why'),
      at,
    })
    .describe('Automatic top-ups were switched off.'),
  AutomaticTopupOrdered: z
    .strictObject({ topupId: id('the top-up'), credit: usd('what it buys'), currency, ...card, at })
    .describe('The balance was low: the saved card is to be charged.'),
  AutomaticTopupCeilingReached: z
    .strictObject({
      month: z
        .string()
        .regex(/^\d{4}-\d\d$/)
        .describe('the UTC calendar month'),
      at,
    })
    .describe('The balance was low, but one more top-up would be more than the month may have. Once a month at most.'),
  AutomaticTopupEnded: z
    .strictObject({
      topupId: id('the top-up'),
      outcome: z.enum(['paid', 'failed']).describe('what came of it; a failed one does not count for the month'),
      at,
    })
    .describe('The payment of an automatic top-up is over.'),
  AutomaticTopupFoundPaid: z
    .strictObject({ topupId: id('the top-up'), at })
    .describe('An automatic top-up that had ended as failed was paid after all: it counts for the month of its order.'),
};

type Schemas = typeof automaticTopupEventSchemas;
export type AutomaticTopupEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type AutomaticTopupEvent = EventOf<Schemas>;

const STREAM_PREFIX = 'automatic-topup-';

export const automaticTopupStream = (accountId: string): string => `${STREAM_PREFIX}${accountId}`;

/** The account of a stream; undefined for a stream of another kind. */
export const accountOfAutomaticTopups = idAfter(STREAM_PREFIX);

/** Convert older shapes of these events to the present ones, step by step. */
export const automaticTopupUpcasters: Upcasters = {};

/** A recorded event in its present shape. */
export const readAutomaticTopupEvent = (recorded: RecordedEvent) =>
  readEvent(automaticTopupUpcasters, recorded) as AutomaticTopupEvent;
