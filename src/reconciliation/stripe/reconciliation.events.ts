// The events of the reconciliation with Stripe, stream `reconciliation-<yyyy-mm-dd>`: what was compared of a UTC day, the items of that day
// that do not agree, and what people decided about them. They are contracts: a change of shape needs a version and an upcaster, and
// docs/events.md is generated from here.
import { z } from 'zod';
import { count, type EventOf, id, instant, minor, recordedAt as at } from '../../event-store/fields/index.js';
import { readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .describe('ISO 4217, in small letters as Stripe writes it');
const text = (description: string) => z.string().max(2_000).describe(description);

const itemId = id('the balance transaction, or the payout, by Stripe’s id');

const sums = z.strictObject({ currency, amountMinor: minor('the amount'), feeMinor: minor('the fee') });

const transaction = z.strictObject({
  balanceTransactionId: id('Stripe’s balance transaction'),
  createdAt: instant('when Stripe made it'),
  currency,
  amountMinor: minor('what came in; negative when it went out'),
  feeMinor: minor('what Stripe kept for it'),
  category: id('Stripe’s `reporting_category`'),
  sourceId: id('what is behind it at Stripe').optional(),
  paymentIntentId: id('Stripe’s payment intent').optional(),
  topupId: id('the top-up that the payment names').optional(),
});

export const RESOLUTIONS = [
  'foreign_payment',
  'stripe_fee',
  'settle_topup',
  'bank_transfer',
  'write_off',
  'explain',
] as const;

const resolution = {
  action: z
    .enum(RESOLUTIONS)
    .describe(
      'against what the difference is booked: a debt to a payer, a fee of Stripe’s, what a top-up left in clearing, our bank, a loss; nothing when it is only explained',
    ),
  topupId: id('the top-up it belongs to').optional(),
  reason: text('why'),
  evidence: text('where it is shown: a ticket, a letter, a page at Stripe').optional(),
  requestedBy: id('who asked for it: a user id'),
};

export const reconciliationEventSchemas = {
  StripeDayCompared: z
    .strictObject({
      day: z.iso.date().describe('the UTC day'),
      source: z.enum(['api', 'csv']).describe('where Stripe’s side is from'),
      by: id('who compared it; none for the daily job').optional(),
      counts: z
        .strictObject({
          matched: count('items that agree'),
          pending: count('items too young to judge'),
          ours_only: count('items that only the ledger has'),
          theirs_only: count('items that only Stripe has'),
          differs: count('items whose amounts differ'),
          resolved: count('items that people have decided about'),
        })
        .describe('the items of the day'),
      totals: z
        .array(
          z.strictObject({
            currency,
            openingMinor: minor('Stripe’s balance at the start of the day').optional(),
            activityMinor: minor('what the day changed at Stripe'),
            closingMinor: minor('Stripe’s balance at the end of the day').optional(),
            ledgerMinor: minor('the ledger’s balance at the end of the day, by Stripe’s dates'),
            explainedMinor: minor('by how much open items let Stripe’s balance exceed the ledger’s'),
          }),
        )
        .describe('the balance in each currency; Stripe’s is absent where a report does not tell it'),
      at,
    })
    .describe('A day of our account at Stripe was compared with the ledger.'),
  ReconciliationItemOpened: z
    .strictObject({
      itemId,
      status: z.enum(['pending', 'ours_only', 'theirs_only', 'differs']).describe('how the sides stand'),
      date: instant('when it happened, by Stripe where Stripe has it'),
      theirs: z.array(transaction).describe('what Stripe has'),
      ours: z.array(sums).describe('what the ledger has'),
      differences: z
        .array(
          z.strictObject({
            field: z.enum(['currency', 'amount', 'fee']).describe('what differs'),
            currency: z.string().max(50).describe('in which currency'),
            ours: z.string().max(50).describe('what the ledger has; amounts in minor units'),
            theirs: z.string().max(50).describe('what Stripe has'),
          }),
        )
        .describe('where both sides have it'),
      corrections: z.array(sums).describe('by how much Stripe exceeds the ledger'),
      at,
    })
    .describe('An item does not agree, or no longer in the same way.'),
  ReconciliationItemMatched: z
    .strictObject({
      itemId,
      theirs: z.array(transaction).describe('what Stripe has').optional(),
      ours: z.array(sums).describe('what the ledger has').optional(),
      at,
    })
    .describe('An open item agrees now.'),

  ResolutionRequested: z
    .strictObject({ itemId, ...resolution, at })
    .describe('Somebody proposes how to close an open item.'),
  ResolutionApproved: z
    .strictObject({
      itemId,
      ...resolution,
      approvedBy: id('who else approved it: a user id'),
      approvalReason: text('why they approved it; absent where they were not asked').optional(),
      date: instant('when the item happened'),
      corrections: z.array(sums).describe('what is booked, so that the ledger agrees with Stripe'),
      balanceTransactionId: id('Stripe’s balance transaction').optional(),
      payoutId: id('Stripe’s payout').optional(),
      at,
    })
    .describe('A second person agreed: the item is closed, and its difference booked.'),
  ResolutionDeclined: z
    .strictObject({ itemId, declinedBy: id('who declined it: a user id'), reason: text('why'), at })
    .describe('The proposal is off; the item stays open.'),
};

type Schemas = typeof reconciliationEventSchemas;
export type ReconciliationEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type ReconciliationEvent = EventOf<Schemas>;

export type ResolutionAction = (typeof RESOLUTIONS)[number];
export type ItemSides = Omit<ReconciliationEventData<'ReconciliationItemOpened'>, 'itemId' | 'at'>;
/** What the sides of an item have when they agree. */
export type Agreement = Pick<ItemSides, 'theirs' | 'ours'>;
export type Comparison = Omit<ReconciliationEventData<'StripeDayCompared'>, 'at'>;

const STREAM = /^reconciliation-(\d{4}-\d{2}-\d{2})$/;

export const reconciliationStream = (day: string): string => `reconciliation-${day}`;

/** The day of a stream; undefined for a stream of another kind. */
export const dayOfReconciliation = (stream: string): string | undefined => STREAM.exec(stream)?.[1];

/** Convert older shapes of these events to the present ones, step by step. */
export const reconciliationUpcasters: Upcasters = {};

export const readReconciliationEvent = (recorded: RecordedEvent) =>
  readEvent(reconciliationUpcasters, recorded) as ReconciliationEvent;
