// The closing of months, stream `books`. Events are contracts: a change of shape needs a version and an upcaster.
import { z } from 'zod';
import { type EventOf, recordedAt as at } from '../../event-store/fields/index.js';
import { readEvent, type RecordedEvent, type Upcasters } from '../../event-store/index.js';

export const BOOKS_STREAM = 'books';

const period = z
  .string()
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])$/)
  .describe('the month, UTC');
const person = (text: string) => z.string().min(1).max(200).describe(`${text}: a user id`);
const reason = z.string().min(1).max(2_000).describe('why, as they say it');

/** A proposal names so many open items; the count tells of all. */
export const MOST_NAMED_ITEMS = 100;

const openItem = z.strictObject({
  itemId: z.string().max(255).describe('Stripe’s balance transaction, or its payout'),
  status: z.string().max(20).describe('how it stood in the reconciliation'),
  date: z.string().max(30).describe('when it happened'),
  difference: z
    .array(
      z.strictObject({
        currency: z.string().length(3).describe('ISO 4217, as Stripe writes it'),
        amountMinor: z.int().describe('in minor units'),
        feeMinor: z.int().describe('in minor units'),
      }),
    )
    .max(100)
    .describe('by how much Stripe’s balance exceeds the ledger for it; none where they only name it otherwise'),
});

const oldestOpenItems = z
  .array(openItem)
  .max(MOST_NAMED_ITEMS)
  .optional()
  .describe(`the oldest of them, at most ${MOST_NAMED_ITEMS}; absent where there are none, and in older events`);

const decimal = (text: string) => z.string().max(60).describe(`${text} (exact decimal)`);

const stripeBalances = z
  .array(
    z.strictObject({
      currency: z.string().length(3).describe('ISO 4217'),
      day: z.iso.date().describe('the last day of the month of which a comparison knew Stripe’s balance'),
      stripe: decimal('Stripe’s balance at the end of that day'),
      ledger: decimal('`assets:stripe:balance` at the end of the month'),
      rest: decimal('what Stripe has and the ledger has not'),
    }),
  )
  .max(200)
  .optional()
  .describe('how the month stands to Stripe, in each currency; absent in older events');

const uncomparedDays = z
  .array(z.iso.date())
  .max(31)
  .optional()
  .describe('its days that were never compared with Stripe after they ended; absent in older events');

const line = z.strictObject({
  account: z.string().max(100).describe('the account'),
  currency: z.string().length(3).describe('ISO 4217'),
  balance: z.string().max(60).describe('debit balances positive (exact decimal)'),
});

export const booksEventSchemas = {
  CloseProposed: z
    .strictObject({
      period,
      proposedBy: person('who proposed it'),
      reason,
      openItems: z.int().nonnegative().describe('items of the reconciliation with Stripe up to then that are open'),
      oldestOpenItems,
      stripeBalances,
      uncomparedDays,
      at,
    })
    .describe('Closing a month was proposed. From here on nothing is booked into it: it is the cut-off.'),
  CloseDeclined: z
    .strictObject({ period, declinedBy: person('who declined it'), reason, at })
    .describe('A proposal was declined: what comes after this is booked into the month again.'),
  PeriodClosed: z
    .strictObject({
      period,
      proposedBy: person('who proposed it'),
      approvedBy: person('who else approved it'),
      approvalReason: reason.optional().describe('why they approved it; absent where they were not asked'),
      reason,
      openItems: z.int().nonnegative().describe('items of the reconciliation that were open at the proposal'),
      oldestOpenItems,
      stripeBalances,
      uncomparedDays,
      entries: z.int().nonnegative().describe('entries booked up to the end of the month'),
      trialBalance: z.array(line).describe('the balance of every account at the end of the month'),
      datedBy: z
        .literal('service')
        .optional()
        .describe(
          'what was booked later, but earned in the month while it was open, counts in it; absent: it does not',
        ),
      digest: z.string().length(64).describe('SHA-256 of the canonical JSON (RFC 8785) of `trialBalance`, in hex'),
      position: z
        .int()
        .nonnegative()
        .optional()
        .describe('the position of the log up to which the books were read; none before this was recorded'),
      checkpoint: z
        .string()
        .max(10_000)
        .optional()
        .describe('a signed checkpoint of the log up to that position or further; none where the ledger has no key'),
      treeSize: z.int().positive().optional().describe('how many events that checkpoint seals'),
      at,
    })
    .describe('A month was closed, for good.'),
};

type Schemas = typeof booksEventSchemas;
export type BooksEventData<T extends keyof Schemas> = z.infer<Schemas[T]>;
export type BooksEvent = EventOf<Schemas>;

/** Convert older shapes of these events to the present ones, step by step. */
export const booksUpcasters: Upcasters = {};

/** A recorded event of the books in its present shape. */
export const readBooksEvent = (recorded: RecordedEvent) => readEvent(booksUpcasters, recorded) as BooksEvent;
